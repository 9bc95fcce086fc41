"""Running the core for one incoming and catching what it raises (law 6): nothing in here waits or stores."""

from __future__ import annotations

import datetime as dt
import traceback
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from conversations.effects import OpenCase
from conversations.messages import Faulted, Incoming, Message, Reply
from conversations.session import Session, decode, fresh
from conversations.turn import Facts, Needs, Turn
from storage.batch import Played
from storage.chats import Chat

TakeTurn = Callable[[Session, Incoming, dt.datetime, Facts], Turn | Needs]
Speak = Callable[[Reply, Session], Message]

LONGEST = 4096
"""Characters of a text that reach the core; Telegram sends no longer ones."""


class Core(NamedTuple):
    """The pure part: `take_turn`, and `speak`, which puts a reply into the words of a session's language."""

    take_turn: TakeTurn
    speak: Speak
    locale: str = "id"


def cleaned(incoming: Incoming) -> Incoming:
    """Return the incoming with its texts free of NUL and lone surrogates, and no longer than `LONGEST`."""
    what = incoming.what
    changes = {
        name: clean
        for name in what.__struct_fields__
        if isinstance(text := getattr(what, name), str) and (clean := _clean(text)) != text
    }
    if not changes:
        return incoming
    return msgspec.structs.replace(incoming, what=msgspec.structs.replace(what, **changes))


def _clean(text: str) -> str:
    text = text[:LONGEST]
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\0", "")


def play(core: Core, chat: Chat, incoming: Incoming, now: dt.datetime, facts: Facts) -> Played | Needs:
    """Run one turn; where it raises, run the turn that says sorry and opens a case instead."""
    try:
        session = _session(core, chat)
        if chat.unseen:
            incoming = msgspec.structs.replace(incoming, unseen=True)
        turn = core.take_turn(session, incoming, now, facts)
        if isinstance(turn, Needs):
            return turn
        return _played(core, incoming, session, turn)
    except Exception as error:
        return apologise(core, chat, incoming, now, facts, error)


def apologise(core: Core, chat: Chat, incoming: Incoming, now: dt.datetime, facts: Facts, error: Exception) -> Played:
    """Run the turn that says sorry and opens a case; if that raises too, leave the session alone and open the case."""
    name = type(error).__name__
    try:
        session, readable = _session(core, chat), True
    except Exception:
        session, readable = fresh(core.locale, chat.ref), False
    try:
        sorry = Incoming(incoming.address, incoming.id, Faulted(name))
        played = _played(core, incoming, session, core.take_turn(session, sorry, now, facts))
    except Exception:
        return Played(incoming, None, effects=(OpenCase("fault"),), outcome="fault", error=name)
    # A session that cannot be read is kept as it is for staff, never overwritten with an empty one.
    kept = played.session if readable else None
    return msgspec.structs.replace(played, session=kept, outcome="fault", error=name)


def bare(incoming: Incoming, error: Exception) -> Played:
    """Return the least that can be written about an incoming: that it was taken, and which error it met."""
    name = type(error).__name__
    return Played(msgspec.structs.replace(incoming, what=Faulted(name)), None, outcome="fault", error=name)


def where(error: BaseException) -> str:
    """Tell where an error was raised, as "file:line"; its message may hold what somebody typed, so it is not logged."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""


def _session(core: Core, chat: Chat) -> Session:
    return decode(chat.session) if chat.session else fresh(core.locale, chat.ref)


def _played(core: Core, incoming: Incoming, before: Session, turn: Turn | Needs) -> Played:
    if isinstance(turn, Needs):
        raise TypeError("an apology may not need facts")
    messages = tuple(core.speak(reply, turn.session) for reply in turn.replies)
    return Played(
        incoming, turn.session, messages, turn.effects, flow=before.flow, step=before.asked, outcome=turn.outcome
    )
