"""What Jamin and the enrolment backend tell each other; docs/backend-contract.yaml says the same for other builders.

Amounts are whole rupiah, moments are aware and in UTC, months are contribution months ("2026-12" on the wire, see
`codec`). A `reference` is Jamin's own name for an enrolment, a UUID in text.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from conversations.messages import Bill
from conversations.months import Month, months_from

Field = Literal["nik", "name", "birth_date", "phone", "email", "home_region", "work_region"]
Programme = Literal["jkk", "jkm", "jht"]
Sector = Literal["transport", "other"]
Payer = Literal["self", "state", "other"]

Reference = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")]
Region = Annotated[str, Meta(pattern=r"^[0-9.]*\Z", max_length=13)]
Moment = Annotated[dt.datetime, Meta(tz=True)]


class Requirements(msgspec.Struct, frozen=True):
    """The data the backend needs of every person, in the order to ask for them."""

    fields: tuple[Field, ...] = ("nik", "name", "birth_date", "phone")


class PersonData(msgspec.Struct, frozen=True):
    """One person's data: NIK of 16 digits, name as on the KTP, mobile number in E.164, region codes of Kemendagri."""

    nik: Annotated[str, Meta(pattern=r"^[0-9]{16}\Z")]
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    birth_date: dt.date
    phone: Annotated[str, Meta(pattern=r"^\+[1-9][0-9]{7,14}\Z")]
    email: Annotated[str, Meta(max_length=254)] = ""
    home_region: Region = ""
    work_region: Region = ""


class Verdict(msgspec.Struct, frozen=True):
    """What the registration system makes of somebody's data; `fields` names what is missing or differs, never a value.

    "unavailable" is our own word for a backend without a machine to ask; it never comes over the wire.
    """

    verdict: Literal["complete", "missing", "differs", "unknown_nik", "already_member", "unavailable"]
    fields: tuple[Field, ...] = ()


class Terms(msgspec.Struct, frozen=True):
    """What is to be billed: programmes, the base in rupiah, and `months` contribution months from `first`.

    `payer` is who pays JKK and JKM in these months where it isn't whom the order named; a sponsor pays `share` per cent
    of them and is billed elsewhere. What is left is the worker's bill; where nothing is left there is none, and the
    months count as paid.
    """

    programmes: Annotated[tuple[Programme, ...], Meta(min_length=2, max_length=3)]
    base: Annotated[int, Meta(ge=1_000_000, le=20_700_000)]
    first: Month
    months: Annotated[int, Meta(ge=1, le=12)]
    payer: Payer | None = None
    share: Annotated[int, Meta(ge=0, le=100)] = 0


class Consent(msgspec.Struct, frozen=True):
    """That the person agreed to be enrolled and their data to be sent: which text, and when."""

    version: Annotated[str, Meta(min_length=1, max_length=40)]
    at: Moment


class Order(msgspec.Struct, frozen=True):
    """A hand-off: everything the backend needs to make one person a member."""

    reference: Reference
    person: PersonData
    occupation: Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,40}\Z")]
    sector: Sector
    payer: Payer
    terms: Terms
    consent: Consent


class Outcome(msgspec.Struct, frozen=True):
    """What became of an order.

    "accepted" brings the KPJ and the first bill (none where a sponsor pays everything), "waiting" is followed by an
    event, "refused" gives a `reason` ("already_member", "age", "identity", "missing_data", "month"). `reference` is
    empty where nothing was enrolled.
    """

    outcome: Literal["accepted", "waiting", "refused"]
    reference: str = ""
    kpj: str = ""
    bill: Bill | None = None
    reason: str = ""


class BillState(msgspec.Struct, frozen=True):
    """A bill and what became of it; `paid_at` is set once it is "paid"."""

    bill: Bill
    status: Literal["open", "paid", "expired"]
    paid_at: Moment | None = None


class EnrolmentState(msgspec.Struct, frozen=True):
    """An enrolment as the backend has it now, its bills oldest first."""

    reference: str
    status: Literal["waiting", "accepted", "refused"]
    kpj: str = ""
    reason: str = ""
    bills: tuple[BillState, ...] = ()

    @property
    def paid_months(self) -> tuple[Month, ...]:
        """The contribution months paid for, in order of time."""
        paid = (state.bill for state in self.bills if state.status == "paid")
        return tuple(sorted(month for bill in paid for month in months_from(bill.first, bill.months)))


class Payment(msgspec.Struct, frozen=True):
    """What a payment of a code came to; only "paid" changed anything."""

    result: Literal["paid", "already_paid", "expired", "unknown"]


class Event(msgspec.Struct, frozen=True, tag_field="kind"):
    """Something that happened at the backend at `at`.

    `id` is unique for ever and proves that an event was taken; `sequence` grows and is what `events(after)` counts by.
    """

    id: str
    sequence: int
    enrolment: str
    at: Moment


class Accepted(Event, frozen=True, tag="enrolment.accepted"):
    """An enrolment that was waiting became a membership; there is no `bill` where a sponsor pays everything."""

    kpj: str
    bill: Bill | None = None


class Refused(Event, frozen=True, tag="enrolment.refused"):
    """An enrolment that was waiting was refused; `reason` as in `Outcome`."""

    reason: str


class Issued(Event, frozen=True, tag="bill.issued"):
    """A bill was made without our asking, or later than we asked."""

    bill: Bill


class Paid(Event, frozen=True, tag="bill.paid"):
    """A bill was paid; `receipt` is the number of the payment, "" where the backend has none."""

    bill: Bill
    paid_at: Moment
    receipt: str = ""


class Expired(Event, frozen=True, tag="bill.expired"):
    """A bill ran out unpaid, or another took its place."""

    bill: Bill


AnyEvent = Accepted | Refused | Issued | Paid | Expired


class Events(msgspec.Struct, frozen=True):
    """A page of events in the order they happened; ask again after the last one until it is empty."""

    events: tuple[AnyEvent, ...]
