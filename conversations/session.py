"""The session: all that one chat knows, in one immutable value that a turn takes and gives back.

The next question is derived from the answers (`flow.py`), never stored; what is stored is the step last *asked*, and
the asking id that its buttons carry, so that an answer is read against the question it belongs to (law 7).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec

from conversations.messages import Address, Bill
from conversations.months import Month

SCHEMA = 2

Answers = dict[str, Any]


class Identity(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last identity check: of which data (`digest`), what came back (`verdict`, "asked" while under way), how often
    it failed."""

    digest: str
    verdict: str = "asked"
    fields: tuple[str, ...] = ()
    failures: int = 0


class Enrolment(msgspec.Struct, frozen=True, omit_defaults=True):
    """One enrolment as the backend told it: `state` is "handed_off", "waiting", "accepted", "refused" or "undelivered".

    `paid` holds the contribution months recorded as paid; a member's cover is derived from them. `settled` are the
    codes of the last bills that were paid, so that a second payment is told from a second telling of the first.
    """

    reference: str
    state: str = "handed_off"
    kpj: str = ""
    bill: Bill | None = None
    requests: int = 0
    paid: tuple[Month, ...] = ()
    settled: tuple[str, ...] = ()
    reason: str = ""


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody to be insured: their number in this chat (from 1), the answers by step name, what became of them, and
    when we last reminded them for their agent."""

    number: int
    answers: Answers = {}
    identity: Identity | None = None
    enrolment: Enrolment | None = None
    submissions: int = 0
    nudged_at: dt.datetime | None = None


class Closed(msgspec.Struct, frozen=True, omit_defaults=True):
    """The case closed last: its id and when, and whether it was told without a name.

    `offer` is the id of the buttons that ask how the help was, `score` what was tapped.
    """

    case: str
    at: dt.datetime
    offer: int = 0
    score: str = ""
    unnamed: bool = False


class Proposal(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change that staff offered: the answer `field` of a person's draft to what `value` says.

    `offer` is the id of its buttons. `last` tells that nothing was said or asked since, so that a typed yes is for it.
    """

    person: int
    field: str
    value: str
    offer: int
    last: bool = True


class Leaving(msgspec.Struct, frozen=True, omit_defaults=True):
    """The code last shown for going on elsewhere: its digest, until when it is good, and whether it was used."""

    digest: str
    until: dt.datetime
    used: bool = False


class Note(msgspec.Struct, frozen=True):
    """What an operator said while the chat was guarded, kept until its owner is known."""

    operator: str
    text: str


class Origin(msgspec.Struct, frozen=True, omit_defaults=True):
    """The link a worker came by: its `code`, what stands behind it (`turn.Referral.kind`), and when."""

    code: str
    kind: str = "agent"
    at: dt.datetime | None = None


class PaperForm(msgspec.Struct, frozen=True):
    """A form that somebody without a phone is to sign: the `code` on it, and since when its photo is awaited."""

    code: str
    since: dt.datetime


class Agency(msgspec.Struct, frozen=True, omit_defaults=True):
    """What this chat's worker is, or wants to be, as an agent: `state` is "drafting", "applied", "active", "refused",
    "suspended" or "ended" as staff decided it, `code` what their links carry, `answers` the application by step,
    `events` how many meetings were given a code, `forms` the signed forms whose photo is still to be sent."""

    state: str = "drafting"
    code: str = ""
    role: str = ""
    answers: Answers = {}
    events: int = 0
    forms: tuple[PaperForm, ...] = ()


class Session(msgspec.Struct, frozen=True, omit_defaults=True):
    """One chat. `asked` is the step last asked, `asking` its id, `content` the fingerprint of what it showed.

    `reopened` is a step being corrected although it has an answer; `side` holds the answers of a side flow. `answered`
    is the asking last answered, so that a double tap is silent. `locked` says that a birth date must be given before
    anything personal is shown (law 8); `news` and `notes` are what came meanwhile. `seed` makes references unique; the
    shell draws it. `origin` is the link the worker came by, `source` what else led them here first: "ad:<id>" or
    "post:<id>"; `agency` is about the worker as an agent themselves. `continued` is where the talk that was held at
    this address goes on, `told` that this was said; `guesses` counts the codes typed here, the last at `guessed_at`.
    `locale` is the language spoken, `tongues` those offered or chosen so far.

    `case` says that staff have the chat; `opened` is the reason of the case that is open (the bot may go on meanwhile),
    "" for none, `mode` what the bot does while staff have the chat, `answered_by_staff` whether they wrote. `offered`
    is the reason for which a person was offered, `offers` counts what was offered beside the open question.
    """

    schema: int
    seed: str = ""
    locale: str = "id"
    people: tuple[Person, ...] = ()
    current: int = 0
    flow: str = "enrolment"
    asked: str = ""
    asking: int = 0
    content: str = ""
    answered: int = 0
    misses: int = 0
    reopened: str = ""
    side: Answers = {}
    case: bool = False
    opened: str = ""
    mode: str = "notes"
    answered_by_staff: bool = False
    closed: Closed | None = None
    proposal: Proposal | None = None
    offered: str = ""
    offers: int = 0
    locked: bool = False
    origin: Origin | None = None
    agency: Agency | None = None
    source: str = ""
    last_at: dt.datetime | None = None
    news: bool = False
    notes: tuple[Note, ...] = ()
    leaving: Leaving | None = None
    continued: Address | None = None
    told: bool = False
    guesses: int = 0
    guessed_at: dt.datetime | None = None
    tongues: tuple[str, ...] = ()


class Stored(msgspec.Struct):
    """What every stored session tells, whatever its schema."""

    schema: int


def fresh(locale: str = "id", seed: str = "") -> Session:
    """Give the session of a chat that never spoke; `seed` must be unique for ever."""
    return Session(SCHEMA, seed=seed, locale=locale)


def encode(session: Session) -> bytes:
    """Give the session as JSON bytes."""
    return _encoder.encode(session)


def decode(stored: bytes) -> Session:
    """Read stored JSON of any schema so far; raises msgspec.ValidationError on anything else."""
    if _peek.decode(stored).schema < SCHEMA:
        stored = msgspec.json.encode(upcast(msgspec.json.decode(stored)))
    return _decoder.decode(stored)


def upcast(raw: dict[str, Any]) -> dict[str, Any]:
    """Bring an older session to the present schema, one upcaster after the other."""
    while raw["schema"] < SCHEMA:
        raw = UPCASTERS[raw["schema"]](raw)
    return raw


def with_origin(raw: dict[str, Any]) -> dict[str, Any]:
    """Schema 2: the agent's bare code became the link somebody came by."""
    agent = raw.pop("agent", "")
    return raw | {"schema": 2} | ({"origin": {"code": agent}} if agent else {})


UPCASTERS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: with_origin}

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Session)
_peek = msgspec.json.Decoder(Stored)
