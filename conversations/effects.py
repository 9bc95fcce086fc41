"""What a turn asks the shell to do, as data. Imperative names; the shell writes them in the turn's own transaction.

Hand-offs (`HandOff`) go to the enrolment backend through the outbox, in order per enrolment and with an idempotency
key of their own; what they bring comes back as an incoming. The other effects are rows of the same transaction.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from conversations.messages import Address
from conversations.months import Month


class Effect(msgspec.Struct, frozen=True, tag_field="effect"):
    """The base of all effects."""


class HandOff(Effect, frozen=True):
    """The base of what leaves through the outbox and is answered by an incoming: for the backend, but for `Redeem`
    and `ReadKtp`.
    `person` is the person's number within the chat, from 1."""

    person: int


class CheckIdentity(HandOff, frozen=True, tag="check_identity"):
    """Ask the registration system whether `data` (field name → value, dates ISO) is right; `digest` names that data."""

    digest: str
    data: dict[str, str]


class Order(msgspec.Struct, frozen=True):
    """What is enrolled; `base` is in rupiah a month, `months` counts contribution months from `first`.

    Where a `sponsor` (a cohort's reference) pays, `share` is how many per cent of JKK and JKM.
    """

    occupation: str
    sector: str
    base: int
    programmes: tuple[str, ...]
    first: Month
    months: int
    payer: str = "self"
    sponsor: str = ""
    share: int = 0


class SubmitEnrolment(HandOff, frozen=True, tag="submit_enrolment"):
    """Enrol one person under `enrolment`, our reference, unique for ever; version and moment prove the consent."""

    enrolment: str
    data: dict[str, str]
    order: Order
    consent_version: str
    consented_at: dt.datetime


class RequestBill(HandOff, frozen=True, tag="request_bill"):
    """Ask for a new bill for somebody enrolled; `request` tells one wish from the next."""

    enrolment: str
    request: int
    order: Order


class SimulatePayment(HandOff, frozen=True, tag="simulate_payment"):
    """Demo mode only: pay a bill at the reference backend."""

    enrolment: str
    code: str


class Redeem(HandOff, frozen=True, tag="redeem"):
    """Look for the chat whose `code` was typed in this one, whose last asking was `asking`; nobody is concerned yet, so
    `person` is 0."""

    code: str
    asking: int


class ReadKtp(HandOff, frozen=True, tag="read_ktp"):
    """Read the KTP on a picture, outside of the turn; `ref` is the channel's name for it, `asking` the question it was
    sent for."""

    ref: str
    asking: int


class OfferMove(Effect, frozen=True, tag="offer_move"):
    """Let this chat be found by a `code` until a moment; earlier codes of it are void."""

    code: str
    until: dt.datetime


class MoveTo(Effect, frozen=True, tag="move_to"):
    """Give this chat the address where its code was typed; the chat that was there takes its old address, emptied."""

    to: Address


class RecordConsent(Effect, frozen=True, tag="record_consent"):
    """Keep the proof that somebody said yes or no: `purpose` "enrol", "remind", "agent" or "broadcast", and the
    text's version; `person` 0 is the chat itself."""

    person: int
    purpose: str
    version: str
    given: bool


class StopProcessing(Effect, frozen=True, tag="stop_processing"):
    """Send nothing more about a person to the backend: what waits to be handed on is taken back."""

    person: int


class RemindAgain(Effect, frozen=True, tag="remind_again"):
    """Remind once more of a contribution `month` of an enrolment, tomorrow by the member's own clock."""

    person: int
    enrolment: str
    month: Month


class KeepPayday(Effect, frozen=True, tag="keep_payday"):
    """Remind on this day of the month (1 to 31) rather than on a day of ours."""

    person: int
    enrolment: str
    payday: int


class OpenCase(Effect, frozen=True, tag="open_case"):
    """Hand the chat to staff; `reason` is a code of `cases.REASONS`, `person` 0 is nobody.

    Where a case is open already it is raised if the reason is more pressing; `reopens` names one closed a short while
    ago that goes on instead.
    """

    reason: str
    person: int = 0
    note: str = ""
    reopens: str = ""


