"""What a member's family would get now."""

from __future__ import annotations

import datetime as dt

from bot.wording import load_speech
from conversations import cover, family
from conversations.messages import Reply
from conversations.months import Month, months_from
from conversations.session import SCHEMA, Enrolment, Person, Session
from conversations.turn import Facts
from conversations.view import View

NOW = dt.datetime(2026, 11, 21, 5, tzinfo=dt.UTC)


def told(paid: tuple[Month, ...], **answers: object) -> str:
    """What is told to a rider who paid for these months."""
    known = {"occupation": "ojek_online", "earning": "own", "income": 1_000_000, "plan": "two", **answers}
    person = Person(1, known, enrolment=Enrolment("r", "accepted", paid=paid))
    view = View(Session(SCHEMA, people=(person,), current=1, flow="membership"), Facts(), NOW)
    return load_speech().message(Reply(family.told(view)), view.session).text


def test_a_new_member_is_told_both_sums_and_when_the_full_one_holds() -> None:
    """In the first three months the lower sum is told, with the month from which the full one holds."""
    said = told((Month(2026, 11),))
    assert "Rp70 juta" in said
    assert "Rp10 juta" in said
    assert "Rp42 juta, yaitu mulai Februari 2027" in said
    assert "setelah 3 tahun" in said


def test_after_three_months_only_the_full_sum_is_told() -> None:
    """With three months gone by the full sum stands alone."""
    said = told(months_from(Month(2026, 7), 5))
    assert "Rp42 juta" in said
    assert "Rp10 juta" not in said


def test_after_three_years_the_scholarship_has_no_condition_left() -> None:
    """Three years of months in a row bring the scholarship for any death."""
    assert "setelah 3 tahun" not in told(months_from(Month(2023, 9), 39))


def test_an_unpaid_month_is_told_first() -> None:
    """Where the running month is not paid nothing is certain, and that stands before the sums."""
    said = told((Month(2026, 10),))
    assert said.index("belum pasti") < said.index("Rp70 juta")


def test_changed_terms_count_from_their_month() -> None:
    """A higher income that begins next month does not raise today's sums."""
    person = Person(1, {"income": 1_000_000, "plan": "two"}, enrolment=Enrolment("r", "accepted"))
    view = cover.changed(View(Session(SCHEMA, people=(person,), current=1), Facts(), NOW), income=5_000_000, plan="two")
    assert family.bracket(view).value.base == 1_000_000
