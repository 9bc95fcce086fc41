"""The form that everybody in the comparison fills in: ten questions, one message each."""

from __future__ import annotations

import datetime as dt

import msgspec

from bot.playing import Core
from conversations.messages import Incoming, Message, Reply, Say, Text
from conversations.session import Session
from conversations.turn import Facts, Turn

QUESTIONS = 10
CHATS = 256
"""Chats that fill in the form at the same time."""
ROUNDS = 3
"""Rounds that count in one process, after one that warms up."""
ANSWER = "Siti Aminah binti Rahmat"
WATCHED = 50
"""Chats whose answers are looked at afterwards."""


class Right(msgspec.Struct, frozen=True):
    """In how many of the watched chats every answer stands where it belongs: each update brought twice, and all ten of
    a chat at once."""

    duplicates: int
    bursts: int


class Measured(msgspec.Struct, frozen=True):
    """What one process measured: turns a second in each round, the microseconds of processor time a turn took in this
    process, and how much was right where that was looked at."""

    rates: list[float]
    processor: float
    right: Right | None = None


def question(number: int) -> str:
    """Return what is asked before the answer of that number."""
    return f"Pertanyaan {number + 1} dari {QUESTIONS}: apa jawaban Kak?"


def answer(chat: int, number: int) -> str:
    """Return what a watched chat answers, the same nowhere else."""
    return f"jawaban {number} dari {chat}"


def take_turn(session: Session, incoming: Incoming, _now: dt.datetime, _facts: Facts) -> Turn:
    """Keep the answer and ask the next question."""
    assert isinstance(incoming.what, Text)
    answers = {**session.side, str(len(session.side)): incoming.what.text}
    after = msgspec.structs.replace(session, side=answers, asked=f"question_{len(answers)}")
    return Turn(after, (Reply((Say(question(len(answers))),)),))


def speak(reply: Reply, _session: Session) -> Message:
    """Say the question as it is."""
    return Message(reply.says[0].key)


CORE = Core(take_turn, speak)
