"""A KTP on a picture: from pieces of text to the fields of the form, what is doubtful, and what to advise.

Nothing here is ever an answer by itself: whoever sent the picture sees every field and says whether it is so.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from conversations.reading.ktp_advice import Look, advise
from conversations.reading.ktp_card import Card, Seen
from conversations.reading.ktp_layout import NOTHING, Box, Found, Piece, labelled, upright
from conversations.reading.ktp_number import LOOKS_LIKE, Number, best, find_number, has_witness, is_sure
from conversations.reading.name import read_name
from conversations.reading.nik import birth_date
from conversations.reading.place import read_place

LIKE_LETTERS = str.maketrans("01568", "OISGB")
"""Which letter a digit is taken for in a name."""
SURE_WORDS = 0.80
"""From this score on words are seldom misread."""
LONGEST_WORD = 11
"""Letters of a word in a name; a longer one may be two whose space was lost."""
OLDEST = dt.timedelta(days=110 * 366)

_DIGIT = "[0-9OoDQIl|SBZ]"
_DATE = re.compile(rf"({_DIGIT}{{2}})[\s.\-–—/]*({_DIGIT}{{2}})[\s.\-–—/]*({_DIGIT}{{4}})(?![0-9])")
_NOT_NAME = re.compile(r"[^A-Z .,'’\-]")
_PROVINCE = re.compile(r"^\W*PROV[I1]NS[I1]\b")


class Born(NamedTuple):
    """Birth place and date (ISO text) as they are printed; `sure` where every digit was one."""

    place: str = ""
    date: str = ""
    sure: bool = False


def read_ktp(boxes: Sequence[Box], again: str, look: Callable[[], Look], today: dt.date) -> Seen:
    """Read a card from the text on a picture; `again` is what a second look at `number_box` gave, and `look` measures
    the picture, which takes a moment and is needed only where there is something to advise."""
    pieces = upright(boxes)
    beside = labelled(pieces)
    number = _number(pieces, beside, today)
    born, sex, name = _born(beside.get("birth", NOTHING), today), _sex(beside), _name(beside, today)
    if number is None or not has_witness(number, _again(again, today), born.date, today):
        return Seen(Card(), advise(pieces, len(beside), look()))
    hidden = birth_date(number.digits, today)
    sure = {
        "nik": is_sure(number, _again(again, today), born.date, sex, today),
        "name": name.score >= SURE_WORDS,
        # The date stands on the card twice: it is sure where both say the same.
        "birth_date": born.sure and hidden is not None and hidden.isoformat() == born.date,
    }
    values = {"nik": number.digits, "name": name.text, "birth_date": born.date}
    doubts = tuple(field for field, value in values.items() if value and not sure[field])
    address = beside.get("address", NOTHING).text
    return Seen(Card(number.digits, name.text, born.place, born.date, sex, address, _region(pieces, today), doubts))


def number_box(boxes: Sequence[Box], today: dt.date) -> Box | None:
    """The box that holds the NIK, for a second look at it."""
    return next((box for box in boxes if find_number(box.text, box.score, today)), None)


def _number(pieces: Sequence[Piece], beside: Mapping[str, Found], today: dt.date) -> Number | None:
    """The NIK: beside its label, else anywhere, since the label is small beside it and easily missed."""
    labelled_one = beside.get("nik", NOTHING)
    found = find_number(labelled_one.text, labelled_one.score, today)
    return found or best(find_number(piece.text, piece.score, today) for piece in pieces)


def _again(text: str, today: dt.date) -> str:
    number = find_number(text, 1.0, today)
    return number.digits if number and not number.repaired else ""


def _name(beside: Mapping[str, Found], today: dt.date) -> Found:
    """The name as the name reader spells it; doubtful where digits were taken for letters, or a word is very long."""
    text, score = beside.get("name", NOTHING)
    letters = text.upper().translate(LIKE_LETTERS)
    reading = read_name(_words(_NOT_NAME, letters), today)
    if reading.value is None:
        return NOTHING
    name = str(reading.value)
    plain = letters == text.upper() and max(map(len, name.split())) <= LONGEST_WORD
    return Found(name, score if plain else 0.0)


def _born(found: Found, today: dt.date) -> Born:
    date = _DATE.search(found.text)
    if not date:
        return Born()
    place = _words(_NOT_NAME, found.text[: date.start()].upper()).title()
    day, month, year = (part.translate(LOOKS_LIKE) for part in date.groups())
    try:
        born = dt.date(int(year), int(month), int(day))
    except ValueError:
        return Born(place)
    if not dt.timedelta(0) <= today - born <= OLDEST:
        return Born(place)
    return Born(place, born.isoformat(), found.score >= SURE_WORDS and "".join(date.groups()) == day + month + year)


def _words(foreign: re.Pattern[str], text: str) -> str:
    return " ".join(foreign.sub(" ", text).split()).strip(" .,-'")


def _sex(beside: Mapping[str, Found]) -> str:
    text = beside.get("sex", NOTHING).text.upper()
    if "PEREM" in text or "PUAN" in text:
        return "female"
    return "male" if "LAKI" in text else ""


def _region(pieces: Sequence[Piece], today: dt.date) -> str:
    """The code of the regency in the head of the card, which stands below "PROVINSI …"; "" where it is not clear."""
    head = next((piece for piece in pieces if _PROVINCE.search(piece.text.upper())), None)
    if head is None:
        return ""
    below = [p for p in pieces if 0 < p.start - head.start < 3 * head.height and head.left < p.right < 2 * head.right]
    for piece in sorted(below, key=lambda piece: piece.start):
        reading = read_place(f"{piece.text} {_PROVINCE.sub('', head.text.upper())}", today)
        if reading.value:
            return str(reading.value)
    return ""
