"""What one turn is given and what it gives back (law 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from conversations.answers.index import Ranked
from conversations.effects import AnyEffect
from conversations.messages import Reply
from conversations.session import Session


class Door(NamedTuple):
    """A way into a channel for somebody with a code: the `url` opens it there."""

    channel: str
    url: str


class Drawn(msgspec.Struct, frozen=True):
    """A fresh code for going on elsewhere, and the channels that are open."""

    code: str
    doors: tuple[Door, ...] = ()


class Facts(msgspec.Struct, frozen=True):
    """What the shell knows and the core may not look up.

    `demo` and `on_behalf_of` are settings; `requires` are the data fields the backend demands; `entries` are the ids of
    the approved answers, `open_entries` of those that rules leave open, so that staff answer; `agents` maps the codes
    of agents to their names; `rankings` maps a question, once a turn asked for it with `Needs`, to its ranked answers;
    `drawn` is a code, where a turn asked for one;
    `simulates_payment` tells that the backend can play a payment, `private_page` that one-time pages can be offered.
    """

    demo: bool = True
    on_behalf_of: str = ""
    requires: tuple[str, ...] = ("nik", "name", "birth_date", "phone")
    entries: frozenset[str] = frozenset()
    open_entries: frozenset[str] = frozenset()
    agents: Mapping[str, str] = {}
    rankings: Mapping[str, tuple[Ranked, ...]] = {}
    drawn: Drawn | None = None
    simulates_payment: bool = False
    private_page: bool = False


class RankQuestion(msgspec.Struct, frozen=True):
    """The turn needs the answers ranked for `question`."""

    question: str


class DrawCode(msgspec.Struct, frozen=True):
    """The turn needs a code for going on outside of `channel`; the core draws nothing at random."""

    channel: str


Lacking = RankQuestion | DrawCode


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
