"""Regencies and cities."""

import datetime as dt

import pytest

from conversations.reading.place import read_place, region
from conversations.reading.reading import Reading

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kota bandung", "32.73"),
        ("kab bandng", "32.04"),
        ("di surabaya kak", "35.78"),
        ("jogja", "34.71"),
        ("jaksel", "31.74"),
        ("pekan baru", "14.71"),
        ("medan sumatera utara", "12.71"),
        ("coblong", "32.73"),
        ("jl margonda raya no 100 beji depok", "32.76"),
        ("3273", "32.73"),
    ],
)
def test_a_place_is_read_as_its_regency(text: str, code: str) -> None:
    """Cities, regencies, nicknames, slips, districts and codes lead to the regency's code."""
    assert read_place(text, TODAY) == Reading(code)


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("bandung", "ambiguous", ("32.04", "32.73")),
        ("jawa barat", "province", "32"),
        ("asdf", "unknown", ()),
        ("99.99", "unknown", ()),
    ],
)
def test_a_place_that_may_be_several_is_asked_again(text: str, problem: str, hint: object) -> None:
    """Namesakes, whole provinces and unknown names are problems with what is known as a hint."""
    assert read_place(text, TODAY) == Reading(problem=problem, hint=hint)


def test_a_region_is_found_by_its_code() -> None:
    """A code leads to the full name."""
    found = region("32.73")
    assert found is not None
    assert found.name == "Kota Bandung"
    assert region("00.00") is None
