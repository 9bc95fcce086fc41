"""Paying: what is offered, what the backend is asked for, and on which terms."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.wording import TITLE, load_speech
from conversations import cover
from conversations.effects import OpenCase, RequestBill, SubmitEnrolment
from conversations.flows.pay import PAY, most, offered, quoted
from conversations.flows.places import NAMES, steps
from conversations.messages import BillPaid
from conversations.months import JAKARTA, Month, months_from
from conversations.session import SCHEMA, Enrolment, Person, Session
from conversations.turn import Facts
from conversations.view import View
from tests.chat import Chat, to_member, to_review

TODAY = dt.datetime(2026, 11, 21, 5, tzinfo=dt.UTC)
RIDER = {"whom": "self", "occupation": "ojek_online", "earning": "own", "condition": "fits", "plan": "two"}


def member(paid: tuple[Month, ...] = (), **answers: object) -> View:
    """A member of some income who paid for some months, on an afternoon in November 2026."""
    person = Person(1, {**RIDER, "income": 1_000_000, **answers}, enrolment=Enrolment("r", "accepted", paid=paid))
    return View(Session(SCHEMA, people=(person,), current=1, flow="pay"), Facts(), TODAY)


@given(st.integers(0, 8), st.integers(0, 20_700_000), st.sampled_from(["two", "three"]))
def test_what_is_offered_can_be_paid_and_fits_a_button(ago: int, income: int, plan: str) -> None:
    """Whatever was left unpaid, each offered number of months is allowed, reaches the present and fits a button."""
    view = member((Month(2026, 11).plus(-ago),), income=income, plan=plan)
    for option in offered(view):
        assert 1 <= int(option) <= most(view)
        assert quoted(view, int(option)).months[-1].month >= view.month
    assert all(len(load_speech().say(option.label)) <= TITLE for option in PAY.steps[0].options(view))


def test_arrears_are_billed_from_the_first_of_them() -> None:
    """Who missed two months is billed from the first of them, month by month at each month's price."""
    chat = to_member()
    chat.now = dt.datetime(2027, 1, 20, 9, tzinfo=JAKARTA).astimezone(dt.UTC)
    chat.say("halo", "17-8-1990", "bayar", "2")
    chat.tap("Ya, minta kode")
    asked = chat.last(RequestBill)
    assert (asked.order.first, asked.order.months) == (Month(2026, 12), 2)


def test_who_comes_back_is_billed_from_the_running_month() -> None:
    """After a lapse nothing old is billed."""
    chat = to_member()
    chat.now = dt.datetime(2027, 4, 2, 9, tzinfo=JAKARTA).astimezone(dt.UTC)
    chat.say("halo", "17-8-1990", "bayar", "1")
    assert chat.last(RequestBill).order.first == Month(2027, 4)


def test_each_wish_for_a_code_is_another_request() -> None:
    """Two wishes are two requests, so that the backend makes two codes; one wish is one."""
    chat = to_member()
    for _ in range(2):
        chat.say("bayar", "1")
    requests = [effect.request for effect in chat.effects if isinstance(effect, RequestBill)]
    assert requests == [1, 2]


def test_a_code_has_one_base() -> None:
    """Before changed terms begin a code is for the months until then, at the old price; from then on at the new."""
    view = member((Month(2026, 11), Month(2026, 12)))
    later = cover.changed(view, income=3_000_000, plan="three")
    assert cover.change_begins(later) == Month(2027, 1)
    assert quoted(later, 1).base == 2_950_000
    unpaid = cover.changed(member(), income=3_000_000, plan="three")
    assert (most(unpaid), offered(unpaid), quoted(unpaid, 1).base) == (1, ("1",), 1_000_000)


def test_changed_terms_are_the_terms_once_a_month_of_them_is_paid() -> None:
    """A payment for the first changed month makes the change what holds, and nothing waits any longer."""
    chat = to_member()
    chat.say("ubah paket", "penghasilan", "3 juta", "ya")
    chat.say("bayar", "1")
    chat.happen("billed")
    chat.happen("paid")
    answers = chat.session.people[0].answers
    assert answers["income"] == 3_000_000
    assert cover.CHANGE not in answers


def test_a_second_change_waits_behind_the_billed_months() -> None:
    """What a code was made for stays as it is; the next change begins after it."""
    chat = to_member()
    chat.say("bayar", "1")
    chat.happen("billed")
    chat.say("ubah paket", "penghasilan", "3 juta", "ya")
    assert chat.session.people[0].answers[cover.CHANGE] == "2027-01"


