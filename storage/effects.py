"""The rows that effects leave in the turn's own transaction, beside the hand-offs that go to the outbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from conversations.effects import AnyEffect, EraseDraft, OpenCase, RateCase, RecordConsent, SubmitEnrolment
from conversations.session import Session
from storage.cases.acts import rate
from storage.cases.opening import open_case
from storage.chats import Chat
from storage.enrolments import keep_enrolment
from storage.erasure import erase_draft
from storage.news import Told
from storage.people import Figures, keep_person
from storage.rows import Insert, Row
from storage.tables import consents, stored

CONSENTS = Insert(consents, "chat_id", "person", "purpose", "version", "given", "at")


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


async def _consent(wanted: Wanted, effect: RecordConsent) -> None:
    at = stored(wanted.told.now)
    wanted.add_row(CONSENTS, (wanted.chat.id, effect.person, effect.purpose, effect.version, effect.given, at))


async def _case(wanted: Wanted, effect: OpenCase) -> None:
    connection, keys, _, now = wanted.told
    await open_case(connection, keys, wanted.chat, wanted.session, effect, now)


async def _rated(wanted: Wanted, effect: RateCase) -> None:
    await rate(wanted.told.connection, wanted.chat.id, effect.case, effect.score, effect.why, wanted.told.now)


async def _erase_draft(wanted: Wanted, effect: EraseDraft) -> None:
    await erase_draft(wanted.told.connection, wanted.chat.id, effect.person)


_KEEPERS: dict[type[Any], Callable[[Wanted, Any], Awaitable[None]]] = {
    SubmitEnrolment: _submit,
    RecordConsent: _consent,
    OpenCase: _case,
    RateCase: _rated,
    EraseDraft: _erase_draft,
}
