"""What the command `broadcasts` does: drafts, previews, tests, schedules, stops, and tells what came of them."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

import msgspec

from bot.turns import Clock
from bot.wording import load_speech
from conversations.audience import Audience
from conversations.messages import Say
from conversations.months import Month
from storage import broadcasts
from storage.broadcasts import Broadcast
from storage.database import Database

LONGEST = 800
"""Characters, so that what stands around the words fits the smallest message there is."""


class UnknownBroadcastError(ValueError):
    """There is no such broadcast, or it is not in a state for that."""


def written(file: Path) -> str:
    """Read the words of a broadcast.

    Raises:
        ValueError: there are none, or too many.
        OSError: the file cannot be read.
    """
    text = file.read_text(encoding="utf-8").strip()
    if not 0 < len(text) <= LONGEST:
        raise ValueError(f"{file.name}: 1 to {LONGEST} characters, not {len(text)}")
    return text


class Announcing:
    """The broadcasts of an installation, as a command sees them; each method returns lines to print."""

    def __init__(self, database: Database, clock: Clock, operator: str) -> None:
        self._database = database
        self._clock = clock
        self._operator = operator

    async def add(self, text: str, whom: Audience) -> list[str]:
        """Keep a draft; its reference."""
        reference = str(uuid.uuid4())
        async with self._database.write() as connection:
            await broadcasts.draft(connection, reference, text, whom, self._clock())
        return [reference]

    async def all(self) -> list[str]:
        """Every broadcast."""
        async with self._database.read() as connection:
            return [
                as_json({"id": one.id, "state": one.state, "audience": one.whom, "text": one.text})
                for one in await broadcasts.all_broadcasts(connection)
            ]

    async def preview(self, reference: str) -> list[str]:
        """The words as they will be read, then how many chats they go to now."""
        broadcast = await self._found(reference)
        async with self._database.read() as connection:
            chats = await broadcasts.count(connection, broadcast.whom, Month.of(self._clock()))
        said = load_speech().say(Say("news.said", {"operator": self._operator, "text": broadcast.text}))
        return [said, as_json({"chats": chats})]

    async def test(self, reference: str, case: int) -> list[str]:
        """Have it told to the chat of one case."""
        async with self._database.write() as connection:
            known = await broadcasts.add_test(connection, reference, case)
        return self._done(known, f"no broadcast {reference!r} or no case {case}; `broadcasts list` names the first")

    async def schedule(self, reference: str, at: dt.datetime | None) -> list[str]:
        """Send it from a moment on."""
        async with self._database.write() as connection:
            done = await broadcasts.schedule(connection, reference, at or self._clock())
        return self._done(done, f"no draft {reference!r} and nothing stopped; `broadcasts list` tells the states")

    async def stop(self, reference: str) -> list[str]:
        """Send no more of it."""
        async with self._database.write() as connection:
            done = await broadcasts.stop(connection, reference)
        return self._done(done, f"{reference!r} is not being sent; `broadcasts list` tells the states")

    async def report(self, reference: str) -> list[str]:
        """How far it is, and what came of it."""
        broadcast = await self._found(reference)
        async with self._database.read() as connection:
            told = await broadcasts.progress(connection, reference)
        return [as_json({"state": broadcast.state, **told._asdict()})]

    async def _found(self, reference: str) -> Broadcast:
        async with self._database.read() as connection:
            broadcast = await broadcasts.find(connection, reference)
        if broadcast is None:
            raise UnknownBroadcastError(f"no broadcast {reference!r}; `broadcasts list` names them")
        return broadcast

    def _done(self, done: bool, otherwise: str) -> list[str]:
        if not done:
            raise UnknownBroadcastError(otherwise)
        return []


def as_json(value: dict[str, object]) -> str:
    """Write a line of JSON."""
    return msgspec.json.encode(value).decode()
