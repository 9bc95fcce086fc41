"""A morning on which every member is reminded: `python -m tests.bench.reminders [MEMBERS]`, 100,000 by default.

Members are written in bulk, the clock stands at the morning of the due day. The messenger is a stub that takes 80
reminders a second of the clock's time, so that the morning's hour passes in as long as our own work takes. Beside it a
worker chats: how long each answer takes is measured in real time.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.clock import Clock
from bot.outbox import Outbox
from bot.playing import Core
from bot.reminding import Limits, Rechecking, Reminding
from bot.turns import Turns
from bot.wording import load_speech
from conversations.engine import take_turn
from conversations.messages import Address, Incoming, Text
from conversations.months import Month
from conversations.session import Enrolment, Person, Session, encode
from storage.chats import address_text, seal_address
from storage.database import Database, open_database
from storage.deliveries import REPLY, Delivery
from storage.migrate import migrate
from storage.reminders import LANE, still_to_send
from storage.rows import Insert
from storage.sealing import KeyRing
from storage.tables import chats, consents, contributions, enrolments, people, reminders, stored
from tests.bench.ours import know_nothing
from tests.chat import facts

MORNING = dt.datetime(2026, 12, 15, 3, 45, tzinfo=dt.UTC)
"""After everybody's moment on the due day of December, in every zone."""
RATE = 80
ROWS = 2_000
ANSWERS = {"occupation": "ojek_online", "earning": "own", "income": 2_000_000, "plan": "two", "remind": True}
REGENCIES = ("3273", "5171", "9471")


class Paced:
    """A messenger that takes so many reminders a second by the clock, and notes when and how often each came."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.reminded: Counter[int] = Counter()
        self.answered: dict[str, float] = {}

    async def send(self, delivery: Delivery) -> Incoming | None:
        """Accept."""
        if delivery.lane == REPLY:
            self.answered[delivery.address.address] = time.perf_counter()
            return None
        self.reminded[delivery.chat_id] += 1
        self._clock.forward(1 / RATE)
        return None


def member(keys: KeyRing, number: int) -> dict[sa.Table, tuple[Any, ...]]:
    """The rows of one member who agreed to be reminded and paid for November."""
    ref, enrolment, at = f"chat-{number}", f"enrolment-{number}", stored(MORNING - dt.timedelta(days=30))
    address = Address("telegram", "bot", f"{number}")
    wrapped, key = keys.new_key(f"chats.{ref}")
    held = Enrolment(enrolment, "accepted", "26110000017", paid=(Month(2026, 11),))
    session = Session(1, ref, people=(Person(1, ANSWERS, enrolment=held),), current=1, flow="membership")
    sealed = (seal_address(key, ref, address), key.seal(encode(session), f"chats.session.{ref}"))
    index = keys.index("address", address_text(address))
    return {
        chats: (number, ref, "telegram", "bot", index, *wrapped, *sealed, at, at),
        people: (ref, number, 1, *wrapped, REGENCIES[number % 3], at),
        enrolments: (enrolment, number, ref, "accepted", "2026-11", at, at),
        contributions: (enrolment, "2026-11", at),
        consents: (number, 1, "remind", "2026-11", True, at),
    }


INTO = {
    chats: Insert(
        chats,
        *("id", "ref", "channel", "bot", "address_index", "key_id", "data_key", "address", "session"),
        *("created_at", "last_in_at"),
    ),
    people: Insert(people, "id", "chat_id", "number", "key_id", "data_key", "regency", "created_at"),
    enrolments: Insert(enrolments, "id", "chat_id", "person_id", "state", "first", "created_at", "updated_at"),
    contributions: Insert(contributions, "enrolment_id", "month", "paid_at"),
    consents: Insert(consents, "chat_id", "person", "purpose", "version", "given", "at"),
}


async def fill(database: Database, keys: KeyRing, members: int) -> None:
    """Write the members in bulk."""
    for numbers in chunks(members):
        made = [member(keys, number) for number in numbers]
        async with database.write() as connection:
            for table, insert in INTO.items():
                await insert.run(connection, [rows[table] for rows in made])


def chunks(members: int) -> Iterator[range]:
    """The numbers of the members, some at a time."""
    return (range(start, min(start + ROWS, members + 1)) for start in range(1, members + 1, ROWS))


async def chat_beside(turns: Turns, sender: Paced, done: asyncio.Event) -> list[float]:
    """Chat while the reminders go out; seconds from each message to its answer leaving for the messenger."""
    waits: list[float] = []
    while not done.is_set():
        address = Address("telegram", "bot", f"live-{len(waits)}")
        start = time.perf_counter()
        await turns.take(Incoming(address, address.address, Text("halo")))
        while address.address not in sender.answered:  # noqa: ASYNC110 - the stub is somebody else's machine.
            await asyncio.sleep(0.005)
        waits.append(sender.answered[address.address] - start)
        await asyncio.sleep(0.2)
    return waits


async def measure(folder: Path, members: int) -> None:
    """Fill, plan, tell, send; print the figures."""
    keys, clock = KeyRing.from_text(KeyRing.make()), Clock(MORNING - dt.timedelta(days=14))
    database = open_database(f"sqlite:///{folder / 'jamin.db'}")
    await migrate(database)
    await fill(database, keys, members)
    sender = Paced(clock)
    outbox = Outbox(database, keys, {"telegram": Rechecking(sender, database, clock)}, holder="bench", clock=clock)
    speech = load_speech()
    core = Core(take_turn, speech.message)
    turns = Turns(database, keys, core, outbox, clock=clock, fetch=know_nothing, facts=facts())
    await turns.start()
    await outbox.start(turns.take)
    reminding = Reminding(database, keys, turns.take, clock, Limits())
    try:
        planned = await timed(reminding)
        say(f"{members:,} members planned in {planned:.1f} s, {members / planned:,.0f} a second")
        await send_all(database, reminding, clock, turns, sender, members)
    finally:
        await turns.stop()
        await outbox.stop()
        await database.close()


async def send_all(
    database: Database, reminding: Reminding, clock: Clock, turns: Turns, sender: Paced, members: int
) -> None:
    """Tell and send the due day's reminders with a chat beside, and print what came of it."""
    async with database.write() as connection:
        await connection.execute(sa.delete(reminders).where(reminders.c.moment != "due"))
    clock.set(MORNING)
    done, start = asyncio.Event(), time.perf_counter()
    beside = asyncio.create_task(chat_beside(turns, sender, done))
    while sum(sender.reminded.values()) < members:
        await reminding.round()
        async with database.read() as connection:
            if await still_to_send(connection, LANE):
                await asyncio.sleep(1)
    took = time.perf_counter() - start
    done.set()
    waits = sorted(await beside)
    most = max(sender.reminded.values())
    say(f"told and sent in {took:.0f} s of work, {members / took:,.0f} a second; {RATE} a second by the clock")
    say(f"reminded: {len(sender.reminded):,} of {members:,}, most often {most} time(s)")
    say(
        f"{len(waits)} live chats beside: answer after {statistics.median(waits) * 1000:.0f} ms at the median, "
        f"{waits[int(len(waits) * 0.99)] * 1000:.0f} ms at p99"
    )


async def timed(reminding: Reminding) -> float:
    """Run one round; seconds it took."""
    start = time.perf_counter()
    await reminding.round()
    return time.perf_counter() - start


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(measure(Path(made), int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
