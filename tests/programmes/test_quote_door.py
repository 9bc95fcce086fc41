"""The door `quote`: one JSON object."""

from __future__ import annotations

import json

import pytest

from bot.quote import quote_json


def test_quote_is_one_line_of_json() -> None:
    """The door gives base, months, total, discount, certainty and sources, and nothing else."""
    line = quote_json(3_000_000, "other", "jkk,jkm", 2, "2026-12")
    assert "\n" not in line
    priced = json.loads(line)
    assert list(priced) == ["base", "months", "total", "discount", "certain", "sources"]
    assert priced.pop("sources")
    assert priced == {
        "base": 2_950_000,
        "months": [
            {"month": "2026-12", "jkk": 14_750, "jkm": 3_400, "jht": 0},
            {"month": "2027-01", "jkk": 29_500, "jkm": 6_800, "jht": 0},
        ],
        "total": 54_450,
        "discount": 18_150,
        "certain": False,
    }


def test_payer_and_employer_reach_the_price() -> None:
    """A publicly paid month is certain at the normal tariff, an owner's is not certain."""
    state = json.loads(quote_json(0, "transport", "jkk,jkm,jht", 1, "2027-03", payer="state"))
    assert (state["total"], state["discount"], state["certain"]) == (36_800, 0, True)
    owner = json.loads(quote_json(0, "transport", "jkk,jkm,jht", 1, "2027-03", employer=True))
    assert (owner["total"], owner["discount"], owner["certain"]) == (36_800, 0, False)


BY_HAND = (
    # Of a base of a million JKK and JKM are 16,800 a month, with JHT 36,800; of two millions 26,800 and 66,800; of 2.6
    # millions 32,800. The discount halves JKK and JKM: transport through March 2027, others through December 2026.
    ((1_000_000, "transport", "jkk,jkm", 6, "2026-11", "self"), (58_800, 42_000, False)),
    ((1_000_000, "transport", "jkk,jkm,jht", 12, "2026-11", "self"), (399_600, 42_000, False)),
    ((1_000_000, "transport", "jkk,jkm", 1, "2027-03", "self"), (8_400, 8_400, True)),
    ((1_000_000, "transport", "jkk,jkm", 2, "2027-03", "self"), (25_200, 8_400, False)),
    ((1_000_000, "transport", "jkk,jkm", 12, "2027-04", "self"), (201_600, 0, True)),
    ((2_000_000, "other", "jkk,jkm,jht", 2, "2026-12", "self"), (120_200, 13_400, False)),
    ((2_500_000, "other", "jkk,jkm", 3, "2026-10", "self"), (49_200, 49_200, False)),
    ((1_000_000, "other", "jkk,jkm", 2, "2026-03", "self"), (25_200, 8_400, False)),
    ((1_000_000, "other", "jkk,jkm", 3, "2026-11", "state"), (50_400, 0, True)),
    ((2_000_000, "transport", "jkk,jkm,jht", 4, "2026-12", "state"), (267_200, 0, False)),
    ((1_000_000, "other", "jkk,jkm", 1, "2026-12", "other"), (16_800, 0, False)),
    ((1_000_000, "other", "jkk,jkm", 3, "2026-11", "other"), (50_400, 0, False)),
    ((1_000_000, "other", "jkk,jkm", 1, "2027-01", "other"), (16_800, 0, False)),
)
"""What is asked, then total, saving and certainty, worked out by hand: the discount begins or ends inside a period, and
follows who pays."""


@pytest.mark.parametrize(("asked", "told"), BY_HAND, ids=str)
def test_prices_are_those_worked_out_by_hand(
    asked: tuple[int, str, str, int, str, str], told: tuple[int, int, bool]
) -> None:
    """Whoever pays, and wherever the discount begins or ends, the price is that of the table made by hand."""
    priced = json.loads(quote_json(*asked))
    assert (priced["total"], priced["discount"], priced["certain"]) == told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1, "other", "jkk,jkm", 1, "2026-12"), "not -1"),
        ((0, "ojek", "jkk,jkm", 1, "2026-12"), "not 'ojek'"),
        ((0, "other", "", 1, "2026-12"), "jkk,jkm or jkk,jkm,jht"),
        ((0, "other", "jkk,jkm,jp", 1, "2026-12"), "not jkk,jkm,jp"),
        ((0, "other", "jkk,jkm", 0, "2026-12"), "not 0"),
        ((0, "other", "jkk,jkm", 13, "2026-12"), "not 13"),
        ((0, "other", "jkk,jkm", 1, "Dec 2026"), "YYYY-MM"),
    ],
)
def test_refused_arguments_say_what_is_wrong(arguments: tuple[int, str, str, int, str], message: str) -> None:
    """Arguments that cannot be priced raise a ValueError with a message to act on."""
    with pytest.raises(ValueError, match=message):
        quote_json(*arguments)
