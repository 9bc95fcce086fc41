"""The reference backend at work, asked by the client over loopback HTTP."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from pathlib import Path

import msgspec
import pytest

from bot.backend.client import HttpBackend
from bot.backend.errors import BackendRejected, BackendUnauthorised
from bot.backend.reference.faults import Faults
from bot.backend.shapes import Accepted, Expired, Issued, Outcome, Paid, Payment, Refused, Requirements, Terms, Verdict
from conversations.messages import Bill
from conversations.months import Month
from tests.backend.running import NOON, Running, order, person, running, until

DECEMBER = Terms(("jkk", "jkm"), 1_000_000, Month(2026, 12), 2)


async def enrolled(reference: Running, serial: int = 1) -> tuple[str, Bill]:
    """Enrol somebody; return the reference and the first bill."""
    made = order(person(serial))
    outcome = await reference.backend.enrol(made, made.reference)
    assert outcome.bill is not None
    return made.reference, outcome.bill


async def test_an_order_makes_a_member(reference: Running) -> None:
    """An accepted order brings an 11-digit KPJ and a bill priced by the rules, to pay within seven days."""
    made = order()
    outcome = await reference.backend.enrol(made, "key")
    assert outcome == Outcome("accepted", made.reference, outcome.kpj, outcome.bill)
    assert re.fullmatch(r"[0-9]{11}", outcome.kpj)
    assert outcome.bill is not None
    assert (outcome.bill.total, outcome.bill.first, outcome.bill.months) == (8_400, Month(2026, 11), 1)
    assert outcome.bill.expires == NOON + dt.timedelta(days=7)
    assert outcome.bill.pay_url == f"{reference.url}/pay/{outcome.bill.code}"


async def test_kpj_numbers_and_codes_are_each_one_persons(reference: Running) -> None:
    """No two members share a KPJ or a payment code."""
    outcomes = [await reference.backend.enrol(order(person(n)), f"key{n}") for n in range(1, 9)]
    assert len({outcome.kpj for outcome in outcomes}) == 8
    assert len({outcome.bill.code for outcome in outcomes if outcome.bill}) == 8


async def test_the_same_key_gets_the_same_answer(reference: Running) -> None:
    """A retry with the same key and body does nothing and says the same."""
    made = order()
    first = await reference.backend.enrol(made, "key")
    assert await reference.backend.enrol(made, "key") == first


async def test_a_key_belongs_to_one_body(reference: Running) -> None:
    """The same key with another body is a mistake, told as 409."""
    await reference.backend.enrol(order(), "key")
    with pytest.raises(BackendRejected) as rejected:
        await reference.backend.enrol(order(person(2)), "key")
    assert (rejected.value.status, rejected.value.problem) == (409, "key_reused")


async def test_a_nik_is_enrolled_once(reference: Running) -> None:
    """A second order for the same NIK is refused, the check says so too, and the first enrolment stands."""
    name, bill = await enrolled(reference)
    assert await reference.backend.enrol(order(), "another") == Outcome("refused", reason="already_member")
    again = msgspec.structs.replace(order(), reference=name)
    assert await reference.backend.enrol(again, "third") == Outcome("refused", reason="already_member")
    assert await reference.backend.check_identity(person(), "check") == Verdict("already_member")
    state = await reference.backend.enrolment(name)
    assert state is not None
    assert (state.status, state.bills[0].bill) == ("accepted", bill)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (person(9100), "identity"),
        (person(9300), "identity"),
        (person(9400), "already_member"),
        (person(9500), "missing_data"),
        (person(birth_date=dt.date(1961, 11, 21)), "age"),
        (person(birth_date=dt.date(2026, 11, 22)), "identity"),
    ],
)
async def test_an_order_is_refused_with_a_reason(reference: Running, data: object, reason: str) -> None:
    """What the registry objects to is refused; 65 is too old on the birthday itself."""
    made = msgspec.structs.replace(order(), person=data)
    assert await reference.backend.enrol(made, "key") == Outcome("refused", reason=reason)
    state = await reference.backend.enrolment(made.reference)
    assert state is not None
    assert (state.status, state.reason, state.kpj) == ("refused", reason, "")


async def test_a_refused_order_may_be_put_right(reference: Running) -> None:
    """After a refusal the same reference can be ordered again with other data."""
    wrong = order(person(9100))
    await reference.backend.enrol(wrong, "first")
    right = msgspec.structs.replace(wrong, person=person(5))
    assert (await reference.backend.enrol(right, "second")).outcome == "accepted"


async def test_a_month_that_is_over_is_refused(reference: Running) -> None:
    """Nobody is enrolled for a month that has passed, as Jakarta counts months."""
    reference.clock.now = dt.datetime(2026, 11, 30, 17, 0, tzinfo=dt.UTC)  # 1 December in Jakarta
    assert await reference.backend.enrol(order(), "key") == Outcome("refused", reason="month")


async def test_programmes_come_in_two_combinations(reference: Running) -> None:
    """One programme twice is no pair."""
    terms = Terms(("jkk", "jkk"), 1_000_000, Month(2026, 11), 1)
    with pytest.raises(BackendRejected) as rejected:
        await reference.backend.enrol(order(terms=terms), "key")
    assert (rejected.value.status, rejected.value.problem) == (400, "invalid_body")


async def test_a_payment_is_recorded_once_and_told(reference: Running) -> None:
    """A bill is paid once; the webhook tells it and the enrolment shows the months."""
    name, bill = await enrolled(reference)
    assert await reference.backend.simulate_payment(bill.code, "p1") == Payment("paid")
    assert await reference.backend.simulate_payment(bill.code, "p2") == Payment("already_paid")
    assert await reference.backend.simulate_payment("NOSUCHCODE", "p3") == Payment("unknown")
    await until(lambda: reference.mailbox.events)
    (paid,) = reference.mailbox.events
    assert isinstance(paid, Paid)
    assert (paid.enrolment, paid.bill, paid.paid_at) == (name, bill, NOON)
    state = await reference.backend.enrolment(name)
    assert state is not None
    assert state.paid_months == (Month(2026, 11),)


async def test_a_bill_expires(reference: Running) -> None:
    """A bill left unpaid for seven days expires, tells so, and can be paid no more."""
    _, bill = await enrolled(reference)
    reference.clock.now += dt.timedelta(days=7)
    assert await reference.backend.simulate_payment(bill.code, "p1") == Payment("expired")
    await until(lambda: reference.mailbox.events)
    (expired,) = reference.mailbox.events
    assert isinstance(expired, Expired)
    assert expired.bill == bill


async def test_a_new_bill_takes_the_place_of_an_open_one(reference: Running) -> None:
    """One enrolment has one open bill."""
    name, first = await enrolled(reference)
    second = await reference.backend.issue_bill(name, DECEMBER, "b1")
    assert await reference.backend.issue_bill(name, DECEMBER, "b1") == second
    assert second is not None
    assert second.total == 8_400 * 2
    assert await reference.backend.simulate_payment(first.code, "p1") == Payment("expired")
    assert await reference.backend.simulate_payment(second.code, "p2") == Payment("paid")


async def test_paid_months_are_not_billed_again(reference: Running) -> None:
    """A bill for a month already paid is refused."""
    name, bill = await enrolled(reference)
    await reference.backend.simulate_payment(bill.code, "p1")
    with pytest.raises(BackendRejected, match="months_paid"):
        await reference.backend.issue_bill(name, order().terms, "b1")


async def test_arrears_are_billed_until_the_lapse(reference: Running) -> None:
    """Up to three unpaid months may be paid late; with the fourth only the running month may."""
    name, bill = await enrolled(reference)
    await reference.backend.simulate_payment(bill.code, "p1")
    reference.clock.now = dt.datetime(2027, 2, 20, tzinfo=dt.UTC)
    late = await reference.backend.issue_bill(name, DECEMBER, "b1")
    assert late is not None
    assert (late.first, late.months) == (Month(2026, 12), 2)
    reference.clock.now = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
    with pytest.raises(BackendRejected, match="month"):
        await reference.backend.issue_bill(name, DECEMBER, "b2")
    again = msgspec.structs.replace(DECEMBER, first=Month(2027, 3))
    assert await reference.backend.issue_bill(name, again, "b3") is not None


async def test_a_payment_has_a_number_and_a_bill_a_code_to_scan(reference: Running) -> None:
    """A bill brings what a QRIS code holds, and its payment is told with a number of its own."""
    _, bill = await enrolled(reference)
    assert bill.qris == f"SIMULASI {bill.code}"
    await reference.backend.simulate_payment(bill.code, "p1")
    (paid,) = await reference.backend.events(0)
    assert isinstance(paid, Paid)
    assert re.fullmatch(r"SIM-[0-9]{8}", paid.receipt)


async def test_nobody_is_billed_who_is_not_enrolled(reference: Running) -> None:
    """A bill needs an accepted enrolment."""
    refused = order(person(9100))
    await reference.backend.enrol(refused, "key")
    with pytest.raises(BackendRejected, match="not_enrolled"):
        await reference.backend.issue_bill(refused.reference, DECEMBER, "b1")
    with pytest.raises(BackendRejected, match="not_found"):
        await reference.backend.issue_bill(order().reference, DECEMBER, "b2")


async def test_an_unknown_enrolment_is_none(reference: Running) -> None:
    """Asking for an enrolment nobody handed off is no error."""
    assert await reference.backend.enrolment(order().reference) is None


async def test_events_come_in_pages_after_a_number(reference: Running) -> None:
    """Events are read in order, from any point on, until there are no more."""
    for serial in (1, 2, 3):
        _, bill = await enrolled(reference, serial)
        await reference.backend.simulate_payment(bill.code, f"p{serial}")
    told = await reference.backend.events(0)
    assert [event.sequence for event in told] == [1, 2, 3]
    assert await reference.backend.events(1) == told[1:]
    assert await reference.backend.events(3) == ()


async def test_another_secret_is_refused(reference: Running) -> None:
    """Who does not carry the secret learns nothing."""
    stranger = HttpBackend(reference.session, reference.url, "another secret")
    with pytest.raises(BackendUnauthorised):
        await stranger.requirements()


async def test_waiting_orders_and_bills_are_told_later(reference: Running) -> None:
    """With outcomes delayed, orders and bills are answered "waiting" and come as events, refusals included."""
    await reference.switch(Faults(async_outcome_s=0.1))
    good, bad = order(), order(person(9100))
    assert await reference.backend.enrol(good, "good") == Outcome("waiting", good.reference)
    assert await reference.backend.enrol(bad, "bad") == Outcome("waiting", bad.reference)
    await until(lambda: len(reference.mailbox.events) == 2)
    by_reference = {event.enrolment: event for event in reference.mailbox.events}
    accepted, refused = by_reference[good.reference], by_reference[bad.reference]
    assert isinstance(accepted, Accepted)
    assert isinstance(refused, Refused)
    assert refused.reason == "identity"
    assert await reference.backend.issue_bill(good.reference, DECEMBER, "b1") is None
    await until(lambda: isinstance(reference.mailbox.events[-1], Issued))


async def test_requirements_may_grow(reference: Running) -> None:
    """What the backend demands can be changed, and is then missed in a check."""
    fields = (*Requirements().fields, "email")
    await reference.switch(Faults(requirements=fields))
    assert await reference.backend.requirements() == Requirements(fields)
    assert await reference.backend.check_identity(person(), "check") == Verdict("missing", ("email",))


async def test_webhooks_are_tried_again_in_order(reference: Running) -> None:
    """A webhook that is not taken comes again, and a later one of the same enrolment waits for it."""
    reference.mailbox.refuse = 1
    name, first = await enrolled(reference)
    second = await reference.backend.issue_bill(name, DECEMBER, "b1")
    assert second is not None
    await reference.backend.simulate_payment(second.code, "p1")
    await until(lambda: len(reference.mailbox.events) == 2)
    expired, paid = reference.mailbox.events
    assert isinstance(expired, Expired)
    assert isinstance(paid, Paid)
    assert (expired.bill, paid.bill) == (first, second)


async def test_webhooks_outlive_the_process(tmp_path: Path) -> None:
    """A webhook that nobody took before the stop is delivered after the next start."""
    path = tmp_path / "reference.sqlite"
    async with running(path) as before:
        before.mailbox.refuse = 1_000
        _, bill = await enrolled(before)
        await before.backend.simulate_payment(bill.code, "p1")
        await until(lambda: before.mailbox.refuse < 1_000)
    assert before.mailbox.events == []
    async with running(path) as after:
        await until(lambda: after.mailbox.events)
        assert [type(event) for event in after.mailbox.events] == [Paid]


async def test_the_file_holds_no_data_in_the_clear(tmp_path: Path) -> None:
    """Neither NIK, name, phone nor mail reaches the reference's own file."""
    path = tmp_path / "reference.sqlite"
    async with running(path) as reference:
        data = person(name="Budi Santoso", email="budi@example.id")
        await reference.backend.check_identity(data, "check")
        await reference.backend.enrol(order(data), "key")
    with sqlite3.connect(path) as file:
        stored = "\n".join(file.iterdump())
    file.close()
    assert "B*** S******" in stored
    for secret in (data.nik, "Santoso", data.phone, data.email, "1990-08-05"):
        assert secret not in stored
