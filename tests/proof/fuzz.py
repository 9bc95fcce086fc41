"""1,000,000 fuzzed updates of two messengers, read and taken as real turns: no fault, no leak, memory bounded."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from bot.channels.telegram.updates import Arrival, MalformedError, read_update, update_number
from bot.channels.unreadable import UNREADABLE
from bot.channels.whatsapp.updates import Arrival as Posted
from bot.channels.whatsapp.updates import read_posting
from bot.moving import Doors
from bot.outbox import Outbox
from bot.playing import Core
from bot.turns import BusyError, Taken, Turns
from bot.wording import load_speech
from conversations.engine import take_turn
from conversations.messages import Address, Incoming, Message, Text
from conversations.turn import DrawCode, Facts, Lacking
from storage.database import open_database
from storage.deliveries import Delivery
from storage.sealing import KeyRing
from tests.chat import facts, fetched
from tests.databases import Sqlite
from tests.e2e.form import worker
from tests.fakes.graph_api import NUMBER
from tests.fuzz.mutate import mutated
from tests.fuzz.targets import corpus
from tests.proof.hostile import memory
from tests.proof.report import Report

UPDATES = 1_000_000
AT_ONCE = 256
CHATS = 3000
"""Chats that the updates are spread over at a time: each gets hundreds, so that they go far into the flows."""
FIRST = 1000
"""Number of the first."""
FITTING = 0.4
"""Share of the updates that answer what was asked: else nobody gets beyond the first questions."""
SEED = 20261121
MAY_GROW = 300 << 20
"""Bytes: what is remembered of 100,000 addresses, and the keys and pages of so many chats."""
MEANT_FOR = re.compile(rb'(?<="id":)7(?=[,}])|(?<="id": )7(?=[,}])|6281234567890')
NUMBERED = re.compile(rb'(?<="update_id":)\d+|(?<="update_id": )\d+|(?<="wamid\.)1(?=")')
WORDS = re.compile(rb'(?<="text":)"[^"\\\\]*"|(?<="text": )"[^"\\\\]*"|(?<="body":)"[^"\\\\]*"')
VICTIM = Address("telegram", "700", "99")
SECRETS = ("3273014510850007", "Ratna Karumaya", "81298765432")
TOLD = ("halo", "saya sendiri", "narik ojol", "pelanggan", "ya", "2 juta", "jkk jkm", "ya", SECRETS[0], SECRETS[1])


class Course:
    """One run: what came in, what became of it, and what was wrong."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self._dice = random.Random(SEED)
        self._number = 100
        self._kept = {name: corpus(name) for name in ("telegram", "whatsapp", "readers")}
        self._asked: dict[tuple[str, str], Message] = {}
        self._new = itertools.count(FIRST + CHATS)
        self._people = list(range(FIRST, FIRST + CHATS))

    def made(self) -> Iterator[Incoming]:
        """Make one update and give the incomings that it is read as."""
        channel = self._dice.choice(("telegram", "whatsapp"))
        self._number += 1
        chat, number = str(self._dice.choice(self._people)), str(self._number)
        data = NUMBERED.sub(number.encode(), MEANT_FOR.sub(chat.encode(), self._fuzzed(channel, chat)))
        try:
            yield from _read(channel, data)
        except (*UNREADABLE, MalformedError):
            self.outcomes["refused as no update"] += 1
        except Exception as error:
            self.faults[f"{channel}: {type(error).__name__}: {error}"] += 1

    def _fuzzed(self, channel: str, chat: str) -> bytes:
        """An answer to what was asked, or an update as it was kept, with words of a worker in it or mutated: what is
        only broken gets nowhere."""
        asked = self._asked.get((channel, chat))
        if asked and self._dice.random() < FITTING:
            return _saying(self._kept[channel][0], self._fit(asked, chat))
        words = self._dice.choice(self._kept["readers"])
        if self._dice.random() < 0.5:
            words = mutated(words, self._dice)
        data = _saying(self._dice.choice(self._kept[channel]), words.decode("utf-8", "replace"))
        return mutated(data, self._dice) if self._dice.random() < 0.5 else data

    def _fit(self, asked: Message, chat: str) -> str:
        typed = worker(int(chat) % 10_000)._asdict()
        if asked.step in typed or not asked.buttons:
            return str(typed.get(asked.step, "halo"))
        return self._dice.choice(asked.buttons).label

    def heard(self, taken: Sequence[Taken]) -> None:
        """Look through what is said to everybody but the victim."""
        for one in taken:
            self.outcomes[one.outcome] += 1
            if one.outcome == "fault":
                self.faults["a turn raised"] += 1
            if one.outcome == "to_staff":
                self._follow(one.address)
            if one.address != VICTIM:
                said = [spoken.message.text for spoken in one.spoken]
                self._asked.update(((one.address.channel, one.address.address), s.message) for s in one.spoken)
                self.faults.update("somebody else was told" for secret in SECRETS if any(secret in t for t in said))

    def _follow(self, address: Address) -> None:
        """Nobody is at the desk: let somebody new come in place of whoever waits for staff."""
        if address.address.isdecimal() and int(address.address) in self._people:
            self._people[self._people.index(int(address.address))] = next(self._new)

    async def play(self, turns: Turns, updates: int) -> None:
        """Feed so many updates."""
        for start in range(0, updates, AT_ONCE):
            incomings = [one for _ in range(min(AT_ONCE, updates - start)) for one in self.made()]
            if not incomings:
                self.outcomes["concerning nobody"] += 1
            for error in await asyncio.gather(*(turns.take(one) for one in incomings), return_exceptions=True):
                if isinstance(error, BusyError):
                    self.outcomes["asked to come again"] += 1
                elif isinstance(error, Exception):
                    self.faults[type(error).__name__] += 1


