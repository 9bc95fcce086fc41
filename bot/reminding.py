"""Reminders: planned for the month, told when their time has come, and looked at once more when they are sent.

Planning makes rows, telling makes turns, sending empties the outbox; each goes on where it was stopped, by whichever
process. Only so many wait to be sent at a time, so that what is sent was decided minutes ago and not this morning.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import structlog

from bot.outbox import RefusedError, Sender
from bot.turns import BusyError, Clock, Taken
from conversations.messages import Address, Incoming
from conversations.months import Month
from conversations.programmes.reminding import Habits, in_share, may_remind, next_allowed, plan, sponsor_ends, zone_of
from storage import broadcasts
from storage.cohorts import ending_in
from storage.database import Database
from storage.deliveries import Delivery
from storage.reminders import (
    LANE,
    Due,
    Member,
    Planned,
    due_now,
    is_counted,
    is_wanted,
    keep_plan,
    key_of,
    note_dropped,
    note_told,
    plan_one,
    postpone,
    spent,
    still_to_send,
    to_plan,
)
from storage.sealing import KeyRing

CHUNK = 200
TELL = 50
"""Reminders told at a time: small, so that whoever writes meanwhile waits for no more than these turns."""
MOST_AHEAD = 5_000
"""Reminders that wait to be sent at a time; a round every minute keeps up with 80 a second."""
BREATH = 0.01
"""Seconds between two chunks, in which everybody else writes."""
TEMPLATE = {"whatsapp": "payment_due"}
"""The template by which a reminder goes out on channels that charge for it."""

log = structlog.get_logger(__name__)

Take = Callable[[Incoming], Awaitable[Taken]]


class Limits(NamedTuple):
    """At most `a_month` reminders a member, `budget` rupiah a month (0: none set), `prices` in rupiah by template;
    `fewer` per cent of the members get no extra nudges."""

    a_month: int = 4
    budget: int = 0
    prices: Mapping[str, int] = {}
    fewer: int = 0

    def price(self, address: Address) -> int:
        """Return what a reminder to an address costs: nothing where messages are free."""
        return self.prices.get(TEMPLATE.get(address.channel, ""), 0)


class Sorted(NamedTuple):
    """What becomes of due reminders: told now, left for good (by reason), or told later (the key, then when)."""

    told: list[Due]
    dropped: dict[str, list[str]]
    later: dict[str, dt.datetime]


class Reminding:
    """Plans and tells; any number of processes may do it at once."""

    def __init__(self, database: Database, keys: KeyRing, take: Take, clock: Clock, limits: Limits) -> None:
        self._database = database
        self._keys = keys
        self._take = take
        self._clock = clock
        self._limits = limits

    async def round(self) -> None:
        """Plan what is not planned yet, then tell what is due, chunk by chunk."""
        for some in (self._plan_some, self._plan_sponsors, self._tell_some):
            more = True
            while more:
                more = await some()
                await asyncio.sleep(BREATH)

    async def _plan_sponsors(self) -> bool:
        """Plan a chunk of those whose sponsor pays for this month last; tell whether there was any."""
        month = Month.of(self._clock())
        async with self._database.read() as connection:
            planned = await ending_in(connection, month, sponsor_ends(month), CHUNK)
        async with self._database.write() as connection:
            for one in planned:
                await plan_one(connection, one)
        return bool(planned)

    async def _plan_some(self) -> bool:
        """Plan a chunk; tell whether there was any."""
        now = self._clock()
        month = Month.of(now)
        async with self._database.read() as connection:
            members = await to_plan(connection, month, CHUNK)
        if members:
            planned = [one for member in members for one in planned_for(member, month, now, self._limits.fewer)]
            async with self._database.write() as connection:
                await keep_plan(connection, members, month, planned)
        return bool(members)

    async def _tell_some(self) -> bool:
        """Tell a chunk of what is due; tell whether there may be more."""
        now = self._clock()
        async with self._database.read() as connection:
            room = MOST_AHEAD - await still_to_send(connection, LANE)
            due = await due_now(connection, self._keys, now, min(TELL, room)) if room > 0 else []
            left = self._limits.budget - await spent(connection, now)
        found = sort_out(due, now, self._limits, left)
        taken = await asyncio.gather(*map(self._tell, found.told))
        prices = {
            one.planned.key: self._limits.price(one.address) for one, did in zip(found.told, taken, strict=True) if did
        }
        unwanted = [one.planned.key for one, did in zip(found.told, taken, strict=True) if did is False]
        async with self._database.write() as connection:
            await note_told(connection, prices, now)
            for reason, keys in {**found.dropped, "unwanted": unwanted}.items():
                await note_dropped(connection, keys, reason)
            for key, until in found.later.items():
                await postpone(connection, key, until)
        return bool(due) and None not in taken

    async def _tell(self, due: Due) -> bool | None:
        """Tell one; whether anything was said, None where too much is waiting."""
        try:
            taken = await self._take(Incoming(due.address, f"remind {due.planned.key}", due.planned.what))
        except BusyError:
            return None
        return taken.duplicate or bool(taken.spoken)


def planned_for(member: Member, month: Month, now: dt.datetime, fewer: int) -> Iterable[Planned]:
    """Yield what is planned for a member in a month; days that are over are left out."""
    habits = Habits(zone_of(member.region), member.payday, in_share(member.id, fewer), member.id)
    for moment, about, at in plan(member.paid, member.first, month, habits):
        if at.astimezone(habits.zone).date() >= now.astimezone(habits.zone).date():
            key = key_of(member.id, about, moment)
            yield Planned(key, member.id, member.chat_id, member.person, str(about), moment, habits.fewer, at)


def sort_out(due: Sequence[Due], now: dt.datetime, limits: Limits, left: int) -> Sorted:
    """Decide what becomes of due reminders, the earliest first; `left` is what the budget has left, in rupiah.

    A member hears the latest of theirs, a chat one at a time: whoever else it is for waits for a later chunk.
    """
    found = Sorted([], {}, {})
    latest = {one.planned.enrolment_id: one.planned.key for one in due}
    chats: set[int] = set()
    for one in due:
        key, price = one.planned.key, limits.price(one.address)
        until = next_allowed(now, zone_of(one.region))
        if latest[one.planned.enrolment_id] != key:
            found.dropped.setdefault("overtaken", []).append(key)
        elif until > now:
            found.later[key] = until
        elif one.told >= limits.a_month and is_counted(one.planned.moment):
            found.dropped.setdefault("capped", []).append(key)
        elif limits.budget and price > left:
            log.warning("reminder_budget_spent", setting="JAMIN_REMINDER_BUDGET")
            found.later[key] = next_allowed(now + dt.timedelta(days=1), zone_of(one.region))
        elif one.planned.chat_id not in chats:
            chats.add(one.planned.chat_id)
            left -= price
            found.told.append(one)
    return found


class Rechecking:
    """Sends what another sender sends, but no reminder or broadcast that is no longer wanted, none at a wrong hour."""

    def __init__(self, sender: Sender, database: Database, clock: Clock) -> None:
        self._sender = sender
        self._database = database
        self._clock = clock

    async def send(self, delivery: Delivery) -> Incoming | None:
        """Deliver one row, unless it is a reminder that came to nothing meanwhile.

        Raises:
            RefusedError: it is not the hour for it.
        """
        key = delivery.idempotency or ""
        if delivery.lane == LANE and not await self._may_go(key):
            return None
        if delivery.lane == broadcasts.LANE and not await self._may_tell(key, delivery.chat_id):
            return None
        return await self._sender.send(delivery)

    async def _may_tell(self, key: str, chat_id: int) -> bool:
        """Tell whether a broadcast was neither stopped nor withdrawn."""
        async with self._database.read() as connection:
            wanted = await broadcasts.may_go(connection, key)
        if not wanted:
            async with self._database.write() as connection:
                await broadcasts.note(connection, key.rpartition("/")[0], [chat_id], "withheld", self._clock())
        return wanted

    async def _may_go(self, key: str) -> bool:
        async with self._database.read() as connection:
            wanted, region = await is_wanted(connection, key)
        if not wanted:
            async with self._database.write() as connection:
                await note_dropped(connection, [key], "unwanted")
            return False
        now, zone = self._clock(), zone_of(region)
        if not may_remind(now, zone):
            raise RefusedError((next_allowed(now, zone) - now).total_seconds())
        return True
