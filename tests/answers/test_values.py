"""What placeholders are worth, by day and by person."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.answers.entry import Entry, fill
from conversations.answers.values import FACTS_OF, Known, month_name, rupiah, values_on
from conversations.months import Month

BOTH_RUN = dt.date(2026, 11, 21)
TRANSPORT_RUNS = dt.date(2027, 1, 1)
NONE_RUNS = dt.date(2027, 4, 1)


def test_the_lowest_prices_follow_the_discounts() -> None:
    """The normal tariff stands always; a discounted price exists only while its sector's discount runs."""
    today, january, april = map(values_on, (BOTH_RUN, TRANSPORT_RUNS, NONE_RUNS))
    assert today["least_pair"] == january["least_pair"] == april["least_pair"] == "Rp16.800"
    assert (today["least_pair_transport"], today["least_pair_other"]) == ("Rp8.400", "Rp8.400")
    assert january["least_pair_transport"] == "Rp8.400"
    assert "least_pair_other" not in january
    assert not {"least_pair_transport", "least_pair_other", "cut_transport_last"} & april.keys()


def test_that_the_discount_is_over_is_said_only_when_it_is() -> None:
    """The month the last discount ended with has a value from the month after it."""
    assert "cut_ended" not in values_on(dt.date(2027, 3, 31))
    assert values_on(NONE_RUNS)["cut_ended"] == "Maret 2027"


@pytest.mark.parametrize(
    ("name", "worth"),
    [
        ("least_trio", "Rp36.800"),
        ("jkm_full", "Rp42 juta"),
        ("jkm_early", "Rp10 juta"),
        ("death_least", "Rp70 juta"),
        ("scholarship_most", "Rp174 juta"),
        ("scholarship_sd", "Rp1,5 juta"),
        ("report_hours", "2×24 jam"),
        ("call", "175"),
    ],
)
def test_what_the_rules_pay_and_cost(name: str, worth: str) -> None:
    """The figures of the rules come out as people write them."""
    assert values_on(BOTH_RUN)[name] == worth


def test_a_known_person_gets_their_own_amounts() -> None:
    """Amounts for a person follow their bracket, sector and month; for nobody they have no value."""
    rider = Known(income=3_000_000, sector="transport")
    mine = values_on(BOTH_RUN, rider)
    assert (mine["my_base"], mine["my_pair"], mine["my_trio"]) == ("Rp2.950.000", "Rp18.150", "Rp77.150")
    assert values_on(NONE_RUNS, rider)["my_pair"] == "Rp36.300"
    assert not any(name.startswith("my_") for name in values_on(BOTH_RUN))


@given(day=st.dates(dt.date(2026, 1, 1), dt.date(2030, 1, 1)), income=st.integers(0, 50_000_000))
def test_every_value_is_a_known_placeholder(day: dt.date, income: int) -> None:
    """On any day and for any income each value has a name the check knows, and says something."""
    values = values_on(day, Known(income, "other"))
    assert values.keys() <= FACTS_OF.keys()
    assert all(values.values())


@pytest.mark.parametrize("day", [BOTH_RUN, TRANSPORT_RUNS, NONE_RUNS])
def test_every_answer_can_be_said(entries: dict[str, Entry], day: dt.date) -> None:
    """Each answer is filled whole, for nobody in particular and for a known person."""
    for values in (values_on(day), values_on(day, Known(2_000_000, "other"))):
        assert not [entry.id for entry in entries.values() if "{" in fill(entry, values)]


def test_a_discount_is_told_only_while_it_runs(entries: dict[str, Entry]) -> None:
    """The answer about the price names discounted amounts today, the transport one in January, none in April."""
    said = [fill(entries["contribution-least"], values_on(day)) for day in (BOTH_RUN, TRANSPORT_RUNS, NONE_RUNS)]
    assert [text.count("Rp8.400") for text in said] == [2, 1, 0]
    assert all("Rp16.800" in text for text in said)


def test_sentences_are_short(entries: dict[str, Entry]) -> None:
    """No line of an answer, as it is written, has a sentence of more than 18 words."""
    sentences = [s for e in entries.values() for line in e.text.splitlines() for s in line.split(". ")]
    assert [sentence for sentence in sentences if len(sentence.split()) > 18] == []


def test_amounts_and_months_are_written_as_people_do() -> None:
    """Round millions are "juta", the rest has dots; months have Indonesian names."""
    assert [rupiah(n) for n in (6_800, 2_500_000, 12_000_000, 2_950_000)] == [
        "Rp6.800",
        "Rp2,5 juta",
        "Rp12 juta",
        "Rp2.950.000",
    ]
    assert month_name(Month(2027, 3)) == "Maret 2027"
