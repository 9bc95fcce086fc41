"""The rows that effects leave in the turn's own transaction, beside the hand-offs that go to the outbox."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from conversations.effects import (
    AnyEffect,
    EraseDraft,
    KeepPayday,
    OpenCase,
    RecordConsent,
    RemindAgain,
    RequestBill,
    SubmitEnrolment,
)
from conversations.programmes.reminding import Habits, tomorrow, zone_of
from conversations.session import Session
from storage import reminders
from storage.chats import Chat
from storage.enrolments import change_terms, keep_enrolment
from storage.erasure import erase_draft
from storage.news import Told
from storage.people import Figures, keep_person
from storage.rows import Insert, Row
from storage.tables import cases, consents, stored

CONSENTS = Insert(consents, "chat_id", "person", "purpose", "version", "given", "at")
CASES = Insert(
    cases,
    *("id", "chat_id", "person", "reason", "state", "note", "opened_at"),
    conflict="ON CONFLICT DO NOTHING",
)


class Wanted(NamedTuple):
    """An effect's surroundings: the transaction, the locked chat, the session after the turn, where rows are added."""

    told: Told
    chat: Chat
    session: Session | None
    add_row: Callable[[Insert, Row], None]


async def keep(wanted: Wanted, effect: AnyEffect) -> None:
    """Write what this effect leaves in the database, if it leaves anything."""
    keeper = _KEEPERS.get(type(effect))
    if keeper is not None:
        await keeper(wanted, effect)


async def _submit(wanted: Wanted, effect: SubmitEnrolment) -> None:
    connection, keys, chat_id, now = wanted.told
    agent = wanted.session.agent if wanted.session else ""
    figures = Figures(wanted.chat.locale, wanted.chat.address.channel, agent)
    person = await keep_person(connection, keys, chat_id, effect.person, effect.data, effect.order, figures, now)
    await keep_enrolment(connection, chat_id, person.id, effect, now)


async def _billed(wanted: Wanted, effect: RequestBill) -> None:
    await change_terms(wanted.told.connection, wanted.told.chat_id, effect.enrolment, effect.order)


async def _consent(wanted: Wanted, effect: RecordConsent) -> None:
    at = stored(wanted.told.now)
    wanted.add_row(CONSENTS, (wanted.chat.id, effect.person, effect.purpose, effect.version, effect.given, at))


async def _case(wanted: Wanted, effect: OpenCase) -> None:
    """Open a case; where one is open already the database drops the row."""
    case_id = str(uuid.uuid4())
    note = wanted.chat.key.seal(effect.note.encode(), f"cases.note.{case_id}") if effect.note else None
    at = stored(wanted.told.now)
    wanted.add_row(CASES, (case_id, wanted.chat.id, effect.person, effect.reason, "open", note, at))


async def _remind_again(wanted: Wanted, effect: RemindAgain) -> None:
    connection, _, chat_id, now = wanted.told
    region = await reminders.region_of(connection, effect.enrolment)
    at = tomorrow(now, Habits(zone_of(region), seed=effect.enrolment))
    key = reminders.key_of(effect.enrolment, effect.month, f"tomorrow {at:%m-%d}")
    planned = reminders.Planned(
        key, effect.enrolment, chat_id, effect.person, str(effect.month), "tomorrow", fewer=False, due_at=at
    )
    await reminders.plan_one(connection, planned)


async def _payday(wanted: Wanted, effect: KeepPayday) -> None:
    await reminders.keep_payday(wanted.told.connection, wanted.told.chat_id, effect.enrolment, effect.payday)


async def _erase_draft(wanted: Wanted, effect: EraseDraft) -> None:
    await erase_draft(wanted.told.connection, wanted.chat.id, effect.person)


_KEEPERS: dict[type[Any], Callable[[Wanted, Any], Awaitable[None]]] = {
    SubmitEnrolment: _submit,
    RequestBill: _billed,
    RecordConsent: _consent,
    RemindAgain: _remind_again,
    KeepPayday: _payday,
    OpenCase: _case,
    EraseDraft: _erase_draft,
}
