"""A process killed at any point loses nothing that was not acknowledged and repeats nothing that was committed."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from asyncio.subprocess import PIPE, Process
from collections import defaultdict

import sqlalchemy as sa

from conversations.messages import Address
from conversations.session import decode
from storage.chats import Chats
from storage.database import Database
from storage.sealing import KeyRing
from storage.tables import chats, outbox
from storage.transcript import lines_after
from tests import toy

CHATS, EACH = 8, 40
INCOMINGS = [(number, f"chat{number % CHATS}") for number in range(CHATS * EACH)]
DEATHS = ("before 2", "after 3", "random", "random")


class Channel:
    """Brings incomings to a process, and again those that were not acknowledged, as a messenger does."""

    def __init__(self, url: str, keys: str) -> None:
        self._arguments = (url, keys)
        self.unacknowledged = dict(INCOMINGS)

    async def run(self, death: str, limit: int, dice: random.Random) -> int:
        """Bring the next `limit` incomings to a new process until it ends; return its exit code."""
        runner = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.crash_runner",
            *self._arguments,
            stdin=PIPE,
            stdout=PIPE,
            env=_environment(death),
        )
        bring = asyncio.create_task(self._bring(runner, list(self.unacknowledged.items())[:limit]))
        fatal = dice.randrange(1, limit // 2) if death == "random" else limit + 1
        await self._hear(runner, fatal)
        await asyncio.gather(bring, return_exceptions=True)
        return await runner.wait()

    async def _bring(self, runner: Process, incomings: list[tuple[int, str]]) -> None:
        assert runner.stdin is not None
        for number, chat in incomings:
            runner.stdin.write(f"{number} {chat}\n".encode())
            if number % 16 == 0:
                await asyncio.sleep(0.001)
        await runner.stdin.drain()
        runner.stdin.close()

    async def _hear(self, runner: Process, fatal: int) -> None:
        assert runner.stdout is not None
        heard = 0
        async for line in runner.stdout:
            self.unacknowledged.pop(int(line), None)
            heard += 1
            if heard == fatal:
                runner.kill()


def _environment(death: str) -> dict[str, str]:
    return {**os.environ, "DIE_AT": "" if death == "random" else death}


async def test_killed_processes_lose_and_repeat_nothing(database: Database, database_url: str) -> None:
    """After kill -9 before, after and between commits every incoming counts once, in order, with one reply."""
    text = KeyRing.make()
    channel, dice = Channel(database_url, text), random.Random(7)
    share = len(INCOMINGS) // (len(DEATHS) + 1)
    for death in DEATHS:
        assert await channel.run(death, share, dice) == -9
    assert await channel.run("", len(INCOMINGS), dice) == 0
    assert not channel.unacknowledged
    await _everything_is_there_once(database, KeyRing.from_text(text))


async def _everything_is_there_once(database: Database, keys: KeyRing) -> None:
    expected = defaultdict(list)
    for number, name in INCOMINGS:
        expected[name].append(f"n{number}")
    async with database.write() as connection:
        addresses = [Address("telegram", "bot", name) for name in expected]
        locked = await Chats(keys).lock(connection, addresses, toy.NOW)
        for address, chat in locked.items():
            lines = await lines_after(connection, keys, address)
            said = [line.words for line in lines if line.author == "worker"]
            answered = [line.words for line in lines if line.author == "jamin"]
            assert said == expected[address.address]
            assert answered == [f"{n} {words}" for n, words in enumerate(said, start=1)]
            assert decode(chat.session).misses == EACH
        counts = [sa.select(sa.func.count()).select_from(table) for table in (chats, outbox)]
        assert [(await connection.execute(count)).scalar_one() for count in counts] == [CHATS, len(INCOMINGS)]
