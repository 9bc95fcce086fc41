"""Bills: made, paid once, or run out. An enrolment has one open bill; a new one takes the place of the last."""

from __future__ import annotations

import datetime as dt
import secrets

import aiosqlite

from bot.backend.reference import events
from bot.backend.reference.books import Books, Refusal, moment
from bot.backend.shapes import BillState, Expired, Issued, Paid, Payer, Payment, Sector, Terms
from conversations.messages import Bill
from conversations.months import Month, jakarta, months_from
from conversations.programmes.contribution import quote
from conversations.programmes.errors import QuoteError
from conversations.programmes.membership import membership
from conversations.programmes.sponsor import less_share

LIFE = dt.timedelta(days=7)
"""How long a bill can be paid."""

AHEAD = 24
"""How many months ahead the last contribution month may lie."""

_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # read aloud and typed by hand: no 0/O, 1/I/L, U
_CODE_LENGTH = 16


def price(terms: Terms, sector: Sector, payer: Payer) -> int:
    """Return what a worker is billed in rupiah: 0 where a sponsor pays everything.

    Raises:
        Refusal: programmes that cannot be had together, 400 "invalid_body".
    """
    if len(set(terms.programmes)) < len(terms.programmes):
        raise Refusal(400, "invalid_body")
    try:
        priced = quote(terms.base, sector, terms.programmes, terms.first, terms.months, payer=terms.payer or payer)
    except QuoteError as error:
        raise Refusal(400, "invalid_body") from error
    return less_share(priced, terms.share).total


def in_reach(books: Books, terms: Terms, paid: frozenset[Month] = frozenset()) -> bool:
    """Say whether the months asked for are neither too far ahead nor over; arrears may be paid until the lapse."""
    earliest = min(books.month, membership(paid, jakarta(books.now)).next)
    return earliest <= terms.first and books.month.until(terms.first) + terms.months <= AHEAD


async def issue(books: Books, enrolment: aiosqlite.Row, terms: Terms) -> Bill:
    """Make the bill somebody asked for.

    Raises:
        Refusal: 409 "not_enrolled", "month" or "months_paid"; 400 where there is no such price.
    """
    if enrolment["status"] != "accepted":
        raise Refusal(409, "not_enrolled")
    paid = await _paid_months(books, enrolment["reference"])
    if not in_reach(books, terms, paid):
        raise Refusal(409, "month")
    if not paid.isdisjoint(months_from(terms.first, terms.months)):
        raise Refusal(409, "months_paid")
    bill = await make(books, enrolment, terms)
    if not bill.total:
        await pay(books, bill.code)
    return bill


async def make(books: Books, enrolment: aiosqlite.Row, terms: Terms) -> Bill:
    """Make a bill; an open one of the same enrolment expires.

    Raises:
        Refusal: 400 where there is no such price.
    """
    total = price(terms, enrolment["sector"], enrolment["payer"])
    await _replace_open(books, enrolment["reference"])
    expires = books.now.replace(microsecond=0) + LIFE
    code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    await books.run(
        "INSERT INTO bills (code, enrolment, first, months, total, expires, status) VALUES (?, ?, ?, ?, ?, ?, 'open')",
        code, enrolment["reference"], str(terms.first), terms.months, total, expires.timestamp(),
    )  # fmt: skip
    return _bill(books, code, total, terms.first, terms.months, expires)


async def settle_sponsored(books: Books, enrolment: aiosqlite.Row, terms: Terms) -> None:
    """Record months that a sponsor pays whole: a bill of nothing, paid at once, so that they count like any others."""
    bill = await make(books, enrolment, terms)
    await pay(books, bill.code)


async def pay(books: Books, code: str) -> Payment:
    """Record the payment of a code; a second one, or one too late, changes nothing."""
    row = await find(books, code)
    if row is None:
        return Payment("unknown")
    if row["status"] == "paid":
        return Payment("already_paid")
    if row["status"] == "expired" or row["expires"] <= books.now.timestamp():
        return Payment("expired")
    await books.run("UPDATE bills SET status = 'paid', paid_at = ? WHERE code = ?", books.now.timestamp(), code)
    receipt = f"SIM-{row['number']:08}"
    await events.record(books, Paid, row["enrolment"], bill=read(books, row).bill, paid_at=books.now, receipt=receipt)
    return Payment("paid")


async def announce(books: Books, reference: str, bill: Bill, delay: float) -> None:
    """Tell of a bill that was not in the answer to whoever asked for it, `delay` seconds from now."""
    await events.record(books, Issued, reference, delay=delay, bill=bill)


async def expire_due(books: Books) -> None:
    """Let every open bill whose time is over expire."""
    overdue = "SELECT * FROM bills WHERE status = 'open' AND expires <= ? ORDER BY number"
    for row in await books.all(overdue, books.now.timestamp()):
        await _expire(books, row)


async def find(books: Books, code: str) -> aiosqlite.Row | None:
    """Return a bill with the masked name of the person it is for."""
    return await books.one(
        "SELECT bills.*, enrolments.masked_name FROM bills JOIN enrolments ON reference = enrolment WHERE code = ?",
        code,
    )


async def of(books: Books, reference: str) -> tuple[BillState, ...]:
    """Return an enrolment's bills, oldest first."""
    rows = await books.all("SELECT * FROM bills WHERE enrolment = ? ORDER BY number", reference)
    return tuple(read(books, row) for row in rows)


def read(books: Books, row: aiosqlite.Row) -> BillState:
    """Return a stored bill as the contract tells it."""
    first, expires = Month.parse(row["first"]), moment(row["expires"])
    bill = _bill(books, row["code"], row["total"], first, row["months"], expires)
    return BillState(bill, row["status"], None if row["paid_at"] is None else moment(row["paid_at"]))


async def _replace_open(books: Books, reference: str) -> None:
    for row in await books.all("SELECT * FROM bills WHERE enrolment = ? AND status = 'open'", reference):
        await _expire(books, row)


async def _expire(books: Books, row: aiosqlite.Row) -> None:
    await books.run("UPDATE bills SET status = 'expired' WHERE code = ?", row["code"])
    await events.record(books, Expired, row["enrolment"], bill=read(books, row).bill)


async def _paid_months(books: Books, reference: str) -> frozenset[Month]:
    rows = await books.all("SELECT first, months FROM bills WHERE enrolment = ? AND status = 'paid'", reference)
    return frozenset(month for row in rows for month in months_from(Month.parse(row["first"]), row["months"]))


def _bill(books: Books, code: str, total: int, first: Month, months: int, expires: dt.datetime) -> Bill:
    """Return a bill with its page; the QRIS code holds words no app takes for a payment."""
    page = f"{books.public_url().rstrip('/')}/pay/{code}"
    return Bill(code, total, first, months, expires, page, qris=f"SIMULASI {code}")
