"""Which of the options shown somebody names."""

from __future__ import annotations

import pytest

from conversations.flows.enrolment import PAIR_SPOKEN, TRIO_SPOKEN
from conversations.reading.choice import read_choice

PLANS = ("two", "three")
SPOKEN = {"two": PAIR_SPOKEN, "three": TRIO_SPOKEN}


@pytest.mark.parametrize("text", ["JKK + JKM", "jkk dan jkm", "tanpa JHT aja", "gak pake jht", "1", "yang pertama"])
def test_the_pair_is_named(text: str) -> None:
    """The label, its words, saying no to JHT and its number all mean the pair."""
    assert read_choice(text, PLANS, SPOKEN) == "two"


@pytest.mark.parametrize("text", ["JKK + JKM + JHT", "jkk dan jkm dan jht", "yang ada jht", "tiga program", "2"])
def test_the_trio_is_named(text: str) -> None:
    """The label, naming JHT and its number all mean the trio: a longer phrase counts before the one it holds."""
    assert read_choice(text, PLANS, SPOKEN) == "three"


@pytest.mark.parametrize(
    "text", ["jangan jht", "bukan jht", "dua atau tiga", "jht itu apa sih buat apa ya kak", "", "9"]
)
def test_what_is_denied_or_unclear_is_not_chosen(text: str) -> None:
    """A denial that we have no phrase for, two options at once and talk choose nothing."""
    assert read_choice(text, PLANS, SPOKEN) is None
