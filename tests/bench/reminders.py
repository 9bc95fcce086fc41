"""A morning on which every member is reminded: `python -m tests.bench.reminders [MEMBERS] [--kill N]`, 100,000 and 3.

Two equal processes on one PostgreSQL tell and send; one of them is killed (`kill -9`) and started again N times. With
`--kill 0` it is one process on SQLite. The wire is a stub: it writes down whom it reached, and moves the morning's
clock by what a message takes at Telegram's pace, so that an hour passes in as long as our own work takes. Beside it
workers chat; how long each answer takes is measured in real time.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from bot.clock import Clock
from bot.outbox import Outbox
from bot.playing import Core
from bot.reminding import Limits, Rechecking, Reminding
from bot.turns import Taken, Turns
from bot.wording import load_speech
from conversations.engine import take_turn
from conversations.messages import Address, Incoming, Text
from storage.database import Database, open_database
from storage.migrate import migrate
from storage.reminders import LANE, still_to_send
from storage.sealing import KeyRing
from storage.tables import outbox, reminders
from tests.bench.__main__ import RESULTS, machine
from tests.bench.morning import MORNING, RATE, Messenger, SharedClock, fill, reached
from tests.bench.ours import know_nothing
from tests.bench.table import Table, quantile
from tests.chat import facts
from tests.databases import Postgres, cluster

PATIENCE = 200.0
"""Seconds after the last member was reached for what a killed process held: longer than its lease."""


class Station(NamedTuple):
    """One process at work on the morning's reminders."""

    database: Database
    turns: Turns
    reminding: Reminding
    sender: Messenger


@contextlib.asynccontextmanager
async def station(url: str, keys: KeyRing, folder: Path, clock: SharedClock) -> AsyncIterator[Station]:
    """Take turns, and send what is due, while the block lasts."""
    database, sender = open_database(url), Messenger(folder, clock)
    sending = Outbox(
        database, keys, {"telegram": Rechecking(sender, database, clock)}, holder=f"{os.getpid()}", clock=clock
    )
    core = Core(take_turn, load_speech().message)
    turns = Turns(database, keys, core, sending, clock=clock, fetch=know_nothing, facts=facts())
    await turns.start()
    await sending.start(turns.take)
    try:
        yield Station(database, turns, Reminding(database, keys, turns.take, clock, Limits()), sender)
    finally:
        await turns.stop()
        await sending.stop()
        await database.close()


async def work(url: str, folder: Path, slot: int, began: float) -> None:
    """Be a second process, until killed."""
    keys = KeyRing.from_text(os.environ["JAMIN_KEYS"])
    async with station(url, keys, folder, SharedClock(folder, slot, began)) as here:
        while True:
            await here.reminding.round()
            await asyncio.sleep(0.5)


# --- the first process, which is never killed ------------------------------------------------------------------------


class Course:
    """One morning: who was reached, who was killed, how long workers waited for an answer."""

    def __init__(self, url: str, folder: Path, members: int, kills: int) -> None:
        self.url = url
        self.folder = folder
        self.members = members
        self.kills = kills
        self.keys = KeyRing.make()
        self.planned = self.took = 0.0
        self.waits: list[float] = []
        self.began = 0.0

    async def play(self) -> tuple[Counter[int], dict[int, int]]:
        """Fill, plan, tell, send; return how often each chat was reached, and how often that was tried."""
        keys = KeyRing.from_text(self.keys)
        await self._prepare(keys)
        self.began = time.time()
        clock = SharedClock(self.folder, 0, self.began)
        async with station(self.url, keys, self.folder, clock) as here:
            done = asyncio.Event()
            beside = asyncio.create_task(self._chat(here, done))
            killing = asyncio.create_task(self._kill_all(clock))
            await self._send_all(here, clock)
            done.set()
            await asyncio.gather(beside, killing)
            return reached(self.folder), await attempts(here.database)

    async def _prepare(self, keys: KeyRing) -> None:
        """Write the members, and plan their month two weeks before; the due day's reminder is the one measured."""
        database, clock = open_database(self.url), Clock(MORNING - dt.timedelta(days=14))
        await migrate(database)
        await fill(database, keys, self.members)
        start = time.perf_counter()
        await Reminding(database, keys, nobody_is_told, clock, Limits()).round()
        self.planned = time.perf_counter() - start
        say(f"{self.members:,} members planned in {self.planned:.1f} s")
        async with database.write() as connection:
            await connection.execute(sa.delete(reminders).where(reminders.c.moment != "due"))
        await database.close()

    async def _send_all(self, here: Station, clock: SharedClock) -> None:
        start = time.perf_counter()
        while clock.sent < self.members or len(reached(self.folder)) < self.members:
            await here.reminding.round()
            await asyncio.sleep(1)
            if time.perf_counter() - start > self.took + 30:
                self.took = time.perf_counter() - start
                say(f"{self.took:6.0f} s {clock.sent:8,} sent")
        self.took = time.perf_counter() - start
        async with asyncio.timeout(PATIENCE):
            while await waiting(here.database):
                await asyncio.sleep(1)

    async def _chat(self, here: Station, done: asyncio.Event) -> None:
        """Chat while the reminders go out; keep the seconds from each message to its answer leaving."""
        while not done.is_set():
            address = Address("telegram", "bot", f"live-{len(self.waits)}")
            start = time.perf_counter()
            await here.turns.take(Incoming(address, address.address, Text("halo")))
            while address.address not in here.sender.answered:
                await asyncio.sleep(0.005)
            self.waits.append(here.sender.answered[address.address] - start)
            await asyncio.sleep(0.2)

    async def _kill_all(self, clock: SharedClock) -> None:
        """Kill the second process again and again, each time after an equal part of the reminders."""
        for number in range(1, self.kills + 1):
            second = await self._second(number)
            while clock.sent < number * self.members // (self.kills + 1):
                await asyncio.sleep(0.05)
            second.kill()
            await second.wait()
            say(f"kill {number} at {clock.sent:,} sent")
        if self.kills:
            second = await self._second(self.kills + 1)
            while clock.sent < self.members:
                await asyncio.sleep(1)
            second.kill()
            await second.wait()

    async def _second(self, slot: int) -> asyncio.subprocess.Process:
        program = ("-m", "tests.bench.reminders", "--work", self.url, str(self.folder), str(slot), repr(self.began))
        environment = {**os.environ, "JAMIN_KEYS": self.keys}
        return await asyncio.create_subprocess_exec(sys.executable, *program, env=environment)


