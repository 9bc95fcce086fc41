"""The morning of a due day: members who have not paid, a clock that the messenger's pace moves, and what arrived."""

from __future__ import annotations

import datetime as dt
import mmap
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from conversations.messages import Address, Incoming
from conversations.months import Month
from conversations.session import Enrolment, Person, Session, encode
from storage.chats import address_text, seal_address
from storage.database import Database
from storage.deliveries import REPLY, Delivery
from storage.rows import Insert
from storage.sealing import KeyRing
from storage.tables import chats, consents, contributions, enrolments, people, stored

MORNING = dt.datetime(2026, 12, 15, 3, 45, tzinfo=dt.UTC)
"""After everybody's moment on the due day of December, in every zone; 12.45 in Papua, so seven hours are left there."""
RATE = 30
"""Messages a second that Telegram lets through."""
PROCESSES = 16
"""Processes that may take part in a morning, killed ones included."""
ROWS = 2_000
ANSWERS = {"occupation": "ojek_online", "earning": "own", "income": 2_000_000, "plan": "two", "remind": True}
REGENCIES = ("3273", "5171", "9471")


class SharedClock:
    """Real time since `began`, and for each reminder sent, by whichever process, the time that it takes at `RATE`.

    Each process counts in a slot of its own in a file that all have mapped: a lock would stay with a killed one.
    """

    def __init__(self, folder: Path, slot: int, began: float) -> None:
        file = folder / "clock"
        if not file.exists():
            file.write_bytes(bytes(8 * PROCESSES))
        with file.open("r+b") as opened:
            self._sent = memoryview(mmap.mmap(opened.fileno(), 0)).cast("q")
        self._slot = slot
        self._began = began

    def __call__(self) -> dt.datetime:
        """Return the moment it is that morning."""
        return MORNING + dt.timedelta(seconds=time.time() - self._began + self.sent / RATE)

    @property
    def sent(self) -> int:
        """How many reminders were sent by all processes, copies included."""
        return sum(self._sent)

    def tick(self) -> None:
        """Let the time pass that one message takes."""
        self._sent[self._slot] += 1


class Messenger:
    """A messenger that takes reminders at the clock's pace, and writes down whom each reached before it says so."""

    def __init__(self, folder: Path, clock: SharedClock) -> None:
        self._clock = clock
        self._ledger = os.open(folder / "reached", os.O_APPEND | os.O_CREAT | os.O_WRONLY)
        self.answered: dict[str, float] = {}

    async def send(self, delivery: Delivery) -> Incoming | None:
        """Accept."""
        if delivery.lane == REPLY:
            self.answered[delivery.address.address] = time.perf_counter()
            return None
        self._clock.tick()
        os.write(self._ledger, b"%d\n" % delivery.chat_id)
        return None


def reached(folder: Path) -> Counter[int]:
    """Return how often each chat was reached."""
    return Counter(map(int, (folder / "reached").read_text().split()))


# --- the members -----------------------------------------------------------------------------------------------------


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
    if not database.is_sqlite:
        async with database.write() as connection:
            await connection.execute(
                sa.text("SELECT setval(pg_get_serial_sequence('chats', 'id'), max(id)) FROM chats")
            )
            await connection.execute(sa.text("ANALYZE"))


def chunks(members: int) -> Iterator[range]:
    """The numbers of the members, some at a time."""
    return (range(start, min(start + ROWS, members + 1)) for start in range(1, members + 1, ROWS))
