"""What some incomings tell about enrolments and cases, kept beside the session in the same transaction.

Done by the kind of the incoming alone, whatever the core makes of it: staff see what the backend said, even where the
session drops it as stale.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.messages import (
    AgencyDecided,
    Bill,
    BillIssued,
    BillPaid,
    CaseClosed,
    CaseMode,
    EnrolmentAnswered,
    EnrolmentReopened,
    Kind,
    StaffLeads,
    StaffProposes,
    StaffSaid,
)
from conversations.months import months_from
from storage.agents import keep_decision
from storage.cases import acts, events
from storage.enrolments import change_enrolment, keep_contributions
from storage.people import person_of
from storage.sealing import DataKey, KeyRing


class Told(NamedTuple):
    """Where and when something was told: the transaction, the chat it came to."""

    connection: AsyncConnection
    keys: KeyRing
    chat_id: int
    now: dt.datetime


async def keep(told: Told, what: Kind) -> None:
    """Keep what this incoming tells, if it is of a kind that tells anything."""
    keeper = _KEEPERS.get(type(what))
    if keeper is not None:
        await keeper(told, what)


async def _answered(told: Told, what: EnrolmentAnswered) -> None:
    # It may be a copy of an answer that was lost, while the backend's webhook told more: that is not taken back.
    values: dict[str, Any] = {"state": what.outcome, "reason": what.reason}
    person = await person_of(told.connection, told.keys, told.chat_id, what.person)
    if person is not None and person.key is not None:
        if what.kpj:
            values["kpj"] = person.key.seal(what.kpj.encode(), f"enrolments.kpj.{what.enrolment}")
            values["kpj_index"] = told.keys.index("kpj", what.kpj)
        if what.bill is not None:
            values["bill"] = _sealed_bill(person.key, what.enrolment, what.bill)
    known_better = ("accepted", "refused") if what.outcome == "waiting" else ("accepted",)
    await change_enrolment(told.connection, told.chat_id, what.enrolment, told.now, unless=known_better, **values)


async def _reopened(told: Told, what: EnrolmentReopened) -> None:
    nothing: dict[str, Any] = dict.fromkeys(("kpj", "kpj_index", "bill")) | {"state": "waiting", "reason": ""}
    others = ("handed_off", "waiting", "undelivered")
    await change_enrolment(told.connection, told.chat_id, what.enrolment, told.now, unless=others, **nothing)


async def _issued(told: Told, what: BillIssued) -> None:
    person = await person_of(told.connection, told.keys, told.chat_id, what.person)
    if person is not None and person.key is not None:
        sealed = _sealed_bill(person.key, what.enrolment, what.bill)
        await change_enrolment(told.connection, told.chat_id, what.enrolment, told.now, bill=sealed)


async def _paid(told: Told, what: BillPaid) -> None:
    months = months_from(what.first, what.months)
    index = told.keys.index("bill", what.code)
    await keep_contributions(told.connection, what.enrolment, months, what.paid_at, index)


async def _said(told: Told, what: StaffSaid) -> None:
    await acts.answered(told.connection, what.case, what.by or None, told.now)


async def _offered(told: Told, what: StaffProposes) -> None:
    await acts.acted(told.connection, what.case, events.OFFERED, what.by or None, told.now)


async def _led(told: Told, what: StaffLeads) -> None:
    await acts.acted(told.connection, what.case, events.LED, what.by or None, told.now)


async def _mode(told: Told, what: CaseMode) -> None:
    await acts.set_mode(told.connection, what.case, what.mode, what.by or None, told.now)


async def _closed(told: Told, what: CaseClosed) -> None:
    await acts.close_case(told.connection, what.case, what.by or None, what.resolution, told.now)


async def _decided(told: Told, what: AgencyDecided) -> None:
    await keep_decision(told.connection, told.keys, told.chat_id, what, told.now)


def _sealed_bill(key: DataKey, enrolment: str, bill: Bill) -> bytes:
    return key.seal(msgspec.json.encode(bill), f"enrolments.bill.{enrolment}")


_KEEPERS: dict[type[Kind], Callable[[Told, Any], Awaitable[None]]] = {
    EnrolmentAnswered: _answered,
    EnrolmentReopened: _reopened,
    BillIssued: _issued,
    BillPaid: _paid,
    StaffSaid: _said,
    StaffProposes: _offered,
    StaffLeads: _led,
    CaseMode: _mode,
    CaseClosed: _closed,
    AgencyDecided: _decided,
}
