"""What one turn is given and what it gives back (law 1)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from conversations.answers.index import Ranked
from conversations.effects import AnyEffect
from conversations.messages import Reply
from conversations.programmes.sponsor import Sponsor
from conversations.session import Session


class Facts(msgspec.Struct, frozen=True):
    """What the shell knows and the core may not look up.

    `demo` and `on_behalf_of` are settings; `requires` are the data fields the backend demands; `entries` are the ids of
    the approved answers, `open_entries` of those that rules leave open, so that staff answer; `agents` maps the codes
    of agents to their names; `rankings` maps a question, once a turn asked for it with `Needs`, to its ranked answers;
    `sponsors` maps a NIK, likewise, to the cohort it is in, None for none;
    `simulates_payment` tells that the backend can play a payment, `private_page` that one-time pages can be offered.
    """

    demo: bool = True
    on_behalf_of: str = ""
    requires: tuple[str, ...] = ("nik", "name", "birth_date", "phone")
    entries: frozenset[str] = frozenset()
    open_entries: frozenset[str] = frozenset()
    agents: Mapping[str, str] = {}
    rankings: Mapping[str, tuple[Ranked, ...]] = {}
    sponsors: Mapping[str, Sponsor | None] = {}
    simulates_payment: bool = False
    private_page: bool = False


class RankQuestion(msgspec.Struct, frozen=True):
    """The turn needs the answers ranked for `question`."""

    question: str


class FindSponsor(msgspec.Struct, frozen=True):
    """The turn needs to know whether somebody pays for the worker with this NIK."""

    nik: str


Lacking = RankQuestion | FindSponsor


class Needs(msgspec.Struct, frozen=True):
    """The turn lacks a quick fact; the shell fetches it outside the transaction and runs the same incoming again."""

    what: Lacking


class Turn(msgspec.Struct, frozen=True):
    """The outcome: the new session, replies in order, effects, and how the incoming was taken.

    `outcome` is a word for the funnel: "answered", "problem", "digression", "word", "stale", "silent", "event".
    """

    session: Session
    replies: tuple[Reply, ...] = ()
    effects: tuple[AnyEffect, ...] = ()
    outcome: str = "answered"
