"""How long a worker waits for an answer while a broadcast to 100,000 leaves through the same narrow door."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import sqlite3
import tempfile
import time

import msgspec
from sqlalchemy.engine import make_url

from bot.channels.pace import Pace
from bot.channels.telegram.sender import LIMITS
from bot.outbox import Outbox
from bot.tuning import run
from bot.turns import Turns
from conversations.messages import Address, Incoming, Message, Text
from storage.database import open_database
from storage.deliveries import REPLY, Delivery, payload_place
from storage.migrate import migrate
from storage.sealing import KeyRing, Wrapped
from storage.tables import stored
from tests.bench.crowd import address, fill
from tests.bench.form import CORE
from tests.bench.ours import clock, know_nothing
from tests.bench.table import Table, Target, quantile

PEOPLE = 100_000
SECONDS = 30
EVERY = 0.25
"""Seconds between two workers who write."""
_BULK = (
    "INSERT INTO outbox (chat_id, line, lane, channel, bot, order_key, payload, state, attempts, created_at, due_at) "
    "VALUES (?, 5, 'broadcast', 'telegram', 'bot', '', ?, 'new', 0, ?, ?)"
)


class Paced:
    """A messenger that lets through what Telegram lets through, by the lanes that the real sender uses."""

    def __init__(self) -> None:
        self._pace = Pace(LIMITS)
        self.replied: dict[str, float] = {}
        self.broadcast = 0

    async def send(self, delivery: Delivery) -> Incoming | None:
        """Wait for the turn of this message, then count it."""
        awaited = delivery.lane == REPLY
        await self._pace.enter(delivery.address.address, awaited=awaited)
        if awaited:
            self.replied[delivery.address.address] = time.perf_counter()
        else:
            self.broadcast += 1
        return None


def lay_out(url: str, keys: KeyRing) -> None:
    """Write the broadcast into the outbox, a sealed row for everybody."""
    text, at = msgspec.json.encode(Message("Ada kabar untuk Kakak.")), stored(clock())
    with contextlib.closing(sqlite3.connect(str(make_url(url).database))) as connection:
        found = connection.execute("SELECT id, ref, key_id, data_key FROM chats").fetchall()
        opened = ((chat, keys.unwrap(Wrapped(key_id, key), f"chats.{ref}")) for chat, ref, key_id, key in found)
        sealed = ((chat, key.seal(text, payload_place(chat, 5)), at, at) for chat, key in opened)
        connection.executemany(_BULK, sealed)
        connection.execute("UPDATE chats SET lines = 5")
        connection.commit()


async def waits(url: str) -> tuple[list[float], float]:
    """Return the seconds each worker waited, and the broadcast's messages a second."""
    keys = KeyRing.from_text(KeyRing.make())
    database = open_database(url)
    await migrate(database)
    await fill(url, keys, PEOPLE)
    lay_out(url, keys)
    messenger = Paced()
    outbox = Outbox(database, keys, {"telegram": messenger}, holder="bench", clock=clock)
    turns = Turns(database, keys, CORE, outbox, clock=clock, fetch=know_nothing)
    await turns.start()
    await outbox.start(turns.take)
    await asyncio.sleep(3.0)  # The first second's burst is over, the broadcast fills the door.
    before, start = messenger.broadcast, time.perf_counter()
    found = await asyncio.gather(*(_written(turns, messenger, number) for number in range(int(SECONDS / EVERY))))
    rate = (messenger.broadcast - before) / (time.perf_counter() - start)
    await turns.stop()
    await outbox.stop(grace=1.0)
    await database.close()
    return found, rate


async def _written(turns: Turns, messenger: Paced, number: int) -> float:
    """Write once, from a chat of the crowd; return the seconds until the reply has left."""
    await asyncio.sleep(number * EVERY)
    chat: Address = address(PEOPLE - number)
    start = time.perf_counter()
    await turns.take(Incoming(chat, f"live {number}", Text("halo")))
    while chat.address not in messenger.replied:
        await asyncio.sleep(0.001)
    return messenger.replied[chat.address] - start


def broadcast() -> Table:
    """Measure on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        found, rate = run(waits(f"sqlite:///{folder}/jamin.db"))
    milliseconds = [seconds * 1000 for seconds in found]
    length = dt.timedelta(seconds=round(PEOPLE / rate)) if rate else "for ever"
    parts = tuple(f"{quantile(milliseconds, part):.0f} ms" for part in (0.5, 0.95, 1.0))
    return Table(
        f"A live reply during a broadcast to {PEOPLE:,}",
        ("", "median", "p95", "longest"),
        [("from a worker's message to its reply at the messenger", *parts)],
        f"{len(found)} workers wrote in {SECONDS} seconds while the broadcast went out at {rate:.0f} messages a "
        f"second (all of it takes {length}). The real outbox and the real lanes, Telegram's limits of "
        f"{LIMITS.overall:.0f} a second and {LIMITS.chat:.0f} a second to one chat; the wire itself takes no time.",
        [Target("a live reply during the broadcast waits under 1 s", parts[-1], max(milliseconds) < 1000)],
    )