class RateCase(Effect, frozen=True, tag="rate_case"):
    """Keep how the worker found the help of staff: `score` "good" or "bad", `why` a code or ""."""

    case: str
    score: str
    why: str = ""


class KeepMedia(Effect, frozen=True, tag="keep_media"):
    """Fetch what the worker sent (`kind` "photo", "voice" or "file") from the channel and keep it, sealed, for staff.

    `ref` is the channel's name for it. `line` is the line of the chat it came in; the shell knows it and fills it in.
    """

    ref: str
    kind: str
    line: int = 0


class FollowNumber(Effect, frozen=True, tag="follow_number"):
    """Reach the chat at another address of its channel from now on."""

    address: str


class EraseDraft(Effect, frozen=True, tag="erase_draft"):
    """Forget what was typed for one person and the transcript up to here; nothing was handed on yet."""

    person: int


class EraseChat(Effect, frozen=True, tag="erase_chat"):
    """Forget the chat and its people as far as the law lets us: the data keys are destroyed."""


class NoteReferral(Effect, frozen=True, tag="note_referral"):
    """Keep for the figures that this chat came by a link's `code`, or (not `kept`) that the worker declined it."""

    code: str
    kept: bool = True


class ApplyAsAgent(Effect, frozen=True, tag="apply_as_agent"):
    """Put an application before staff: `role` is "agent", "counter", "coordinator" or "volunteer", `area` a region's
    code, `data` what is sealed (name, organisation, letter, member: "yes" or "no")."""

    role: str
    area: str
    data: dict[str, str]


class IssueCode(Effect, frozen=True, tag="issue_code"):
    """Give an agent's meeting a `code` of its own; `label` is what the agent calls it."""

    code: str
    label: str


class PassOn(Effect, frozen=True, tag="pass_on"):
    """Keep what an agent filled in for somebody under a `code`, until that person takes it over or a day is gone;
    `agent` is the code of the agent's links."""

    code: str
    agent: str
    answers: dict[str, Any]


class KeepForm(Effect, frozen=True, tag="keep_form"):
    """Keep what an agent filled in for somebody without a phone, until staff have seen that they signed a form;
    `code` is what the form is marked with, `agent` the code of the agent's links."""

    code: str
    agent: str
    answers: dict[str, Any]


class SendForm(Effect, frozen=True, tag="send_form"):
    """Put the form marked with a `code` before staff; its photo came with this turn."""

    code: str


class DecideForm(Effect, frozen=True, tag="decide_form"):
    """Keep what staff decided about a form: `state` is "accepted", or "open" for one that is sent back; `by` is the
    operator's name."""

    code: str
    state: str
    by: str


class GiveForm(Effect, frozen=True, tag="give_form"):
    """Leave what was filled in to this chat, which is the person's own; the form stays as proof of the consent."""

    code: str


class NoteNudge(Effect, frozen=True, tag="note_nudge"):
    """Keep that a person was nudged for the agent by whose `code` they came."""

    person: int
    code: str


class TakeOver(Effect, frozen=True, tag="take_over"):
    """Forget what was kept under a `code`: it is the worker's now."""

    code: str


AnyEffect = (
    CheckIdentity
    | SubmitEnrolment
    | RequestBill
    | SimulatePayment
    | Redeem
    | ReadKtp
    | OfferMove
    | MoveTo
    | RecordConsent
    | RemindAgain
    | KeepPayday
    | StopProcessing
    | OpenCase
    | RateCase
    | KeepMedia
    | FollowNumber
    | EraseDraft
    | EraseChat
    | NoteReferral
    | ApplyAsAgent
    | IssueCode
    | PassOn
    | TakeOver
    | KeepForm
    | SendForm
    | DecideForm
    | GiveForm
    | NoteNudge
)