async def nobody_is_told(_: Incoming) -> Taken:
    """Two weeks before nothing is due."""
    raise AssertionError("a reminder was due before its day")


async def waiting(database: Database) -> int:
    """How many reminders are still to be sent."""
    async with database.read() as connection:
        return await still_to_send(connection, LANE)


async def attempts(database: Database) -> dict[int, int]:
    """How often the sending of each chat's reminders was tried, by the rows of the outbox."""
    tried = sa.select(outbox.c.chat_id, sa.func.count(), sa.func.sum(outbox.c.attempts))
    async with database.read() as connection:
        rows = (await connection.execute(tried.where(outbox.c.lane == LANE).group_by(outbox.c.chat_id))).all()
    assert all(row[1] == 1 for row in rows), "a reminder was made twice"
    return {row[0]: row[2] for row in rows}


# --- what came of it -------------------------------------------------------------------------------------------------


def table(course: Course, came: Counter[int], tried: dict[int, int]) -> Table:
    """The figures of a morning."""
    copies = sum(came.values()) - len(came)
    beyond = sum(1 for chat, times in came.items() if times > tried.get(chat, 0))
    milliseconds = [seconds * 1000 for seconds in course.waits]
    hour = (sum(came.values()) / RATE + course.took) / 60
    rows = [
        ("members due the same morning", f"{course.members:,}"),
        ("planned in seconds", f"{course.planned:.0f}"),
        ("reminders made, each once", f"{len(tried):,}"),
        ("members reached", f"{len(came):,}"),
        ("lost", f"{course.members - len(came):,}"),
        ("copies, each within the attempts counted for it", f"{copies:,}"),
        ("copies beyond them", f"{beyond:,}"),
        ("`kill -9` of one of two processes", f"{course.kills}"),
        ("seconds of our own work to tell and send", f"{course.took:,.0f}"),
        ("a second of it", f"{sum(came.values()) / course.took:,.0f}"),
        (f"minutes of that morning's clock at {RATE} a second", f"{hour:.0f}"),
        ("live chats beside", f"{len(course.waits):,}"),
        ("— a live answer, median", f"{quantile(milliseconds, 0.5):.0f} ms"),
        ("— a live answer, p99", f"{quantile(milliseconds, 0.99):.0f} ms"),
        ("— a live answer, longest", f"{max(milliseconds):.0f} ms"),
    ]
    return Table("Reminders of one morning", ("", ""), rows, NOTES)


NOTES = (
    "The messenger is a stub that writes down whom it reached and moves the morning's clock by what a message takes at "
    f"Telegram's {RATE} a second, so its limit is kept by construction. That the real lanes keep it in real time, and "
    "what a live reply waits for behind them, `python -m tests.bench broadcast` measures. A copy was sent by a process "
    "that was killed before it could say so: law 5 bounds copies by the attempts whose outcome the wire left unknown, "
    "and each attempt is counted in its row before the sending."
)


def measure(members: int, kills: int) -> Table:
    """Play a morning: two processes on PostgreSQL while one is killed, or one on SQLite."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder / 'jamin.db'}"
        if kills:
            url = Postgres(stack.enter_context(cluster(durable=True))).fresh()
        course = Course(url, folder, members, kills)
        came, tried = asyncio.run(course.play())
        return table(course, came, tried)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def keep(found: Table, members: int, kills: int) -> Path:
    """Keep the figures in a dated file."""
    today = dt.datetime.now(dt.UTC).date()
    file = RESULTS / f"{today}-reminders.md"
    how = f"`python -m tests.bench.reminders {members} --kill {kills}`, {machine()}; load {os.getloadavg()[1]:.1f}."
    file.write_text(f"# Reminders, {today}\n\n{how}\n\n{found}")
    return file


def main() -> None:
    """Be the second process of a morning, or play one, print and keep it."""
    if sys.argv[1:2] == ["--work"]:
        url, folder, slot, began = sys.argv[2:]
        asyncio.run(work(url, Path(folder), int(slot), float(began)))
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reminders", description=__doc__)
    parser.add_argument("members", nargs="?", type=int, default=100_000)
    parser.add_argument("--kill", type=int, default=3, metavar="N")
    given = parser.parse_args()
    found = measure(given.members, given.kill)
    say(f"{found}\nkept in {keep(found, given.members, given.kill)}")


if __name__ == "__main__":
    main()
