"""Ours: every turn committed, sealed, sent through a stubbed messenger and marked delivered."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from bot.outbox import Outbox
from bot.playing import Core
from bot.tuning import spare_the_collector
from bot.turns import Committed, Fetch, Turns
from conversations.messages import Address, Incoming, Text
from conversations.session import decode, encode, fresh
from conversations.turn import Facts, Lacking, Turn
from storage.chats import Chats
from storage.database import Database, open_database
from storage.deliveries import Delivery, has_due
from storage.migrate import migrate
from storage.sealing import KeyRing
from tests.bench.form import ANSWER, CHATS, CORE, QUESTIONS, ROUNDS, WATCHED, Measured, Right, answer

FAR = dt.timedelta(days=1)

Bring = Callable[["Shell", Address, int], Awaitable[None]]


class Stub:
    """A messenger that accepts everything at once."""

    async def send(self, _delivery: Delivery) -> Incoming | None:
        """Accept."""


async def know_nothing(_needs: Lacking, facts: Facts) -> Facts:
    """Add no fact."""
    return facts


def clock() -> dt.datetime:
    """Tell the time."""
    return dt.datetime.now(dt.UTC)


def core_turns(core: Core) -> Measured:
    """Measure the core alone, with the session decoded and encoded."""
    rates, used = [], time.process_time()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for chat in range(CHATS):
            _fill_in(core, f"{chat}")
        rates.append(CHATS * QUESTIONS / (time.perf_counter() - start))
    return Measured(rates, processor(used, CHATS))


def processor(used: float, chats: int) -> float:
    """Return the microseconds of processor time a turn took, of those rounds since `used` that count."""
    return (time.process_time() - used) * 1e6 / (ROUNDS * chats * QUESTIONS)


def _fill_in(core: Core, name: str) -> None:
    stored, address, now = encode(fresh(core.locale, name)), Address("telegram", "bot", name), clock()
    for number in range(QUESTIONS):
        session = decode(stored)
        turn = core.take_turn(session, Incoming(address, str(number), Text(ANSWER)), now, Facts())
        assert isinstance(turn, Turn)
        for reply in turn.replies:
            core.speak(reply, turn.session)
        stored = encode(turn.session)


class Shell:
    """The running shell around the form's core."""

    def __init__(self, database: Database, keys: KeyRing, turns: Turns) -> None:
        self.database = database
        self.keys = keys
        self.turns = turns

    async def say(self, address: Address, number: int, text: str) -> None:
        """Bring one update; returns once it is committed."""
        await self.turns.take(Incoming(address, f"{address.address}/{number}", Text(text)))

    async def delivered(self) -> None:
        """Wait until nothing is left to deliver, as the database itself tells."""
        while True:
            async with self.database.read() as connection:
                if not await has_due(connection, ["telegram"], clock() + FAR):
                    return
            await asyncio.sleep(0.002)

    async def answers(self, address: Address) -> list[object]:
        """Return the answers a chat's stored session holds, in order."""
        async with self.database.write() as connection:
            locked = await Chats(self.keys).lock(connection, [address], clock())
        return list(decode(locked[address].session).side.values())


@contextlib.asynccontextmanager
async def shell(
    url: str,
    core: Core = CORE,
    on_batch: Callable[[Committed], None] = lambda _: None,
    keys: KeyRing | None = None,
    fetch: Fetch = know_nothing,
) -> AsyncIterator[Shell]:
    """Run the shell on a database as the server runs it."""
    database = open_database(url)
    await migrate(database)
    keys = keys or KeyRing.from_text(KeyRing.make())
    outbox = Outbox(database, keys, {"telegram": Stub()}, holder="bench", clock=clock)
    turns = Turns(database, keys, core, outbox, clock=clock, fetch=fetch, on_batch=on_batch)
    await turns.start()
    await outbox.start(turns.take)
    spare_the_collector()
    yield Shell(database, keys, turns)
    await turns.stop()
    await outbox.stop()
    await database.close()


async def durable(url: str, channel: str) -> Measured:
    """Measure turns taken, committed and delivered; a pulled channel's row is its delivery."""
    async with shell(url) as ours:
        await _round(ours, channel, 0)
        used = time.process_time()
        rates = [await _round(ours, channel, number + 1) for number in range(ROUNDS)]
        taken = processor(used, CHATS)
        right = Right(await _right(ours, channel, twice), await _right(ours, channel, at_once))
        return Measured(rates, taken, right)


async def _round(ours: Shell, channel: str, number: int) -> float:
    start = time.perf_counter()
    await asyncio.gather(*(_chat(ours, Address(channel, "bot", f"{number}-{chat}")) for chat in range(CHATS)))
    await ours.delivered()
    return CHATS * QUESTIONS / (time.perf_counter() - start)


async def _chat(ours: Shell, address: Address) -> None:
    for number in range(QUESTIONS):
        await ours.say(address, number, ANSWER)


# --- right or wrong --------------------------------------------------------------------------------------------------


async def twice(ours: Shell, address: Address, chat: int) -> None:
    """Bring every update twice, as a messenger does that heard no acknowledgement."""
    for number in range(QUESTIONS):
        await asyncio.gather(*(ours.say(address, number, answer(chat, number)) for _ in range(2)))


async def at_once(ours: Shell, address: Address, chat: int) -> None:
    """Bring all of a chat's updates before the first is answered."""
    await asyncio.gather(*(ours.say(address, number, answer(chat, number)) for number in range(QUESTIONS)))


async def _right(ours: Shell, channel: str, bring: Bring) -> int:
    addresses = [Address(channel, "bot", f"{bring} {chat}") for chat in range(WATCHED)]
    await asyncio.gather(*(bring(ours, address, chat) for chat, address in enumerate(addresses)))
    expected = [[answer(chat, number) for number in range(QUESTIONS)] for chat in range(WATCHED)]
    kept = [await ours.answers(address) for address in addresses]
    return sum(one == other for one, other in zip(kept, expected, strict=True))
