"""Delivering: in order, again when refused, never for ever, and never two copies without need."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa

from bot.outbox import GoneError, Outbox, RefusedError, UnreachableError, answer_id
from bot.turns import Turns
from conversations.effects import CheckIdentity
from conversations.messages import IdentityChecked, Incoming, Message
from conversations.turn import Facts, Lacking
from storage.database import Database
from storage.dead_letters import dead_letters, revive
from storage.deliveries import Delivery
from storage.sealing import KeyRing
from storage.tables import outbox
from tests import toy
from tests.toy import said


class Clock:
    """A clock that only tests move."""

    now = toy.NOW

    def __call__(self) -> dt.datetime:
        """Tell the time."""
        return self.now

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.now += dt.timedelta(seconds=seconds)


class Wire:
    """A channel that notes what it delivers and fails as told: each address has a list of failures to come."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.tried = 0
        self.failures: dict[str, list[Exception]] = {}

    async def send(self, delivery: Delivery) -> Incoming | None:
        """Deliver a reply, or raise the next failure; answer an identity check."""
        self.tried += 1
        await asyncio.sleep(0)
        failures = self.failures.get(delivery.address.address)
        if failures:
            raise failures.pop(0)
        what = delivery.what
        if isinstance(what, Message):
            self.sent.append((delivery.address.address, what.text))
        if isinstance(what, CheckIdentity):
            self.sent.append((delivery.address.address, str(delivery.idempotency)))
            return Incoming(delivery.address, answer_id(delivery), IdentityChecked(1, what.digest, "complete"))
        return None

    def texts(self, address: str) -> list[str]:
        """Return what was delivered to one address."""
        return [text for to, text in self.sent if to == address]


class Shell:
    """Turns and outbox over one database, as a process has them."""

    def __init__(self, database: Database, keys: KeyRing, wire: Wire, clock: Clock, **given: Any) -> None:
        options: dict[str, Any] = {"holder": "test", "look_every": 0.05, **given}
        self.outbox = Outbox(database, keys, {"telegram": wire, "backend": wire}, clock=clock, **options)
        self.turns = Turns(database, keys, toy.CORE, self.outbox, clock=clock, fetch=_no_fetch)

    async def __aenter__(self) -> Shell:
        await self.outbox.start(self.turns.take)
        await self.turns.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.turns.stop()
        await self.outbox.stop()

    async def say(self, number: int, text: str, chat: str = "a") -> None:
        """Take words from a messenger."""
        await self.turns.take(said(number, text, chat=chat, channel="telegram"))


