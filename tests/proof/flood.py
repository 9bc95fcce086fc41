"""The whole program flooded through its real doors: memory stays bounded, who is too much comes again, others go on.

The database is held shut for a while, so that more waits than fits, whatever the machine.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from tests.bench.load import SECRET, Messenger, update
from tests.bench.over_http import Server, server
from tests.proof.report import Report

UPDATES = 6_000
AT_ONCE = 700
"""Postings on their way at a time; the program holds 512."""
PADDING = 250_000
"""Bytes that each posting carries along, as many as it may."""
SHUT = 5.0
"""Seconds that nothing can be stored; less than SQLite waits for by itself."""
MAY_GROW = 500
"""Megabytes: 512 postings of 256 kB as bytes and once more as text, what a batch takes, and what is kept for chats."""
ONE_CHAT = 300
NEIGHBOURS = 30
SLOW = 600
"""Slow postings, more than there are places for all."""
FLOODER, NEIGHBOUR = "203.0.113.7", "198.51.100.1"
HOOK = "/webhooks/telegram"


class Course:
    """One run against a running program: what was answered, the most memory it held, and what was wrong."""

    def __init__(self, running: Server, http: aiohttp.ClientSession) -> None:
        self.server = running
        self.http = http
        self.statuses: Counter[str] = Counter()
        self.faults: list[str] = []
        self.peak = 0.0
        self.brought = 0

    async def bring(self, chat: int, padding: int = 0) -> int:
        """Bring a new message of a chat until it is taken; return how often it was asked to come again."""
        self.brought += 1
        told = update(self.brought, chat, "halo") | {"padding": "x" * padding}
        body = json.dumps(told).encode()
        refused = 0
        while not await self._taken(body):
            refused += 1
        return refused

    async def _taken(self, body: bytes) -> bool:
        shown = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
        async with self.http.post(self.server.url + HOOK, data=body, headers=shown) as answer:
            self.statuses[str(answer.status)] += 1
            again = answer.headers.get("Retry-After", "")
        if answer.status not in {200, 503} or (answer.status == 503) != again.isdecimal():
            self.faults.append(f"a posting was answered {answer.status}, Retry-After {again!r}")
        if answer.status == 200:
            return True
        await asyncio.sleep(int(again or 1))
        return False

    async def watch(self) -> None:
        """Look at the program's memory all the time."""
        while True:
            self.peak = max(self.peak, self.server.resident())
            await asyncio.sleep(0.05)

    async def opened(self, come_from: str) -> int:
        """Open the page as somebody behind the proxy; return the status."""
        async with self.http.get(f"{self.server.url}/", headers={"X-Forwarded-For": come_from}) as answer:
            return answer.status

    def expect(self, said: str, *, true: bool) -> None:
        """Note a fault where something is not so."""
        self.faults += [] if true else [said]


async def from_all(course: Course, file: Path, updates: int) -> None:
    """Everybody at once, with postings as large as they may be, while nothing can be stored for some seconds."""
    numbers = iter(range(1, updates + 1))

    async def some() -> None:
        for number in numbers:
            await course.bring(number, PADDING)

    with closing(sqlite3.connect(file, isolation_level=None)) as shut:
        shut.execute("BEGIN IMMEDIATE")
        bringing = asyncio.gather(*(some() for _ in range(AT_ONCE)))
        await asyncio.sleep(SHUT)
        shut.execute("ROLLBACK")
    await bringing
    course.expect("nobody was asked to come again", true=course.statuses["503"] > 0)


async def from_one_chat(course: Course) -> None:
    """One chat writes far more than may wait; everybody else is taken at once."""
    flooding = asyncio.gather(*(course.bring(1) for _ in range(ONE_CHAT)))
    others = [await course.bring(number) for number in range(2, 2 + NEIGHBOURS)]
    course.expect(f"neighbours of a chat were refused {sum(others)} times", true=sum(others) == 0)
    course.expect("a chat that floods was never refused", true=sum(await flooding) > 0)


