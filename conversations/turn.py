"""What one turn is given and what it gives back (law 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from conversations.answers.index import Ranked
from conversations.effects import AnyEffect
from conversations.hours import OFFICE_HOURS, Hours
from conversations.messages import Reply
from conversations.programmes.sponsor import Sponsor
from conversations.promises import COMPLAINT_ANSWERED_WITHIN_DAYS
from conversations.session import Answers, Session


class Referral(msgspec.Struct, frozen=True):
    """Whom a link's code stands for. `kind` is "agent" (who may see how it goes, if the worker agrees), "volunteer"
    (link only), "event" (a meeting held by an agent) or "campaign"; `name` is the agent's or the campaign's,
    `organisation`, `letter` (the number of the assignment letter) and `check_at` (where anybody can ask the
    organisation) are what Jamin has on record."""

    kind: str
    name: str
    organisation: str = ""
    letter: str = ""
    check_at: str = ""


class PassedOn(msgspec.Struct, frozen=True):
    """What an `agent` (the code of their links) filled in for somebody who holds the code to it."""

    agent: str
    referral: Referral
    answers: Answers


class Door(NamedTuple):
    """A way into a channel for somebody with a code: the `url` opens it there."""

    channel: str
    url: str


class Drawn(msgspec.Struct, frozen=True):
    """A fresh code for going on elsewhere, and the channels that are open."""

    code: str
    doors: tuple[Door, ...] = ()


class Came(msgspec.Struct, frozen=True):
    """What came of an agent's links in the month that runs: how often they were opened, chats begun, consents,
    enrolments accepted; of these, how many have a contribution recorded, and how many still have one lately."""

    opened: int = 0
    started: int = 0
    consented: int = 0
    enrolled: int = 0
    paid: int = 0
    staying: int = 0


class Facts(msgspec.Struct, frozen=True):
    """What the shell knows and the core may not look up.

    `demo`, `on_behalf_of` and `complaint_days` (working days, 0: no time is named) are settings; `requires` are the
    data fields the backend demands; `entries` are the ids of the approved answers, `open_entries` of those that rules
    leave open, so that staff answer; `referrals` maps codes of links, once a turn asked for them with `Needs`, to what
    they stand for (None: nothing); `rankings` maps a question, likewise, to its ranked answers; `sponsors` maps a NIK
    to the cohort it is in, None for none, and `full` names cohorts whose last place went to somebody else while this
    turn was taken; `drawn` is a code, where a turn asked for one; `root` is where people reach us, without a slash at
    the end; `simulates_payment` tells that the backend can play a payment, `private_page` that one-time pages can be
    offered, `reads_ktp` that pictures of a KTP are read; `languages` are those a chat may be held in; `hours` are those
    of the desk, `ahead` how many wait there already, once a turn asked for it; `came`, likewise, is what came of an
    agent's links this month.
    """

    demo: bool = True
    on_behalf_of: str = ""
    complaint_days: int = COMPLAINT_ANSWERED_WITHIN_DAYS.value
    requires: tuple[str, ...] = ("nik", "name", "birth_date", "phone")
    entries: frozenset[str] = frozenset()
    open_entries: frozenset[str] = frozenset()
    referrals: Mapping[str, Referral | PassedOn | None] = {}
    rankings: Mapping[str, tuple[Ranked, ...]] = {}
    drawn: Drawn | None = None
    root: str = ""
    sponsors: Mapping[str, Sponsor | None] = {}
    full: frozenset[str] = frozenset()
    simulates_payment: bool = False
    private_page: bool = False
    reads_ktp: bool = False
    hours: Hours = OFFICE_HOURS
    languages: tuple[str, ...] = ("id",)
    ahead: int | None = None
    came: Came | None = None


class RankQuestion(msgspec.Struct, frozen=True):
    """The turn needs the answers ranked for `question`, asked in a chat held in the language `locale`."""

    question: str
    locale: str = "id"


class CountAhead(msgspec.Struct, frozen=True):
    """The turn needs to know how many cases go before a new one of this priority's rank."""

    priority: int


class DrawCode(msgspec.Struct, frozen=True):
    """The turn needs a code for going on outside of `channel`; the core draws nothing at random."""

    channel: str


class FindReferral(msgspec.Struct, frozen=True):
    """The turn needs to know whom the `code` of a link stands for."""

    code: str


class FindSponsor(msgspec.Struct, frozen=True):
    """The turn needs to know whether somebody pays for the worker with this NIK."""

    nik: str


class CountCame(msgspec.Struct, frozen=True):
    """The turn needs to know what came of the links of the agent whose own `code` this is."""

    code: str


Lacking = RankQuestion | CountAhead | DrawCode | FindReferral | FindSponsor | CountCame


class Needs(msgspec.Struct, frozen=True):
    """The turn lacks a quick fact; the shell fetches it outside the transaction and runs the same incoming again."""

    what: Lacking


class Turn(msgspec.Struct, frozen=True):
    """The outcome: the new session, replies in order, effects, and how the incoming was taken.

    `outcome` is a word for the funnel: "answered", "problem", "digression", "word", "stale", "late", "silent",
    "event".
    """

    session: Session
    replies: tuple[Reply, ...] = ()
    effects: tuple[AnyEffect, ...] = ()
    outcome: str = "answered"