async def _no_fetch(_needs: Lacking, facts: Facts) -> Facts:
    return facts


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something has happened."""

    async def now() -> bool:
        return condition()

    await _until(now)


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(8):
        while not await condition():
            await asyncio.sleep(0.01)


async def states(database: Database) -> list[str]:
    """Return the states of all rows in the order of their lines."""
    async with database.read() as connection:
        rows = await connection.execute(sa.select(outbox.c.state).order_by(outbox.c.chat_id, outbox.c.line))
        return list(rows.scalars())


async def settled(database: Database, *wanted: str) -> None:
    """Wait until the rows have these states."""

    async def reached() -> bool:
        return await states(database) == list(wanted)

    await _until(reached)


async def nothing_sending(database: Database) -> None:
    """Wait until no row is being sent."""

    async def reached() -> bool:
        return "sending" not in await states(database)

    await _until(reached)


@pytest.fixture
def clock() -> Clock:
    """A clock that only tests move."""
    return Clock()


@pytest.fixture
def wire() -> Wire:
    """A channel that works."""
    return Wire()


async def test_replies_are_delivered_once_and_marked(
    database: Database, keys: KeyRing, wire: Wire, clock: Clock
) -> None:
    """Each reply goes out once, in order, and its row says done."""
    async with Shell(database, keys, wire, clock) as shell:
        for n in range(5):
            await shell.say(n, f"{n}")
        await settled(database, *["done"] * 5)
    assert wire.texts("a") == [f"{n + 1} {n}" for n in range(5)]
    assert wire.tried == 5


async def test_a_refused_reply_is_not_overtaken(database: Database, keys: KeyRing, wire: Wire, clock: Clock) -> None:
    """While a reply waits for its next attempt the later ones of its chat wait too; other chats do not."""
    wire.failures["a"] = [RefusedError(30.0)]
    async with Shell(database, keys, wire, clock) as shell:
        await shell.say(1, "first")
        await settled(database, "new")
        await shell.say(2, "second")
        await shell.say(3, "other", chat="b")
        await until(lambda: wire.texts("b") == ["1 other"])
        clock.forward(29)
        await asyncio.sleep(0.2)
        assert wire.texts("a") == []
        clock.forward(2)
        await until(lambda: wire.texts("a") == ["1 first", "2 second"])


@pytest.mark.parametrize("error", [UnreachableError(), RuntimeError("anything")])
async def test_an_unknown_outcome_is_tried_again(
    database: Database, keys: KeyRing, wire: Wire, clock: Clock, error: Exception
) -> None:
    """Where nobody knows whether it arrived, it is sent again after a pause."""
    wire.failures["a"] = [error]
    async with Shell(database, keys, wire, clock) as shell:
        await shell.say(1, "halo")
        await settled(database, "new")
        clock.forward(1)
        await settled(database, "done")
    assert wire.texts("a") == ["1 halo"]


async def test_a_permanent_refusal_is_dead_at_once(database: Database, keys: KeyRing, wire: Wire, clock: Clock) -> None:
    """A row that will never be delivered is dead, holds up nothing, is seen by staff and may be tried anew."""
    wire.failures["a"] = [GoneError()]
    async with Shell(database, keys, wire, clock) as shell:
        await shell.say(1, "first")
        await settled(database, "dead")
        await shell.say(2, "second")
        await until(lambda: wire.texts("a") == ["2 second"])
        async with database.write() as connection:
            [letter] = await dead_letters(connection)
            assert (letter.error, letter.attempts) == ("GoneError", 1)
            assert await revive(connection, letter.chat_id, letter.line, clock())
        await until(lambda: wire.texts("a") == ["2 second", "1 first"])


async def test_attempts_come_to_an_end(database: Database, keys: KeyRing, wire: Wire, clock: Clock) -> None:
    """A row that fails at every attempt is given up after the last."""
    wire.failures["a"] = [RefusedError() for _ in range(9)]
    async with Shell(database, keys, wire, clock, most_attempts=3) as shell:
        await shell.say(1, "halo")
        for tried in (1, 2, 3):
            await until(lambda tried=tried: wire.tried == tried)  # type: ignore[misc]
            await nothing_sending(database)
            clock.forward(600)
        await settled(database, "dead")
    assert wire.tried == 3


async def test_what_a_dead_process_held_is_sent_after_its_lease(
    database: Database, keys: KeyRing, wire: Wire, clock: Clock
) -> None:
    """A row claimed by a process that died is taken over once the lease ended, or at once where only one process is."""
    held = asyncio.Event()

    class Stuck(Wire):
        async def send(self, delivery: Delivery) -> Incoming | None:
            held.set()
            await asyncio.sleep(3600)
            return None

    async with Shell(database, keys, Stuck(), clock, holder="dead", look_every=3600) as dying:
        await dying.say(1, "halo")
        await held.wait()
        assert await states(database) == ["sending"]
        async with Shell(database, keys, wire, clock, holder="heir"):
            clock.forward(0 if database.is_sqlite else 91)
            await until(lambda: wire.texts("a") == ["1 halo"])
        for task in dying.outbox._tasks:
            task.cancel()


async def test_a_hand_off_s_answer_comes_back_as_an_incoming(
    database: Database, keys: KeyRing, wire: Wire, clock: Clock
) -> None:
    """What the backend answers is taken through the door before the row is done, and the data sent is forgotten."""
    async with Shell(database, keys, wire, clock) as shell:
        await shell.say(1, "check")
        await until(lambda: "2 IdentityChecked" in wire.texts("a"))
        await settled(database, "done", "done", "done")
    async with database.read() as connection:
        kept = await connection.execute(sa.select(outbox.c.payload).where(outbox.c.lane == "handoff"))
        assert kept.scalar_one() is None


async def test_a_hand_off_given_up_is_told_to_the_chat(
    database: Database, keys: KeyRing, wire: Wire, clock: Clock
) -> None:
    """A hand-off that cannot be delivered brings the chat an incoming that says so."""

    class Down(Wire):
        async def send(self, delivery: Delivery) -> Incoming | None:
            if delivery.lane == "handoff":
                raise GoneError
            return await super().send(delivery)

    down = Down()
    async with Shell(database, keys, down, clock) as shell:
        await shell.say(1, "submit")
        await until(lambda: len(down.texts("a")) == 2)
        await settled(database, "done", "dead", "done")
    assert down.texts("a") == ["1 submit", "2 EnrolmentAnswered"]


async def test_the_same_hand_off_has_the_same_key(database: Database, keys: KeyRing, wire: Wire, clock: Clock) -> None:
    """Two turns that ask the same of the backend ask under one idempotency key; another chat has its own."""
    async with Shell(database, keys, wire, clock) as shell:
        await shell.say(1, "check")
        await shell.say(2, "check")
        await shell.say(3, "check", chat="b")
        await until(lambda: len(wire.texts("a")) == 6 and len(wire.texts("b")) == 3)
    keys_used = [text for text in wire.texts("a") if len(text) == 36]
    assert len(keys_used) == 2
    assert len({*keys_used, *(text for text in wire.texts("b") if len(text) == 36)}) == 2


async def test_web_replies_are_never_claimed(database: Database, keys: KeyRing, wire: Wire, clock: Clock) -> None:
    """For the web chat the stored row is the delivery."""
    async with Shell(database, keys, wire, clock) as shell:
        await shell.turns.take(said(1, "halo"))
        await asyncio.sleep(0.15)
    assert await states(database) == ["stored"]
    assert wire.tried == 0


async def test_a_channel_served_elsewhere_is_left_alone(
    database: Database, keys: KeyRing, wire: Wire, clock: Clock
) -> None:
    """A process that does not hold an account's lease neither claims nor sends for it."""
    async with Shell(database, keys, wire, clock, serves=lambda: frozenset({"backend"})) as shell:
        await shell.say(1, "halo")
        await asyncio.sleep(0.15)
    assert await states(database) == ["new"]


