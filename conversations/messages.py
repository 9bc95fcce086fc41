"""What comes into a chat and what goes out of it, free of any channel.

An *incoming* is one thing that happened to one chat: words, a tap, a photo, the backend's answer, a timer, a staff
reply. A *reply* is what we say, as catalogue keys and values; `speech.Speech` turns it into a `Message` in a language.
Everything here is immutable and encodes to JSON with msgspec, so that it can be stored, sealed and compared.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import msgspec

from conversations.months import Month
from conversations.programmes.sponsor import Sponsor
from conversations.reading.ktp_card import Card


class Address(NamedTuple):
    """Where a chat takes place: the `channel`, the `bot` (our account there) and the `address` of the other side."""

    channel: str
    bot: str
    address: str


class Kind(msgspec.Struct, frozen=True, tag_field="kind"):
    """The base of everything that can come in; each subclass is one kind, named by its tag in stored JSON."""


# --- from the worker -------------------------------------------------------------------------------------------------


class Text(Kind, frozen=True, tag="text"):
    """Words typed by the worker."""

    text: str


class Tap(Kind, frozen=True, tag="tap"):
    """A button pressed; `value` is what the button carried (see `asking.py`)."""

    value: str


class Contact(Kind, frozen=True, tag="contact"):
    """The sender's own phone number, shared through the messenger."""

    phone: str


class Photo(Kind, frozen=True, tag="photo"):
    """A picture; `ref` names it in the shell's store, never a path or an address of a person."""

    ref: str


class Start(Kind, frozen=True, tag="start"):
    """The chat was opened, perhaps through a link that carries a `code`."""

    code: str = ""


class Unsupported(Kind, frozen=True, tag="unsupported"):
    """Something we cannot read yet: sticker, voice note, file …; `what` is our word for it, `ref` names what can be
    fetched from the channel, "" where nothing can."""

    what: str
    ref: str = ""


class Left(Kind, frozen=True, tag="left"):
    """The worker blocked us: nothing can be sent until they come back."""


class CameBack(Kind, frozen=True, tag="came_back"):
    """The worker lifted the block."""


class Located(Kind, frozen=True, tag="located"):
    """A position shared through the messenger, as the codes of the `regions` nearest to it, the nearest first. The
    position itself is never kept."""

    regions: tuple[str, ...]


class NumberChanged(Kind, frozen=True, tag="number_changed"):
    """The messenger tells that the number behind this chat is a new one, perhaps with a new owner; `address` is where
    the chat is reached from now on."""

    address: str


class NewsWanted(Kind, frozen=True, tag="news_wanted"):
    """The worker told the messenger, not us, whether broadcasts may come."""

    wanted: bool


class Private(Kind, frozen=True, tag="private"):
    """An answer typed on the one-time page instead of in the chat, bound to the `asking` it was made for."""

    asking: int
    text: str


class KtpRead(Kind, frozen=True, tag="ktp_read"):
    """What was read on a picture that was sent for the question `asking`: a `card` with a NIK, or `advice` (one of
    `ktp_card.ADVICE`, "unread" where the picture could not be had or read in time)."""

    person: int
    asking: int
    card: Card = Card()
    advice: str = ""


# --- from the backend ------------------------------------------------------------------------------------------------


