"""The rows that effects leave in the turn's own transaction, beside the hand-offs that go to the outbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from conversations.effects import (
    AnyEffect,
    ApplyAsAgent,
    DecideForm,
    EraseDraft,
    FollowNumber,
    GiveForm,
    IssueCode,
    KeepForm,
    KeepPayday,
    NoteNudge,
    NoteReferral,
    OfferMove,
    OpenCase,
    PassOn,
    RateCase,
    RecordConsent,
    RemindAgain,
    RequestBill,
    SendForm,
    StopProcessing,
    SubmitEnrolment,
    TakeOver,
)
from conversations.programmes.reminding import Habits, tomorrow, zone_of
from conversations.session import Session
from storage import forms, moving, passed_on, reminders
from storage.agents import keep_application, keep_event
from storage.arrivals import note_attribution
from storage.cases.acts import rate
from storage.cases.opening import open_case
from storage.chats import Chat, follow
from storage.enrolments import change_terms, keep_enrolment
from storage.erasure import erase_draft, take_back
from storage.news import Told
from storage.nudges import note_nudge
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
    session = wanted.session
    agent = session.origin.code if session and session.origin else ""
    figures = Figures(wanted.chat.locale, wanted.chat.address.channel, agent, session.source if session else "")
    person = await keep_person(connection, keys, chat_id, effect.person, effect.data, effect.order, figures, now)
    await keep_enrolment(connection, chat_id, person.id, effect, now)


async def _billed(wanted: Wanted, effect: RequestBill) -> None:
    await change_terms(wanted.told.connection, wanted.told.chat_id, effect.enrolment, effect.order)


async def _consent(wanted: Wanted, effect: RecordConsent) -> None:
    at = stored(wanted.told.now)
    wanted.add_row(CONSENTS, (wanted.chat.id, effect.person, effect.purpose, effect.version, effect.given, at))


async def _case(wanted: Wanted, effect: OpenCase) -> None:
    connection, keys, _, now = wanted.told
    await open_case(connection, keys, wanted.chat, wanted.session, effect, now)


async def _rated(wanted: Wanted, effect: RateCase) -> None:
    await rate(wanted.told.connection, wanted.chat.id, effect.case, effect.score, effect.why, wanted.told.now)


async def _follow(wanted: Wanted, effect: FollowNumber) -> None:
    await follow(wanted.told.connection, wanted.told.keys, wanted.chat, effect.address)


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


async def _offer_move(wanted: Wanted, effect: OfferMove) -> None:
    connection, keys, chat_id, now = wanted.told
    await moving.void_codes(connection, chat_id, now)
    index, channel = keys.index("move", effect.code), wanted.chat.address.channel
    wanted.add_row(moving.SHOWN, (chat_id, index, stored(now), stored(effect.until), channel))


async def _stop(wanted: Wanted, effect: StopProcessing) -> None:
    await take_back(wanted.told.connection, wanted.chat.id, effect.person)


async def _referral(wanted: Wanted, effect: NoteReferral) -> None:
    await note_attribution(wanted.told.connection, wanted.chat.id, effect.code, effect.kept, wanted.told.now)


async def _application(wanted: Wanted, effect: ApplyAsAgent) -> None:
    connection, keys, chat_id, now = wanted.told
    await keep_application(connection, keys, chat_id, effect.role, effect.area, effect.data, now)


async def _code(wanted: Wanted, effect: IssueCode) -> None:
    connection, keys, chat_id, now = wanted.told
    await keep_event(connection, keys, chat_id, effect.code, effect.label, now)


async def _pass_on(wanted: Wanted, effect: PassOn) -> None:
    connection, keys, chat_id, now = wanted.told
    await passed_on.keep(connection, keys, chat_id, effect, now)


async def _take_over(wanted: Wanted, effect: TakeOver) -> None:
    await passed_on.forget(wanted.told.connection, wanted.told.keys, effect.code)


async def _keep_form(wanted: Wanted, effect: KeepForm) -> None:
    connection, keys, chat_id, now = wanted.told
    await forms.keep_form(connection, keys, chat_id, effect.code, effect.agent, effect.answers, now)


async def _send_form(wanted: Wanted, effect: SendForm) -> None:
    # The line that this incoming gets, in which its photo will be kept (`storage/batch.py`).
    line = wanted.chat.lines + 1
    await forms.send_form(wanted.told.connection, wanted.chat.id, effect.code, line, wanted.told.now)


async def _decide_form(wanted: Wanted, effect: DecideForm) -> None:
    await forms.decide_form(wanted.told.connection, effect.code, effect.state, effect.by, wanted.told.now)


async def _give_form(wanted: Wanted, effect: GiveForm) -> None:
    await forms.give_to_person(wanted.told.connection, effect.code, wanted.chat.id)


async def _nudge(wanted: Wanted, effect: NoteNudge) -> None:
    await note_nudge(wanted.told.connection, wanted.chat.id, effect.person, effect.code, wanted.told.now)


_KEEPERS: dict[type[Any], Callable[[Wanted, Any], Awaitable[None]]] = {
    SubmitEnrolment: _submit,
    RequestBill: _billed,
    RecordConsent: _consent,
    RemindAgain: _remind_again,
    KeepPayday: _payday,
    OpenCase: _case,
    RateCase: _rated,
    FollowNumber: _follow,
    StopProcessing: _stop,
    EraseDraft: _erase_draft,
    OfferMove: _offer_move,
    NoteReferral: _referral,
    ApplyAsAgent: _application,
    IssueCode: _code,
    PassOn: _pass_on,
    TakeOver: _take_over,
    KeepForm: _keep_form,
    SendForm: _send_form,
    DecideForm: _decide_form,
    GiveForm: _give_form,
    NoteNudge: _nudge,
}
