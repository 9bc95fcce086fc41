"""What a turn asks the shell to do, as data. Imperative names; the shell writes them in the turn's own transaction.

Hand-offs (`HandOff`) go to the enrolment backend through the outbox, in order per enrolment and with an idempotency
key of their own; what they bring comes back as an incoming. The other effects are rows of the same transaction.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from conversations.months import Month


class Effect(msgspec.Struct, frozen=True, tag_field="effect"):
    """The base of all effects."""


class HandOff(Effect, frozen=True):
    """The base of what goes to the backend. `person` is the person's number within the chat, from 1."""

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


class RecordConsent(Effect, frozen=True, tag="record_consent"):
    """Keep the proof that somebody said yes or no: `purpose` "enrol", "remind" or "agent", and the text's version."""

    person: int
    purpose: str
    version: str
    given: bool


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
    """Hand the chat to staff; `reason` is a code (asked, fault, employer, identity …), `person` 0 is nobody."""

    reason: str
    person: int = 0
    note: str = ""


class EraseDraft(Effect, frozen=True, tag="erase_draft"):
    """Forget what was typed for one person and the transcript up to here; nothing was handed on yet."""

    person: int


class EraseChat(Effect, frozen=True, tag="erase_chat"):
    """Forget the chat and its people as far as the law lets us: the data keys are destroyed."""


AnyEffect = (
    CheckIdentity
    | SubmitEnrolment
    | RequestBill
    | SimulatePayment
    | RecordConsent
    | RemindAgain
    | KeepPayday
    | OpenCase
    | EraseDraft
    | EraseChat
)