class Bill(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to be paid: a `code`, `total` in rupiah for `months` months from `first`, until `expires` (UTC).

    `pay_url` is a page to pay at, `qris` the content of a QRIS code; both are the backend's, "" where it has none.
    """

    code: str
    total: int
    first: Month
    months: int
    expires: dt.datetime
    pay_url: str = ""
    qris: str = ""


class IdentityChecked(Kind, frozen=True, tag="identity_checked"):
    """The registration system's answer about one person's data.

    `verdict` is "complete", "missing", "differs", "unknown_nik", "already_member" or "unavailable"; `fields` names what
    is missing or differs; `digest` is that of the data asked about, so that an answer about older data is dropped.
    """

    person: int
    digest: str
    verdict: str
    fields: tuple[str, ...] = ()


class EnrolmentAnswered(Kind, frozen=True, tag="enrolment_answered"):
    """What became of a hand-off.

    `outcome` is "accepted" (with `kpj` and `bill`), "waiting" (staff or backend still at work), "refused" (`reason` is
    a code such as "already_member", "age", "identity") or "undelivered" (given up, staff see it).
    """

    person: int
    enrolment: str
    outcome: str
    kpj: str = ""
    bill: Bill | None = None
    reason: str = ""


class EnrolmentReopened(Kind, frozen=True, tag="enrolment_reopened"):
    """An operator recorded an outcome by mistake and took it back: the enrolment waits again."""

    person: int
    enrolment: str


class BillIssued(Kind, frozen=True, tag="bill_issued"):
    """A new bill for somebody already enrolled."""

    person: int
    enrolment: str
    bill: Bill


class BillPaid(Kind, frozen=True, tag="bill_paid"):
    """A payment was recorded by the backend at `paid_at` (UTC) for `months` contribution months from `first`;
    `receipt` is the backend's number of it, "" where it has none."""

    person: int
    enrolment: str
    code: str
    first: Month
    months: int
    paid_at: dt.datetime
    receipt: str = ""


class BillExpired(Kind, frozen=True, tag="bill_expired"):
    """A bill ran out unpaid."""

    person: int
    enrolment: str
    code: str


# --- from another chat -----------------------------------------------------------------------------------------------


class Continued(Kind, frozen=True, tag="continued"):
    """A code of this chat was typed at `to`, in a chat whose last asking was `asking`; `digest` names the code."""

    to: Address
    digest: str
    asking: int = 0


class CodeRefused(Kind, frozen=True, tag="code_refused"):
    """A code typed here moves nothing; `why` is "unknown", "expired" or "used"."""

    why: str


# --- from staff and the clock ----------------------------------------------------------------------------------------


class StaffSaid(Kind, frozen=True, tag="staff_said"):
    """An operator's reply within a case; `operator` is the name shown to the worker, `by` our id of the operator."""

    case: str
    operator: str
    text: str
    by: str = ""


class StaffProposes(Kind, frozen=True, tag="staff_proposes"):
    """An operator offers to change the answer `field` of the draft to what `value` says; the worker decides."""

    case: str
    operator: str
    field: str
    value: str
    by: str = ""


class StaffLeads(Kind, frozen=True, tag="staff_leads"):
    """An operator sends the worker into a flow: the bot goes on there, the case stays open."""

    case: str
    flow: str
    by: str = ""


class CaseMode(Kind, frozen=True, tag="case_mode"):
    """What the bot does while staff have the chat: a mode of `cases.MODES`."""

    case: str
    mode: str
    by: str = ""


class StaffOpens(Kind, frozen=True, tag="staff_opens"):
    """Staff open a case for this chat themselves; the worker hears of it when they write."""

    note: str = ""
    by: str = ""


class CaseClosed(Kind, frozen=True, tag="case_closed"):
    """The case is closed, `resolution` being one of `cases.RESOLUTIONS`; the bot goes on where it stopped."""

    case: str
    by: str = ""
    resolution: str = ""


class AgencyDecided(Kind, frozen=True, tag="agency_decided"):
    """Staff decided about the worker as an agent: `state` is "active" (with the `code` of their links and their
    `role`), "refused", "suspended" or "ended"; `reason` is theirs to read, `by` the operator's name."""

    state: str
    code: str = ""
    role: str = ""
    reason: str = ""
    by: str = ""


class FormDecided(Kind, frozen=True, tag="form_decided"):
    """Staff looked at the form that somebody without a phone signed, marked with a `code`: it is good, or goes back to
    its agent with a `reason`; `by` is the operator's name."""

    code: str
    good: bool
    reason: str = ""
    by: str = ""


class SignedOnPaper(Kind, frozen=True, tag="signed_on_paper"):
    """Somebody without a phone agreed on paper, and staff saw it: what the `agent` (their links' code) filled in, what
    stands `behind` that code (`turn.Referral.kind`), the form's `code`, whether the agent may `see` how it goes."""

    code: str
    agent: str
    behind: str
    answers: dict[str, Any]
    sees: bool = False


class AgentNudges(Kind, frozen=True, tag="agent_nudges"):
    """The agent of a `code`, called `name`, asks us to remind a person who came by it of going on."""

    person: int
    code: str
    name: str


class ReminderDue(Kind, frozen=True, tag="reminder_due", omit_defaults=True):
    """It is time to remind of a contribution `month`; `moment` names the nudge (`programmes.reminding`) and `key` its
    row, by which it is checked again when it is sent."""

    person: int
    enrolment: str
    month: Month
    moment: str = "due"
    key: str = ""


class BroadcastDue(Kind, frozen=True, tag="broadcast_due", omit_defaults=True):
    """Staff write to many: the `text` as they wrote it, its row's `key`; a `test` goes to a chat that staff named."""

    text: str
    key: str
    test: bool = False


class Anniversary(Kind, frozen=True, tag="anniversary"):
    """With a contribution `month` that is paid a member's cover may have lasted whole years."""

    person: int
    enrolment: str
    month: Month


class SponsorFound(Kind, frozen=True, tag="sponsor_found"):
    """Somebody pays from now on for a person who was enrolled before the list came."""

    person: int
    enrolment: str
    sponsor: Sponsor


class DraftExpired(Kind, frozen=True, tag="draft_expired"):
    """The chat was left for longer than what is in it is kept: a draft, or an enrolment whose cover ended long ago
    (`retention.DRAFT_DAYS`, `MEMBER_DAYS`)."""


class Faulted(Kind, frozen=True, tag="faulted"):
    """The turn for an earlier incoming raised an `error` (a type name): an apology and a case follow (law 6)."""

    error: str


What = (
    Text
    | Tap
    | Contact
    | Photo
    | Start
    | Unsupported
    | Left
    | CameBack
    | Located
    | NumberChanged
    | NewsWanted
    | Private
    | KtpRead
    | IdentityChecked
    | EnrolmentAnswered
    | EnrolmentReopened
    | BillIssued
    | BillPaid
    | BillExpired
    | Continued
    | CodeRefused
    | StaffSaid
    | StaffProposes
    | StaffLeads
    | CaseMode
    | StaffOpens
    | CaseClosed
    | AgencyDecided
    | FormDecided
    | SignedOnPaper
    | AgentNudges
    | ReminderDue
    | BroadcastDue
    | Anniversary
    | SponsorFound
    | DraftExpired
    | Faulted
)


BY_WORKER = (Text, Tap, Contact, Located, Photo, Start, Unsupported)
"""What the worker sends in the chat itself: it opens a messenger's window anew."""

FROM_WORKER = (*BY_WORKER, Private)
"""What a worker does, apart from leaving and coming back."""

FROM_STAFF = (StaffSaid, StaffProposes, StaffLeads, CaseMode, StaffOpens, CaseClosed)

MEANT_FOR_PEOPLE = (
    KtpRead,
    IdentityChecked,
    EnrolmentAnswered,
    EnrolmentReopened,
    BillIssued,
    BillPaid,
    BillExpired,
    *FROM_STAFF,
    ReminderDue,
)
"""What follows the people of a chat wherever it moves; all else is about the address it came to. Ids of these kinds are
unique over all channels."""


class Incoming(msgspec.Struct, frozen=True):
    """One update made channel-free: `id` is unique within channel and bot and proves that it was taken.

    `sent_at` (UTC) is when it was sent, where the channel tells and may bring things late; `unseen` says that our last
    words still wait to be delivered; `source` is what led the worker here, such as "ad:120208"; `language` is the tag
    of the language that the messenger tells of itself, "" where it does not.
    """

    address: Address
    id: str
    what: What
    sent_at: dt.datetime | None = None
    unseen: bool = False
    source: str = ""
    language: str = ""


# --- what we say -----------------------------------------------------------------------------------------------------


class Rupiah(NamedTuple):
    """An amount in whole rupiah, shown as money."""

    rupiah: int


class Lines(NamedTuple):
    """Several sentences, one a line."""

    says: tuple[Say, ...]


class Say(msgspec.Struct, frozen=True):
    """One sentence or paragraph: a catalogue key and the values it needs.

    A value is a str, int, Rupiah, Month, date, another Say, Lines, or a tuple of these (listed with commas).
    """

    key: str
    values: dict[str, Any] = {}


class Button(msgspec.Struct, frozen=True):
    """Something to tap: a label and either an opaque `value` that comes back as a Tap, or a `url` that opens."""

    label: Say
    value: str = ""
    url: str = ""


class Paper(msgspec.Struct, frozen=True):
    """A picture that goes with a message: which `kind` (see `papers.SHEETS`), about which person of the chat. It is
    drawn when it is sent, from what is known then, and never stored."""

    kind: str
    person: int


class Reply(msgspec.Struct, frozen=True):
    """One message to the worker: paragraphs, then buttons; `progress` is (step now, steps in all) of a form.

    `template` names what is said where a messenger takes only approved templates by now (see `letters.py`); `paper` is
    a picture that says the same.
    """

    says: tuple[Say, ...]
    buttons: tuple[Button, ...] = ()
    progress: tuple[int, int] | None = None
    template: Say | None = None
    paper: Paper | None = None


class Shown(msgspec.Struct, frozen=True):
    """A button as the worker sees it."""

    label: str
    value: str = ""
    url: str = ""


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """A reply in words, as it is stored and sent. `progress` is (step now, steps in all) where a form is open;
    `template` is the name of one, "" for none, and `values` (name, words) fill its placeholders; `paper` is a picture
    that goes with it where the channel can show one; `locale` is the language of the words."""

    text: str
    buttons: tuple[Shown, ...] = ()
    flow: str = ""
    step: str = ""
    progress: tuple[int, int] | None = None
    template: str = ""
    values: tuple[tuple[str, str], ...] = ()
    paper: Paper | None = None
    locale: str = "id"
