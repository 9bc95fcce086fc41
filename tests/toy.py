"""A core of a few lines for tests of the shell: it counts, echoes, raises, asks and emits on demand.

A text is a command: "raise", "need", "effect" (with `EFFECTS` by name), "speechless", or anything else, which is
answered with the count of turns so far and the text. The count lives in the session's `misses`.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from bot.playing import Core
from conversations.effects import (
    AnyEffect,
    ApplyAsAgent,
    CheckIdentity,
    EraseChat,
    EraseDraft,
    IssueCode,
    OpenCase,
    Order,
    PassOn,
    RecordConsent,
    SubmitEnrolment,
)
from conversations.messages import Address, Faulted, Incoming, Message, Reply, Say, Start, Tap, Text
from conversations.months import Month
from conversations.session import Session
from conversations.turn import Facts, Needs, RankQuestion, Turn

NOW = dt.datetime(2026, 11, 21, 5, tzinfo=dt.UTC)
NIK, NAME, PHONE = "3174051203900001", "Siti Aminah Rahayu", "+6281234567890"
DATA = {"nik": NIK, "name": NAME, "birth_date": "1990-03-12", "phone": PHONE}
ORDER = Order("ojek", "transport", 1_000_000, ("jkk", "jkm"), Month(2026, 12), 3)

EFFECTS: dict[str, AnyEffect] = {
    "check": CheckIdentity(1, "digest", DATA),
    "submit": SubmitEnrolment(1, "seed-1", DATA, ORDER, "2026-11", NOW),
    "consent": RecordConsent(1, "enrol", "2026-11", True),
    "case": OpenCase("asked", 1, "rahasia"),
    "draft": EraseDraft(1),
    "apply": ApplyAsAgent("agent", "3273", {"name": "Wati rahasia"}),
    "event": IssueCode("RAPAT777", "Rapat rahasia"),
    "pass on": PassOn("KODE7777", "WATI7777", {"nik": NIK}),
    "erase": EraseChat(),
}


def take_turn(session: Session, incoming: Incoming, now: dt.datetime, facts: Facts) -> Turn | Needs:
    """Count and answer."""
    text = _words(incoming)
    if text == "raise":
        raise ZeroDivisionError("a message that must not be kept")
    if text.startswith("need") and text not in facts.rankings:
        return Needs(RankQuestion(text))
    counted = msgspec.structs.replace(session, misses=session.misses + 1, asked="toy")
    replies = () if text == "speechless" else (Reply((Say(f"{counted.misses} {text}"),)),)
    effect = EFFECTS.get(text)
    return Turn(counted, replies, (effect,) if effect else ())


def _words(incoming: Incoming) -> str:
    match incoming.what:
        case Text(text):
            return text
        case Tap(value):
            return value
        case Start(code):
            return f"start {code}"
        case Faulted(error):
            return f"sorry {error}"
        case other:
            return type(other).__name__


def speak(reply: Reply, _session: Session) -> Message:
    """Say the keys as they are."""
    return Message(" ".join(say.key for say in reply.says))


CORE = Core(take_turn, speak)


def said(number: int, text: str, *, chat: str = "a", channel: str = "web") -> Incoming:
    """Make an incoming of words."""
    return Incoming(Address(channel, "bot", chat), str(number), Text(text))