def test_the_same_payment_told_again_is_silent() -> None:
    """A payment is known by its code: told again it says nothing and opens no case."""
    chat = to_member()
    sent = chat.last(SubmitEnrolment)
    again = BillPaid(1, sent.enrolment, "880812345678", Month(2026, 11), 1, chat.now)
    assert chat.take(again) == ()
    assert not any(isinstance(effect, OpenCase) for effect in chat.effects)


def test_a_second_payment_for_the_same_month_goes_to_staff_once() -> None:
    """Money for a month that is paid is told once and handed to staff once."""
    chat = to_member()
    sent = chat.last(SubmitEnrolment)
    twice = BillPaid(1, sent.enrolment, "ANOTHER", Month(2026, 11), 1, chat.now, "R-2")
    assert "R-2" in chat.take(twice)[0].text
    assert chat.take(twice) == ()
    assert [e.reason for e in chat.effects if isinstance(e, OpenCase)] == ["paid_twice"]


def test_a_payment_closes_a_bill_for_the_same_months() -> None:
    """Who paid by NIK is not left with a code for the months that are paid now."""
    chat = to_member()
    chat.say("bayar", "3")
    chat.tap("Ya, minta kode")
    chat.happen("billed")
    sent = chat.last(SubmitEnrolment)
    chat.take(BillPaid(1, sent.enrolment, "BY-NIK", Month(2026, 12), 1, chat.now))
    held = chat.session.people[0].enrolment
    assert held is not None
    assert held.bill is None
    assert held.paid == months_from(Month(2026, 11), 2)


def test_a_bill_that_ran_out_is_none_even_if_nobody_told() -> None:
    """Where the news of an expired code was lost, the code is not shown any more and a new one is offered."""
    chat = to_member()
    chat.say("bayar", "1")
    chat.happen("billed")
    chat.now += dt.timedelta(days=4)
    assert "880812345679" not in chat.say("bayar")[0].text
    assert chat.session.flow == "pay"


def test_a_draft_has_nothing_to_pay() -> None:
    """Who is not enrolled yet is led on with the form."""
    chat = to_review(Chat())
    chat.say("bayar")
    assert chat.session.flow == "enrolment"


def test_an_anniversary_is_told_to_who_agreed_and_never_missed_a_month() -> None:
    """Twelve months in a row and the thirteenth paid are a year; told in no other month, and only to who agreed."""
    chat = to_member("Ya, ingatkan")
    sent = chat.last(SubmitEnrolment)
    chat.take(BillPaid(1, sent.enrolment, "YEAR", Month(2026, 12), 12, chat.now))
    chat.now = dt.datetime(2027, 11, 5, 9, tzinfo=JAKARTA).astimezone(dt.UTC)
    chat.session = replace(chat.session, last_at=chat.now)
    assert chat.happen("anniversary 2027-10") == ()
    (said,) = chat.happen("anniversary 2027-11")
    assert "genap 1 tahun" in said.text
    assert said.paper is not None
    chat.session = View(chat.session, chat.facts, chat.now).with_answers({"remind": False}).session
    assert chat.happen("anniversary 2027-11") == ()


def test_a_sponsor_without_a_place_left_leaves_the_whole_price() -> None:
    """Where the sponsor's last place is gone when the code is asked for, the member hears so and sees what it costs
    alone, and nothing is asked for yet."""
    chat = to_member()
    chat.happen("sponsored other 50 2026-12 2027-02")
    chat.say("bayar")
    chat.facts = replace(chat.facts, full=frozenset({"c-2"}))
    asked = len(chat.effects)
    [message] = chat.say("1")
    assert "baru saja penuh" in message.text
    assert message.step == "pay_months"
    assert any("Rp13.400" in button.label for button in message.buttons)
    assert len(chat.effects) == asked


@pytest.mark.parametrize("kind", NAMES)
def test_every_place_to_pay_has_its_way(kind: str) -> None:
    """Banks, wallets and shops are data: each has words for how it goes there, with its own name in them."""
    view = member()
    view = view.having(side={"place_kind": kind})
    assert NAMES[kind]
    for name in NAMES[kind]:
        assert name in load_speech().say(steps(name, view))


def test_who_is_paid_for_hears_of_no_second_sponsor() -> None:
    """On two lists a member stays with the first. A whole share asks for its months at once, but for who lapsed only
    when they want to come back."""
    chat = to_member()
    chat.happen("sponsored state 100 2026-12 2027-02")
    assert chat.last(RequestBill).order.months == 3
    asked = len(chat.effects)
    assert chat.happen("sponsored other 50 2026-12 2027-02") == ()
    lapsed = to_member()
    lapsed.now = dt.datetime(2027, 5, 10, 3, tzinfo=dt.UTC)
    lapsed.happen("sponsored state 100 2027-05 2027-07")
    assert len(chat.effects) == asked
    assert not any(isinstance(effect, RequestBill) for effect in lapsed.effects)