async def from_slow_posters(course: Course) -> None:
    """One address begins more postings than there are places, and ends none; messengers find places."""
    parts = urlsplit(course.server.url)
    told = f"POST {HOOK} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {FLOODER}\r\nContent-Length: 9\r\n\r\n"
    wires = []
    for _ in range(SLOW):
        _, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(told.encode())
        wires.append(writer)
    others = [await course.bring(number) for number in range(2, 2 + NEIGHBOURS)]
    course.expect(f"slow posters kept messages out {sum(others)} times", true=sum(others) == 0)
    for writer in wires:
        writer.transport.abort()


async def from_one_address(course: Course) -> None:
    """One address opens the page over and over; a neighbour opens it as ever."""
    flooding = asyncio.gather(*(course.opened(FLOODER) for _ in range(2 * ONE_CHAT)))
    others = [await course.opened(NEIGHBOUR) for _ in range(NEIGHBOURS)]
    found = Counter(await flooding)
    course.statuses.update({f"page {status}": count for status, count in found.items()})
    course.expect(f"a neighbour's pages: {others}", true=set(others) == {200})
    course.expect(f"a flooder's pages: {dict(found)}", true=set(found) == {200, 429})


@asynccontextmanager
async def site(home: Path) -> AsyncIterator[Course]:
    """Run the program on a SQLite file in a process of its own, and a stub of the Bot API here."""
    async with AsyncExitStack() as stack:
        running = stack.enter_context(server(f"sqlite:///{home}/jamin.db", home))
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", Messenger().method)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", running.api).start()
        while not await asyncio.to_thread(running.is_ready):
            await asyncio.sleep(0.05)
        connector = aiohttp.TCPConnector(limit=0)
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        yield Course(running, http)


async def flooded(home: Path, updates: int) -> tuple[Course, float]:
    """Flood it in every way; return what came of it, and the megabytes by which memory grew at the most."""
    async with site(home) as course:
        await asyncio.gather(*(course.bring(number) for number in range(1, 1 + NEIGHBOURS)))
        before = course.server.resident()
        watching = asyncio.create_task(course.watch())
        await from_all(course, home / "jamin.db", updates)
        await from_one_chat(course)
        await from_slow_posters(course)
        await from_one_address(course)
        watching.cancel()
        taken = stored(home / "jamin.db")
        course.expect(f"{course.brought} messages brought, {taken} taken", true=taken == course.brought)
        grown = course.peak - before
        course.expect(f"memory grew by {grown:.0f} MB", true=grown < MAY_GROW)
        return course, grown


def stored(file: Path) -> int:
    """Count the messages that were taken."""
    with closing(sqlite3.connect(file)) as connection:
        [[count]] = connection.execute("SELECT count(*) FROM inbound WHERE kind = 'text'")
    return int(count)


def run(scale: float) -> Report:
    """Play the run."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        course, grown = asyncio.run(flooded(Path(home), max(AT_ONCE, round(UPDATES * scale))))
    figures: Iterable[tuple[str, str]] = (
        ("messages brought, each taken once", f"{course.brought:,}"),
        ("postings at a time, and the bytes of each", f"{AT_ONCE}, {PADDING:,}"),
        ("seconds in which nothing could be stored", f"{SHUT:.0f}"),
        ("postings answered: 200 taken, 503 with Retry-After", json.dumps(dict(sorted(course.statuses.items())))),
        (f"messages of others refused while one chat wrote {ONE_CHAT} at once", "0"),
        (f"messages of others refused while one address began {SLOW} postings and ended none", "0"),
        ("resident memory grew at the most by", f"{grown:.0f} MB (may: {MAY_GROW})"),
        ("seconds", f"{time.monotonic() - started:.0f}"),
    )
    return Report("A flood", tuple(figures), tuple(course.faults))
