"""The synthetic registry: what it makes of somebody's data.

Any plausible NIK is known and agrees with whatever is sent, so that everybody can try an enrolment. Two tables make
exceptions: a few invented people whose data are compared, and ranges of serials (a NIK's last four digits, which real
ones hardly reach) that always give the same verdict. The page at /registry shows both.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from bot.backend.shapes import Field, PersonData, Verdict

PROVINCES = frozenset(
    {*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 98)}
)
"""The first two digits of a NIK (Kepmendagri's province codes, those of 2022 included)."""


class Invented(NamedTuple):
    """Somebody who does not exist, as the registry holds them."""

    nik: str
    name: str
    birth_date: dt.date


PEOPLE = (
    Invented("3273010508909001", "Asep Contoh", dt.date(1990, 8, 5)),
    Invented("3578014703859002", "Siti Misalkan", dt.date(1985, 3, 7)),
    Invented("1271021212789003", "Togar Umpama", dt.date(1978, 12, 12)),
    Invented("7371036501959004", "Andi Rekaan", dt.date(1995, 1, 25)),
    Invented("5171042009829005", "Wayan Andaian", dt.date(1982, 9, 20)),
    Invented("9171051706009006", "Yosep Percobaan", dt.date(2000, 6, 17)),
)


class Span(NamedTuple):
    """Serials from `lowest` to `highest` that always get one verdict; "missing" ends once the fields are sent."""

    lowest: int
    highest: int
    verdict: Verdict


SPANS = (
    Span(9100, 9199, Verdict("differs", ("name",))),
    Span(9200, 9299, Verdict("differs", ("birth_date",))),
    Span(9300, 9399, Verdict("unknown_nik")),
    Span(9400, 9499, Verdict("already_member")),
    Span(9500, 9599, Verdict("missing", ("email",))),
    Span(9600, 9699, Verdict("missing", ("home_region", "work_region"))),
)

_COMPLETE = Verdict("complete")
_BY_NIK = {person.nik: person for person in PEOPLE}


def judge(data: PersonData, required: tuple[Field, ...]) -> Verdict:
    """Return the registry's verdict; `required` fields must be there whatever the registry holds."""
    if not plausible(data.nik):
        return Verdict("unknown_nik")
    held = _held(data)
    if held.verdict not in ("complete", "missing"):
        return held
    lacking = tuple(field for field in dict.fromkeys((*required, *held.fields)) if not getattr(data, field))
    return Verdict("missing", lacking) if lacking else _COMPLETE


def plausible(nik: str) -> bool:
    """Say whether 16 digits are built like a NIK: province, a day (women: plus 40) and month of birth, a serial."""
    day, month, serial = int(nik[6:8]), int(nik[8:10]), int(nik[12:])
    return int(nik[:2]) in PROVINCES and (1 <= day <= 31 or 41 <= day <= 71) and 1 <= month <= 12 and serial > 0


def _held(data: PersonData) -> Verdict:
    person = _BY_NIK.get(data.nik)
    if person is not None:
        return _compared(data, person)
    serial = int(data.nik[12:])
    return next((span.verdict for span in SPANS if span.lowest <= serial <= span.highest), _COMPLETE)


def _compared(data: PersonData, person: Invented) -> Verdict:
    same_name = _letters(data.name) == _letters(person.name)
    agreeing: tuple[tuple[Field, bool], ...] = (
        ("name", same_name),
        ("birth_date", data.birth_date == person.birth_date),
    )
    differing = tuple(field for field, agrees in agreeing if not agrees)
    return Verdict("differs", differing) if differing else _COMPLETE


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalpha())
