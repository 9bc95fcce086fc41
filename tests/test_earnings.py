"""Earnings that are named for less than a month."""

from __future__ import annotations

import pytest

from tests.chat import FITS, Chat


def at_income() -> Chat:
    """A chat that asks a rider for their income."""
    chat = Chat()
    chat.say("halo")
    chat.tap("Saya sendiri")
    chat.say("narik ojol")
    chat.tap("Pelanggan/usaha sendiri", FITS)
    return chat


def test_earnings_a_piece_lead_to_one_short_question() -> None:
    """An amount for each order is said back, and the month is asked for; then it is taken."""
    chat = at_income()
    assert "Rp15.000" in chat.say("15rb per order")[0].text
    assert "income" not in chat.session.people[0].answers
    chat.say("3 juta")
    assert chat.session.people[0].answers["income"] == 3_000_000


@pytest.mark.parametrize("days", ["25", "31"])
def test_a_product_nobody_earns_is_asked_again(days: str) -> None:
    """What multiplies to more than anybody's income is asked about, not kept."""
    chat = at_income()
    chat.say("20 juta sehari", days)
    assert "income" not in chat.session.people[0].answers
    assert chat.session.asked == "work_days"


def test_both_senses_of_an_amount_are_asked_about() -> None:
    """ "3M" and "cepek" can be read in two ways, so neither is taken."""
    chat = at_income()
    for text in ("3M", "cepek"):
        chat.say(text)
        assert chat.session.asked == "income"
        assert "income" not in chat.session.people[0].answers
