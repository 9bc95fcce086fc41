"""A KTP on a picture: from pieces of text to the fields of the form, what is doubtful, and what to advise.

Nothing here is ever an answer by itself: whoever sent the picture sees every field and says whether it is so.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from conversations.reading.ktp_layout import NOTHING, Box, Found, Piece, labelled, upright
from conversations.reading.ktp_number import LOOKS_LIKE, Number, best, find_number, is_sure
from conversations.reading.name import read_name
from conversations.reading.place import read_place

LIKE_LETTERS = str.maketrans("01568", "OISGB")
"""Which letter a digit is taken for in a name."""
SURE_WORDS = 0.80
"""From this score on words are seldom misread."""
OLDEST = 110

_DATE = re.compile(r"([0-9OoDQIl|SBZ]{2})[\s.\-–—/]*([0-9OoDQIl|SBZ]{2})[\s.\-–—/]*([0-9OoDQIl|SBZ]{4})(?![0-9])")
_NOT_NAME = re.compile(r"[^A-Z .,'’\-]")
_DARK, _SOFT, _FEW_PIXELS, _MIRRORED = 55.0, 60.0, 13.0, 0.02


class Look(NamedTuple):
    """How good a picture is: the light of its middle (0 to 255), how sharp its edges are (the variance of its Laplacian
    at 1,000 pixels of width), and the share of it that is blank white."""

    light: float
    sharpness: float
    glare: float


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands on a KTP, "" for what was not read: `birth_date` as ISO text, `sex` "male" or "female",
    `home_region` the code of the regency. `doubts` names fields that are suggested only."""

    nik: str = ""
    name: str = ""
    birth_place: str = ""
    birth_date: str = ""
    sex: str = ""
    address: str = ""
    home_region: str = ""
    doubts: tuple[str, ...] = ()


class Seen(NamedTuple):
    """What a picture gave: the card, or advice (one of `ADVICE`) for a better picture where there is no NIK."""

    card: Card
    advice: str = ""


ADVICE = ("dark", "glare", "blurred", "small", "cropped", "not_ktp")
"""What may be wrong with a picture; "small" is one with too few pixels, "cropped" one where part of the card is
missing."""


def read_ktp(boxes: Sequence[Box], again: str, look: Look, today: dt.date) -> Seen:
    """Read a card from the pieces of text on a picture; `again` is what a second look at the NIK's line gave."""
    pieces = upright(boxes)
    beside = labelled(pieces)
    number = _number(pieces, beside, today)
    if number is None:
        return Seen(Card(), advise(pieces, beside, look))
    born, sex = _born(beside, today), _sex(beside)
    name = _name(beside, today)
    sure = {
        "nik": is_sure(number, _again(again, today), born.date, sex, today),
        "name": name.score >= SURE_WORDS,
        "birth_date": born.sure and _agrees(number, born.date, today),
    }
    values = {"nik": number.digits, "name": name.text, "birth_date": born.date}
    doubts = tuple(field for field, value in values.items() if value and not sure[field])
    address = " ".join(beside.get("address", NOTHING).text.split())
    card = Card(number.digits, name.text, born.place, born.date, sex, address, _region(pieces, today), doubts)
    return Seen(card)


# --- the fields ------------------------------------------------------------------------------------------------------


def _number(pieces: Sequence[Piece], beside: Mapping[str, Found], today: dt.date) -> Number | None:
    labelled_one = beside.get("nik", NOTHING)
    found = find_number(labelled_one.text, labelled_one.score, today)
    return found or best(find_number(piece.text, piece.score, today) for piece in pieces)


def _again(text: str, today: dt.date) -> str:
    number = find_number(text, 1.0, today)
    return number.digits if number and not number.repaired else ""


def _name(beside: Mapping[str, Found], today: dt.date) -> Found:
    """The name as the name reader spells it; where digits were taken for letters it is doubtful."""
    text, score = beside.get("name", NOTHING)
    letters = text.upper().translate(LIKE_LETTERS)
    bare = " ".join(_NOT_NAME.sub(" ", letters).split()).strip(" .,-'")
    reading = read_name(bare, today)
    if reading.value is None:
        return NOTHING
    return Found(str(reading.value), 0.0 if letters != text.upper() else score)


class Born(NamedTuple):
    """Birth place and date (ISO text); `sure` where every digit was one."""

    place: str = ""
    date: str = ""
    sure: bool = False


def _born(beside: Mapping[str, Found], today: dt.date) -> Born:
    text, score = beside.get("birth", NOTHING)
    found = _DATE.search(text)
    if not found:
        return Born(place="")
    digits = [part.translate(LOOKS_LIKE) for part in found.groups()]
    place = " ".join(re.sub(r"[^A-Z .'\-]", " ", text[: found.start()].upper()).split()).strip(" .-'")
    try:
        date = dt.date(int(digits[2]), int(digits[1]), int(digits[0]))
    except ValueError:
        return Born(place.title())
    if not dt.timedelta(0) <= today - date <= dt.timedelta(days=OLDEST * 365):
        return Born(place.title())
    return Born(place.title(), date.isoformat(), score >= SURE_WORDS and digits == list(found.groups()))


def _agrees(number: Number, born: str, today: dt.date) -> bool:
    """Whether the printed date is the one inside the NIK: two readings of the same thing."""
    from conversations.reading.nik import birth_date

    hidden = birth_date(number.digits, today)
    return hidden is not None and hidden.isoformat() == born


def _sex(beside: Mapping[str, Found]) -> str:
    text = beside.get("sex", NOTHING).text.upper()
    if "PEREM" in text or "PUAN" in text:
        return "female"
    return "male" if "LAKI" in text else ""


def _region(pieces: Sequence[Piece], today: dt.date) -> str:
    """The code of the regency in the head of the card: below "PROVINSI …"."""
    for piece in pieces:
        province = piece.text.upper().strip(" .:")
        if not province.startswith(("PROVINSI", "PROVINS1", "PROV")):
            continue
        below = [p for p in pieces if 0 < p.start - piece.start < 3 * piece.height and p.left < piece.right]
        for head in sorted(below, key=lambda p: p.start):
            reading = read_place(f"{head.text} {province}", today)
            if reading.value and head.right > piece.left:
                return str(reading.value)
    return ""


# --- advice ----------------------------------------------------------------------------------------------------------


def advise(pieces: Sequence[Piece], beside: Mapping[str, Found], look: Look) -> str:
    """Say what is most likely wrong with a picture on which no NIK could be read."""
    heights = sorted(piece.height for piece in pieces)
    if look.light < _DARK:
        return "dark"
    if len(beside) >= 2 and look.glare > _MIRRORED:
        return "glare"
    if look.sharpness < _SOFT:
        return "blurred"
    if len(heights) >= 4 and heights[len(heights) // 2] < _FEW_PIXELS:
        return "small"
    return "cropped" if len(beside) >= 2 else "not_ktp"
