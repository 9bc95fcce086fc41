"""One contender's measurement in a process of its own: `python -m tests.bench.one NAME URL`, one JSON object out."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from bot.tuning import run
from tests.bench.form import CORE, Measured
from tests.bench.ours import core_turns, durable
from tests.bench.theirs import conversation_handler


def in_memory(_url: str) -> Measured:
    """python-telegram-bot, losing all at a crash."""
    return asyncio.run(conversation_handler())


def pickled(_url: str) -> Measured:
    """python-telegram-bot, its file written whole at every update; so fewer chats are enough, and kinder to it."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(conversation_handler(Path(folder) / "state", 16))


def core_alone(_url: str) -> Measured:
    """The core, with the session decoded and encoded."""
    return core_turns(CORE)


def pulled(url: str) -> Measured:
    """The shell with web chats, whose stored row is the delivery."""
    return run(durable(url, "web"))


def pushed(url: str) -> Measured:
    """The shell with a messenger, every reply marked delivered."""
    return run(durable(url, "telegram"))


CONTENDERS: dict[str, Callable[[str], Measured]] = {
    work.__name__: work for work in (in_memory, pickled, core_alone, pulled, pushed)
}

if __name__ == "__main__":
    measured = CONTENDERS[sys.argv[1]](sys.argv[2])
    sys.stdout.write(msgspec.json.encode(measured).decode() + "\n")