def _saying(data: bytes, words: str) -> bytes:
    told = json.dumps(words).encode()
    return WORDS.sub(lambda _: told, data)


def _read(channel: str, data: bytes) -> Iterator[Incoming]:
    update = msgspec.json.decode(data)
    if channel == "telegram":
        update_number(update)
        found = read_update(update, "700")
        yield from (found.incoming for found in (found,) if isinstance(found, Arrival))
    else:
        yield from (found.incoming for found in read_posting(update, NUMBER) if isinstance(found, Posted))


class Stub:
    """A messenger or backend that accepts everything at once."""

    async def send(self, _delivery: Delivery) -> Incoming | None:
        """Accept."""


async def _fetched(needed: Lacking, known: Facts) -> Facts:
    if isinstance(needed, DrawCode):
        return await Doors({}).supply(needed, known)
    return fetched(needed, known)


def _clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@asynccontextmanager
async def _shell(database_url: str, course: Course) -> AsyncIterator[Turns]:
    """Run the real core on a database that need not survive a power cut."""
    database, keys = open_database(database_url), KeyRing.from_text(KeyRing.make())
    outbox = Outbox(
        database, keys, dict.fromkeys(("telegram", "whatsapp", "backend"), Stub()), holder="f", clock=_clock
    )
    core = Core(take_turn, load_speech().message)
    known: dict[str, object] = {"fetch": _fetched, "facts": facts(demo=True), "on_committed": course.heard}
    turns = Turns(database, keys, core, outbox, clock=_clock, **known)  # type: ignore[arg-type]
    await turns.start()
    await outbox.start(turns.take)
    try:
        yield turns
    finally:
        await turns.stop()
        await outbox.stop()
        await database.close()


async def fuzzed(database_url: str, updates: int) -> tuple[Course, int]:
    """Feed updates to the shell; return what came of it and how memory grew after the first fifth, in bytes."""
    course = Course()
    async with _shell(database_url, course) as turns:
        for number, text in enumerate(TOLD):
            await turns.take(Incoming(VICTIM, f"v{number}", Text(text)))
        await course.play(turns, updates // 5)
        before = memory()
        await course.play(turns, updates - updates // 5)
        return course, memory() - before


def run(scale: float) -> Report:
    """Play the run."""
    updates, started = round(UPDATES * scale), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        course, grown = asyncio.run(fuzzed(Sqlite(Path(folder)).fresh(), updates))
    faults = [f"{number} × {what}" for what, number in course.faults.items()]
    faults += ["memory grew too much"] if grown > MAY_GROW else []
    seconds = time.monotonic() - started
    figures = (
        ("updates", f"{updates:,}, of {CHATS:,} chats at a time"),
        ("what became of the incomings in them", json.dumps(dict(course.outcomes.most_common()))),
        ("memory grew by, after the first fifth", f"{grown / (1 << 20):.1f} MB (may: {MAY_GROW >> 20})"),
        ("seconds", f"{seconds:.0f}, {updates / seconds:.0f} updates a second"),
    )
    return Report("Fuzzed updates", figures, tuple(faults))
