"""Enrolments: judged, accepted with a KPJ and a first bill, or refused with a reason; each NIK at most once."""

from __future__ import annotations

import datetime as dt
import time

import aiosqlite

from bot.backend import codec
from bot.backend.reference import bills, events, registry
from bot.backend.reference.books import Books, Refusal, mask
from bot.backend.shapes import (
    Accepted,
    EnrolmentState,
    Field,
    Order,
    Outcome,
    PersonData,
    Refused,
    Terms,
    Verdict,
)
from conversations.months import jakarta

AGE_LIMIT = 65
"""Who registers must be younger (Perdir BPJSTK 22/PERDIR.02/072022)."""

REASONS = {
    "already_member": "already_member",
    "differs": "identity",
    "unknown_nik": "identity",
    "missing": "missing_data",
}
"""Why an order is refused, by the registry's verdict."""

KPJ_PREFIX = "99"
"""What KPJ numbers of the simulation begin with."""


async def check(books: Books, data: PersonData, required: tuple[Field, ...]) -> Verdict:
    """Judge somebody's data by the registry and by who is a member already."""
    member = await books.one(
        "SELECT 1 FROM enrolments WHERE nik_digest = ? AND status <> 'refused'", books.digest(data.nik)
    )
    return Verdict("already_member") if member else registry.judge(data, required)


async def enrol(books: Books, order: Order, required: tuple[Field, ...], wait: float | None) -> Outcome:
    """Decide an order now, or `wait` seconds later.

    Raises:
        Refusal: 409 "reference_taken" where the reference names another person's enrolment; 400 "invalid_body".
    """
    bills.price(order.terms, order.sector, order.payer)
    held = await find(books, order.reference)
    live = held is not None and held["status"] != "refused"
    if held is not None and live and held["nik_digest"] != books.digest(order.person.nik):
        raise Refusal(409, "reference_taken")
    reason = await _objection(books, order, required)
    if reason == "already_member":
        return await _refuse_member(books, order, live)
    row = await _write(books, order, "waiting", reason, wait)
    return await _decide(books, row) if wait is None else Outcome("waiting", order.reference)


async def decide_due(books: Books) -> None:
    """Decide the orders that have waited long enough, and tell of it."""
    due = "SELECT * FROM enrolments WHERE status = 'waiting' AND decide_at <= ? ORDER BY decide_at"
    for row in await books.all(due, time.time()):
        await _tell(books, row["reference"], await _decide(books, row))


async def state(books: Books, reference: str) -> EnrolmentState | None:
    """Return an enrolment as it is now."""
    row = await find(books, reference)
    if row is None:
        return None
    reason = "" if row["status"] == "waiting" else row["reason"]
    return EnrolmentState(reference, row["status"], row["kpj"] or "", reason, await bills.of(books, reference))


async def find(books: Books, reference: str) -> aiosqlite.Row | None:
    """Return the row of an enrolment."""
    return await books.one("SELECT * FROM enrolments WHERE reference = ?", reference)


async def _objection(books: Books, order: Order, required: tuple[Field, ...]) -> str:
    """Return why the order must be refused, or ""."""
    verdict = await check(books, order.person, required)
    if verdict.verdict != "complete":
        return REASONS[verdict.verdict]
    today, born = jakarta(books.now), order.person.birth_date
    if born >= today:
        return "identity"
    if _age(born, today) >= AGE_LIMIT:
        return "age"
    return "" if bills.in_reach(books, order.terms) else "month"


def _age(born: dt.date, today: dt.date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


async def _refuse_member(books: Books, order: Order, live: bool) -> Outcome:
    """Refuse at once, and keep the row of an enrolment that holds."""
    if not live:
        await _write(books, order, "refused", "already_member", None)
    return Outcome("refused", reason="already_member")


async def _write(books: Books, order: Order, status: str, reason: str, wait: float | None) -> aiosqlite.Row:
    """Write an order and the decision it will come to, over a refused one of the same reference."""
    return await books.sole(
        "INSERT INTO enrolments (reference, nik_digest, masked_name, status, reason, sector, payer, terms, decide_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (reference) DO UPDATE SET"
        " nik_digest = excluded.nik_digest, masked_name = excluded.masked_name, status = excluded.status,"
        " reason = excluded.reason, sector = excluded.sector, payer = excluded.payer, terms = excluded.terms,"
        " decide_at = excluded.decide_at RETURNING *",
        order.reference,
        books.digest(order.person.nik),
        mask(order.person.name),
        status,
        reason,
        order.sector,
        order.payer,
        codec.encode(order.terms).decode(),
        None if wait is None else time.time() + wait,
    )


async def _decide(books: Books, row: aiosqlite.Row) -> Outcome:
    reference = row["reference"]
    if row["reason"]:
        await books.run("UPDATE enrolments SET status = 'refused' WHERE reference = ?", reference)
        return Outcome("refused", reason=row["reason"])
    kpj = await _next_kpj(books)
    await books.run("UPDATE enrolments SET status = 'accepted', kpj = ? WHERE reference = ?", kpj, reference)
    terms = codec.decode(row["terms"].encode(), Terms)
    if not bills.price(terms, row["sector"], row["payer"]):
        await bills.settle_sponsored(books, row, terms)
        return Outcome("accepted", reference, kpj)
    return Outcome("accepted", reference, kpj, await bills.make(books, row, terms))


async def _tell(books: Books, reference: str, outcome: Outcome) -> None:
    if outcome.outcome == "accepted":
        await events.record(books, Accepted, reference, kpj=outcome.kpj, bill=outcome.bill)
    else:
        await events.record(books, Refused, reference, reason=outcome.reason)


async def _next_kpj(books: Books) -> str:
    """Return the next KPJ: 11 digits, the prefix and a counter."""
    row = await books.sole("UPDATE counters SET value = value + 1 WHERE name = 'kpj' RETURNING value")
    return f"{KPJ_PREFIX}{row['value']:09}"
