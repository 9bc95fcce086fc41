"""Ours: every turn committed, sealed, sent through a stubbed messenger and marked delivered."""

from __future__ import annotations

import asyncio
import datetime as dt
import time

from bot.outbox import Outbox
from bot.playing import Core
from bot.turns import Turns
from conversations.messages import Address, Incoming, Text
from conversations.session import decode, encode, fresh
from conversations.turn import Facts, Lacking, Turn
from storage.database import Database, open_database
from storage.deliveries import Delivery, has_due
from storage.migrate import migrate
from storage.sealing import KeyRing
from tests.bench.form import ANSWER, CHATS, QUESTIONS, ROUNDS


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


def core_turns(core: Core) -> list[float]:
    """Return turns a second of the core alone, with the session decoded and encoded, per round."""
    rates = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for chat in range(CHATS):
            _fill_in(core, f"{chat}")
        rates.append(CHATS * QUESTIONS / (time.perf_counter() - start))
    return rates


def _fill_in(core: Core, name: str) -> None:
    stored, address, now = encode(fresh(core.locale, name)), Address("telegram", "bot", name), clock()
    for number in range(QUESTIONS):
        session = decode(stored)
        turn = core.take_turn(session, Incoming(address, str(number), Text(ANSWER)), now, Facts())
        assert isinstance(turn, Turn)
        for reply in turn.replies:
            core.speak(reply, turn.session)
        stored = encode(turn.session)


async def durable_turns(url: str, core: Core, channel: str) -> list[float]:
    """Return turns a second, taken, committed and delivered, per round; a pulled channel's row is its delivery."""
    database = open_database(url)
    await migrate(database)
    keys = KeyRing.from_text(KeyRing.make())
    outbox = Outbox(database, keys, {"telegram": Stub()}, holder="bench", clock=clock)
    turns = Turns(database, keys, core, outbox, clock=clock, fetch=know_nothing)
    await turns.start()
    await outbox.start(turns.take)
    rates = [await _round(database, turns, channel, number) for number in range(ROUNDS + 1)]
    await turns.stop()
    await outbox.stop()
    await database.close()
    return rates[1:]


async def _round(database: Database, turns: Turns, channel: str, number: int) -> float:
    start = time.perf_counter()
    await asyncio.gather(*(_chat(turns, channel, f"{number}-{chat}") for chat in range(CHATS)))
    await _delivered(database)
    return CHATS * QUESTIONS / (time.perf_counter() - start)


async def _chat(turns: Turns, channel: str, name: str) -> None:
    address = Address(channel, "bot", name)
    for number in range(QUESTIONS):
        await turns.take(Incoming(address, f"{name}/{number}", Text(ANSWER)))


async def _delivered(database: Database) -> None:
    """Wait until nothing is left to deliver, as the database itself tells."""
    far = clock() + dt.timedelta(days=1)
    while True:
        async with database.read() as connection:
            if not await has_due(connection, ["telegram"], far):
                return
        await asyncio.sleep(0.002)