async def test_what_is_in_hand_goes_back_with_the_account(
    database: Database, keys: KeyRing, wire: Wire, clock: Clock
) -> None:
    """A process that lost an account begins no sending that it had claimed before; whoever has it now sends it."""
    served = [frozenset({"telegram"})]

    class Losing(Wire):
        async def send(self, delivery: Delivery) -> Incoming | None:
            served[0] = frozenset()
            await asyncio.sleep(0.1)
            return await super().send(delivery)

    losing = Losing()
    async with Shell(database, keys, losing, clock, serves=lambda: served[0]) as shell:
        await asyncio.gather(*(shell.say(n, "halo") for n in range(3)))
        await settled(database, "done", "new", "new")
    assert losing.texts("a") == ["1 halo"]
    async with Shell(database, keys, wire, clock):
        await settled(database, "done", "done", "done")
    assert wire.texts("a") == ["2 halo", "3 halo"]


class SlowFor(Wire):
    """A channel that never ends a delivery to some."""

    def __init__(self, *slow: str) -> None:
        super().__init__()
        self.slow = slow

    async def send(self, delivery: Delivery) -> Incoming | None:
        """Deliver, but not to those."""
        if delivery.address.address in self.slow:
            await asyncio.Event().wait()
        return await super().send(delivery)


async def test_a_slow_delivery_holds_up_no_other_chat(database: Database, keys: KeyRing, clock: Clock) -> None:
    """While deliveries to some hang, those to all others are made, also where they were handed over behind them."""
    wire = SlowFor("b", "d")
    shell = Shell(database, keys, wire, clock)
    async with shell:
        await asyncio.gather(*(shell.say(number, "hello", chat=chat) for number, chat in enumerate("abcdef")))
        await until(lambda: len(wire.sent) == 4)
        await shell.outbox.stop(grace=0.1)
    assert sorted(address for address, _ in wire.sent) == ["a", "c", "e", "f"]
    assert sorted(await states(database)) == ["done"] * 4 + ["new"] * 2


async def test_stopping_gives_back_what_was_not_sent(
    database: Database, keys: KeyRing, wire: Wire, clock: Clock
) -> None:
    """After a clean stop no row is marked as being sent, and the next start delivers the rest once."""
    async with Shell(database, keys, wire, clock) as shell:
        await asyncio.gather(*(shell.say(n, "halo", chat=f"{n}") for n in range(30)))
    assert "sending" not in await states(database)
    async with Shell(database, keys, wire, clock):
        await settled(database, *["done"] * 30)
    assert sorted(wire.sent) == sorted({(f"{n}", "1 halo") for n in range(30)})


@pytest.mark.parametrize("seed", range(3))
async def test_order_holds_under_random_refusals(
    database: Database, keys: KeyRing, wire: Wire, clock: Clock, seed: int
) -> None:
    """Whatever is refused and whenever, each chat gets its replies once and in order."""
    for chat in "abc":
        wire.failures[chat] = [RefusedError() for n in range(6 + seed)]
    async with Shell(database, keys, wire, clock) as shell:
        await asyncio.gather(*(_talk(shell, chat, base) for base, chat in enumerate("abc")))
        async with asyncio.timeout(30):
            while len(wire.sent) < 24:
                # Less than a lease, and only while nothing is under way: nobody takes our own rows for left behind.
                await nothing_sending(database)
                clock.forward(40)
                await asyncio.sleep(0.1)
    for chat in "abc":
        assert wire.texts(chat) == [f"{n + 1} {n}" for n in range(8)]


async def _talk(shell: Shell, chat: str, base: int) -> None:
    for n in range(8):
        await shell.say(100 * base + n, f"{n}", chat)
