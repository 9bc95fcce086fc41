"""Occupations and their words."""

import datetime as dt
from collections import Counter

import pytest

from conversations.occupations import GROUPS, OCCUPATIONS, by_code
from conversations.reading.occupation import KEYWORDS, read_occupation
from conversations.reading.reading import Reading

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("narik ojol", "ojek_online"),
        ("tukang ojek, emang bayarnya berapa?", "ojek_rider"),
        ("shopee food", "courier"),
        ("jualan bakso keliling", "meatball_seller"),
        ("tukang bkaso", "meatball_seller"),
        ("dagang sayur di pasar", "vegetable_seller"),
        ("jualan di depan rumah setiap hari", "trader"),
        ("buruh tani", "farm_worker"),
        ("peterna sapi", "livestock_keeper"),
        ("pembantu rumah tangga", "domestic_worker"),
        ("TUKANG PARKIR", "parking_attendant"),
    ],
)
def test_a_job_is_known_by_the_words_people_type(text: str, code: str) -> None:
    """Colloquial words, slips and an exact trade beside a general one lead to one code."""
    assert read_occupation(text, TODAY) == Reading(code)


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("gojek sama jualan pulsa", "ambiguous", ("ojek_online", "phone_credit_seller")),
        ("dulu nelayan", "ambiguous", ("fisher",)),
        ("asdf", "unknown", ()),
    ],
)
def test_two_jobs_and_no_job_are_asked_again(text: str, problem: str, hint: object) -> None:
    """Two trades or a past one are named in the hint, an unknown one is not guessed."""
    assert read_occupation(text, TODAY) == Reading(problem=problem, hint=hint)


def test_every_occupation_has_words_and_no_word_two_occupations() -> None:
    """The table of words covers the occupations one to one."""
    counted = Counter(phrase for phrases in KEYWORDS.values() for phrase in phrases.split("/"))
    assert KEYWORDS.keys() == by_code.keys()
    assert counted.most_common(1)[0][1] == 1


@pytest.mark.parametrize("code", by_code)
def test_each_phrase_reads_as_its_own_occupation(code: str) -> None:
    """No phrase is shadowed by another one."""
    for phrase in KEYWORDS[code].split("/"):
        assert read_occupation(phrase, TODAY) == Reading(code), phrase


def test_groups_and_sectors_are_closed_lists() -> None:
    """Every group has occupations, and transport alone is the transport sector."""
    assert {occupation.group for occupation in OCCUPATIONS} == set(GROUPS)
    assert all((occupation.sector == "transport") == (occupation.group == "transport") for occupation in OCCUPATIONS)
