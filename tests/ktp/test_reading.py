"""From text on a picture to a card: whichever way it lies, and never sure of what is not."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.reading.ktp import number_box, read_ktp
from conversations.reading.ktp_advice import Look
from conversations.reading.ktp_card import ADVICE, Card
from conversations.reading.ktp_layout import Box
from conversations.reading.ktp_number import LOOKS_LIKE, find_number
from tests.ktp.fake_child import CARD
from tests.ktp.printed import NIK, card

TODAY = dt.date(2026, 11, 21)
GOOD = Look()
COORDINATE = st.floats(-5000, 5000, allow_nan=False)
CORNERS = st.tuples(*[st.tuples(COORDINATE, COORDINATE)] * 4)
TEXTS = st.one_of(st.text(max_size=30), st.sampled_from(("NIK", NIK, "Nama", ": 17-08-1990", "PROVINSI X", "LAKI")))


def read(boxes: tuple[Box, ...], again: str = NIK) -> Card:
    """The card on a good picture."""
    return read_ktp(boxes, again, lambda: GOOD, TODAY).card


def test_every_field_is_read() -> None:
    """A card that is plain to see is read whole, and nothing of it is doubtful."""
    assert read(card()) == CARD


@settings(max_examples=60)
@given(st.floats(0, 360))
def test_a_card_is_read_whichever_way_it_lies(degrees: float) -> None:
    """Tilted, on its side or upside down: the lines tell the angle and the labels which way is up."""
    assert read(card(degrees=degrees)) == CARD


@settings(max_examples=60)
@given(st.lists(st.builds(Box, TEXTS, CORNERS, st.floats(0, 1)), max_size=12), TEXTS)
def test_whatever_stands_there_nothing_breaks(boxes: list[Box], again: str) -> None:
    """Any text anywhere gives a NIK of sixteen digits or advice, and never both."""
    found, advice = read_ktp(boxes, again, lambda: GOOD, TODAY)
    assert (len(found.nik) == 16) != (advice in ADVICE)


@pytest.mark.parametrize(
    ("changes", "again", "doubts"),
    [
        ({"NIK": ": 32730117O8900001"}, NIK, ("nik",)),
        ({"NIK": ": 3273O117 0B90 0O0l"}, NIK, ("nik",)),
        ({}, "", ("nik",)),
        ({}, "3273011708900007", ("nik",)),
        ({}, "32730117089OOOO1", ("nik",)),
        ({"Jenis Kelamin": ": PEREMPUAN"}, NIK, ("nik",)),
        ({"Tempat/Tgl Lahir": ": BANDUNG, 18-08-1990"}, NIK, ("nik", "birth_date")),
        ({"Tempat/Tgl Lahir": ": BANDUNG, 17-O8-1990"}, NIK, ("birth_date",)),
        ({"Tempat/Tgl Lahir": ": BANDUNG"}, NIK, ("nik",)),
        ({"Nama": ": BUD1 SANTOSO"}, NIK, ("name",)),
    ],
    ids=["O", "letters", "once", "twice", "unsure", "sex", "date", "O in date", "no date", "1 in name"],
)
def test_what_does_not_fit_is_doubtful(changes: dict[str, str], again: str, doubts: tuple[str, ...]) -> None:
    """A letter among digits, another number on the second look, a date or sex that contradicts: suggested, not sure."""
    found = read(card(changes), again)
    assert (found.nik, found.doubts) == (NIK, doubts)


def test_a_number_that_nothing_speaks_for_is_a_guess() -> None:
    """Another number on the second look and another date on the card: it is not even suggested."""
    boxes = card({"Tempat/Tgl Lahir": ": BANDUNG, 18-08-1990"})
    assert read_ktp(boxes, "3273011708900007", lambda: GOOD, TODAY) == (Card(), "cropped")


def test_a_low_score_is_doubtful() -> None:
    """What the reader of the picture itself is not sure of is not sure."""
    assert read(card(score=0.7)).doubts == ("nik", "name", "birth_date")


@settings(max_examples=40)
@given(st.lists(st.integers(0, 15), max_size=3, unique=True))
def test_a_letter_that_looks_like_a_digit_is_that_digit(places: list[int]) -> None:
    """Confused letters are put right, and that they were is told."""
    letters = {chr(digit): chr(code) for code, digit in LOOKS_LIKE.items()}
    text = "".join(letters[c] if at in places else c for at, c in enumerate(NIK))
    found = find_number(f": {text}", 0.9, TODAY)
    assert found is not None
    assert (found.digits, found.repaired) == (NIK, bool(places))


@pytest.mark.parametrize(
    "text",
    ["", NIK[:15], NIK + "12", "9973011708900001", "3273013508900001", "3273011713900001", "OOOOOOOOOOOOOOOO", "NIK"],
    ids=["none", "15", "18", "region", "day", "month", "letters", "label"],
)
def test_what_cannot_be_a_nik_is_none(text: str) -> None:
    """Another length, an unknown province and an impossible date are never offered as a NIK."""
    assert find_number(text, 1.0, TODAY) is None


def test_a_colon_read_as_a_digit_is_left_out() -> None:
    """One digit too many in front is the colon; the number is suggested only."""
    assert find_number("1" + NIK, 1.0, TODAY) == (NIK, True, 1.0)


def test_the_second_look_is_at_the_number() -> None:
    """The box with the NIK is found wherever it stands."""
    box = number_box(card(degrees=90), TODAY)
    assert box is not None
    assert NIK in box.text


def test_a_label_and_its_value_in_one_piece() -> None:
    """Where label and value were found as one piece of text the value is what follows the colon."""
    together = {"Nama: SITI AMINAH": "", "Nama": ""}
    found = read(tuple(box for box in card(together) if box.text != "Nama"))
    assert found.name == "Siti Aminah"


@pytest.mark.parametrize(
    ("look", "without_nik", "advice"),
    [
        (GOOD._replace(light=30), True, "dark"),
        (GOOD._replace(grid=2000), True, "screen"),
        (GOOD._replace(colour=1), True, "photocopy"),
        (GOOD._replace(glare=0.1), True, "glare"),
        (GOOD._replace(sharpness=5), True, "blurred"),
        (GOOD._replace(sharpness=5, side=150), False, "small"),
        (GOOD, True, "cropped"),
        (GOOD, False, "not_ktp"),
        (GOOD._replace(light=30), False, "dark"),
        (GOOD._replace(glare=0.5), False, "not_ktp"),
    ],
)
def test_each_fault_has_its_advice(look: Look, without_nik: bool, advice: str) -> None:
    """Where no NIK is read, what hides it most likely is named; a bright picture of something else is no KTP."""
    boxes = card({"NIK": ""}) if without_nik else ()
    assert read_ktp(boxes, "", lambda: look, TODAY) == (Card(), advice)


def test_a_name_whose_label_is_unreadable_is_suggested() -> None:
    """Between the NIK and the birth date stands the name: it is found there, and doubtful."""
    blurred = tuple(box._replace(text="frxma") if box.text == "Nama" else box for box in card())
    found = read(blurred)
    assert (found.name, found.doubts) == ("Budi Santoso", ("name",))


def test_words_that_grew_together_are_doubtful() -> None:
    """A very long word in a name may be two."""
    found = read(card({"Nama": ": TITINNURHALIZAH"}))
    assert (found.name, found.doubts) == ("Titinnurhalizah", ("name",))


def test_small_letters_want_a_picture_from_nearer() -> None:
    """Letters of a few pixels are named as such."""
    tiny = tuple(
        box._replace(corners=tuple((x / 3, y / 3) for x, y in box.corners)) for box in card({"NIK": ": 32730117"})
    )
    assert read_ktp(tiny, "", lambda: GOOD, TODAY).advice == "small"
