"""The door: everything taken once, in order, together, and a fault stays in its chat."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from bot.outbox import Outbox
from bot.playing import Core
from bot.turns import MOST_A_CHAT, BusyError, Taken, Turns
from conversations.messages import Incoming, Text
from conversations.session import Session
from conversations.turn import Facts, Lacking, Needs, RankQuestion, Turn
from storage.cases import queue
from storage.database import Database
from storage.sealing import KeyRing
from storage.tables import chats, inbound, outbox
from storage.transcript import lines_after
from tests import toy
from tests.toy import said

Opened = Callable[..., AbstractAsyncContextManager[Turns]]


@pytest.fixture
def door(database: Database, keys: KeyRing) -> Opened:
    """Opens turns over the database; keywords go to `Turns`."""

    @asynccontextmanager
    async def opened(core: Core = toy.CORE, **options: Any) -> AsyncIterator[Turns]:
        outbox = Outbox(database, keys, {}, holder="test", clock=lambda: toy.NOW)
        turns = Turns(database, keys, core, outbox, **{"clock": lambda: toy.NOW, "fetch": no_fetch} | options)
        await turns.start()
        yield turns
        await turns.stop()

    return opened


async def no_fetch(_needs: Lacking, facts: Facts) -> Facts:
    """Know nothing."""
    return facts


async def answer(needs: Lacking, facts: Facts) -> Facts:
    """Answer after a while."""
    assert isinstance(needs, RankQuestion)
    await asyncio.sleep(0.02)
    assert isinstance(needs, RankQuestion)
    return msgspec.structs.replace(facts, rankings={**facts.rankings, needs.question: ()})


def words(taken: Taken) -> list[str]:
    """Return the texts of the replies."""
    return [spoken.message.text for spoken in taken.spoken]


async def count(database: Database, table: sa.Table) -> int:
    """Count the rows of a table."""
    async with database.read() as connection:
        return (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()


async def test_a_turn_answers_and_is_stored(door: Opened, database: Database, keys: KeyRing) -> None:
    """What was typed and what was answered are lines of the chat, numbered in one sequence."""
    async with door() as turns:
        first = await turns.take(said(1, "halo"))
        await turns.take(said(2, "ya"))
    assert (first.line, words(first), first.duplicate) == (1, ["1 halo"], False)
    async with database.read() as connection:
        lines = await lines_after(connection, keys, said(1, "").address)
        later = await lines_after(connection, keys, said(1, "").address, after=3)
    assert [(line.seq, line.author, line.words) for line in lines] == [
        (1, "worker", "halo"),
        (2, "jamin", "1 halo"),
        (3, "worker", "ya"),
        (4, "jamin", "2 ya"),
    ]
    assert [line.seq for line in later] == [4]


async def test_the_same_incoming_is_taken_once(door: Opened, database: Database) -> None:
    """An incoming brought again, at once or later, changes nothing and says nothing."""
    async with door() as turns:
        taken = await asyncio.gather(*(turns.take(said(7, "halo")) for _ in range(5)))
        again = await turns.take(said(7, "halo"))
    assert sorted(one.duplicate for one in taken) == [False, True, True, True, True]
    assert again.duplicate
    assert await count(database, inbound) == await count(database, outbox) == 1


async def test_incomings_of_a_chat_keep_their_order(door: Opened) -> None:
    """Many incomings of many chats, all at once, are counted in the order in which each chat brought them."""
    async with door(largest_batch=8) as turns:
        incomings = [said(n, f"{n}", chat=f"{n % 12}") for n in range(120)]
        taken = await asyncio.gather(*(turns.take(incoming) for incoming in incomings))
    assert [words(one) for one in taken] == [[f"{n // 12 + 1} {n}"] for n in range(120)]


async def test_two_processes_share_chats(door: Opened, database: Database) -> None:
    """Two processes that take for the same chats at once lose nothing, repeat nothing and do not deadlock."""
    async with door() as one, door() as two:
        incomings = [said(n, "x", chat=f"{n * 7 % 20}") for n in range(100)]
        taken = await asyncio.gather(*(turns.take(i) for i in incomings for turns in (one, two)))
    assert sum(not result.duplicate for result in taken) == 100
    async with database.read() as connection:
        counted = await connection.execute(sa.select(chats.c.turns))
    assert list(counted.scalars()) == [5] * 20


async def test_a_turn_that_raises_is_answered_with_an_apology(door: Opened, database: Database, keys: KeyRing) -> None:
    """The inbound record keeps the error's type and not its words; other chats do not notice; the chat goes on."""
    async with door() as turns:
        bad, good = await asyncio.gather(turns.take(said(1, "raise")), turns.take(said(2, "halo", chat="b")))
        after = await turns.take(said(3, "halo"))
    assert words(bad) == ["1 sorry ZeroDivisionError"]
    assert words(good) == ["1 halo"]
    assert words(after) == ["2 halo"]
    async with database.read() as connection:
        errors = await connection.execute(
            sa.select(inbound.c.error, inbound.c.outcome).where(inbound.c.error.is_not(None))
        )
    assert errors.all() == [("ZeroDivisionError", "fault")]


def always_raise(*_: object) -> Turn:
    """Fail, also at apologising."""
    raise RuntimeError


async def test_a_core_that_cannot_even_apologise_opens_a_case(door: Opened, database: Database, keys: KeyRing) -> None:
    """Where the apology raises too, the incoming is still recorded and staff get one case, however often it happens."""
    async with door(Core(always_raise, toy.speak)) as turns:
        assert words(await turns.take(said(1, "halo"))) == []
        await turns.take(said(2, "halo"))
    async with database.read() as connection:
        assert [case.reason for case in await queue(connection, keys)] == ["fault"]


def unwritable(session: Session, incoming: Incoming, now: dt.datetime, facts: Facts) -> Turn | Needs:
    """Give one chat a session that no database can keep."""
    turn = toy.take_turn(session, incoming, now, facts)
    if isinstance(turn, Turn) and incoming.what in (Text("unwritable"), Text("hopeless")):
        return msgspec.structs.replace(turn, session=msgspec.structs.replace(turn.session, side={"x": object()}))
    return turn


async def test_a_batch_is_halved_until_the_culprit_is_alone(door: Opened, database: Database) -> None:
    """One turn that cannot be written costs its own chat an apology and the others nothing."""
    async with door(Core(unwritable, toy.speak)) as turns:
        incomings = [said(n, "unwritable" if n == 5 else "halo", chat=f"{n}") for n in range(16)]
        taken = await asyncio.gather(*(turns.take(incoming) for incoming in incomings))
    assert [words(one) for one in taken] == [["1 sorry TypeError"] if n == 5 else ["1 halo"] for n in range(16)]
    assert await count(database, inbound) == 16


async def test_a_lacking_fact_is_fetched_and_the_same_incoming_runs_again(door: Opened) -> None:
    """A turn that needs a fact is taken once it is there, before any later incoming of its chat; others don't wait."""
    order: list[str] = []

    async def noted(turns: Turns, incoming: Incoming) -> None:
        order.extend(words(await turns.take(incoming)))

    async with door(fetch=answer) as turns:
        wanted = (said(1, "need facts"), said(2, "later"), said(3, "other", chat="b"))
        await asyncio.gather(*(noted(turns, incoming) for incoming in wanted))
    assert order == ["1 other", "1 need facts", "2 later"]


async def test_needs_without_end_are_a_fault(door: Opened) -> None:
    """A turn that never has enough facts, or whose fact cannot be fetched, gets the apology."""

    async def broken(_needs: Lacking, _facts: Facts) -> Facts:
        raise OSError

    async with door() as turns:
        assert words(await turns.take(said(1, "need x"))) == ["1 sorry EndlessNeedsError"]
    async with door(fetch=broken) as turns:
        assert words(await turns.take(said(2, "need x"))) == ["2 sorry OSError"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [("a\0b", "ab"), ("a\ud800b", "a?b"), ("x" * 5000, "x" * 4096), ("\0", ""), ("😀", "😀")],
)
async def test_text_is_cleaned_before_the_core(door: Opened, typed: str, read: str) -> None:
    """NUL and lone surrogates go, and what is longer than 4,096 characters is cut."""
    async with door() as turns:
        assert words(await turns.take(said(1, typed))) == [f"1 {read}"]


async def test_too_much_waiting_is_refused_with_a_time(door: Opened) -> None:
    """With the queue full, or before the start, the channel is asked to come again; what was accepted is taken."""
    async with door(most_waiting=3) as turns:
        results = await asyncio.gather(
            *(turns.take(said(n, "x", chat=f"{n}")) for n in range(5)), return_exceptions=True
        )
    assert [isinstance(result, BusyError) for result in results] == [False] * 3 + [True] * 2
    assert all(result.retry_after > 0 for result in results if isinstance(result, BusyError))
    with pytest.raises(BusyError):
        await turns.take(said(9, "x"))


async def test_a_flood_fills_its_own_chat_s_queue(door: Opened) -> None:
    """Whoever sends more than may wait is asked to come again; meanwhile everybody else is taken at once."""
    async with door() as turns:
        flood = [asyncio.create_task(turns.take(said(n, "x"))) for n in range(4 * MOST_A_CHAT)]
        others = [asyncio.create_task(turns.take(said(1000 + n, "x", chat=f"{n}"))) for n in range(20)]
        await asyncio.wait(flood, return_when=asyncio.FIRST_COMPLETED)
        refused = [task for task in flood if task.done() and isinstance(task.exception(), BusyError)]
        assert len(refused) == 3 * MOST_A_CHAT
        assert [words(taken) for taken in await asyncio.gather(*others)] == [["1 x"]] * 20
        assert sum(task.done() for task in flood) < len(flood)
        accepted = await asyncio.gather(*(task for task in flood if task not in refused))
    assert [words(taken) for taken in accepted] == [[f"{n} x"] for n in range(1, MOST_A_CHAT + 1)]


async def test_others_get_to_write_between_full_batches(door: Opened, database: Database) -> None:
    """While far more waits than a batch can hold, somebody else's write is done before all of it is."""
    async with door(largest_batch=4) as turns:
        flood = asyncio.gather(*(turns.take(said(n, "x", chat=f"{n}")) for n in range(120)))
        await asyncio.sleep(0)
        async with database.write() as connection:
            await connection.execute(sa.delete(outbox).where(outbox.c.chat_id < 0))
        assert not flood.done()
        await flood


async def test_a_lost_connection_is_waited_out(
    door: Opened, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the database is away the callers wait, and nothing is lost or repeated when it is back."""
    really, failures = database.write, itertools.count()

    @asynccontextmanager
    async def failing() -> AsyncIterator[Any]:
        if next(failures) < 3:
            raise ConnectionRefusedError
        async with really() as connection:
            yield connection

    monkeypatch.setattr(database, "write", failing)
    async with door() as turns:
        assert words(await turns.take(said(1, "halo"))) == ["1 halo"]


async def test_listeners_hear_after_the_commit(door: Opened, database: Database) -> None:
    """Whoever pushes to open pages hears of a turn once it is committed; a listener that fails harms nobody."""
    heard: list[Taken] = []

    def listen(taken: Sequence[Taken]) -> None:
        heard.extend(taken)
        raise ValueError

    async with door(on_committed=listen) as turns:
        taken = await turns.take(said(1, "halo"))
        await turns.take(said(2, "halo"))
    assert heard[0] == taken
    assert len(heard) == 2


async def test_nothing_typed_is_stored_in_clear(door: Opened, database: Database, keys: KeyRing) -> None:
    """No column of the talk holds a word, an address or an id as it came."""
    async with door() as turns:
        await turns.take(Incoming(said(0, "", chat="+628123").address, "wamid.628123", Text("rahasia sekali")))
    async with database.read() as connection:
        rows = [tuple(row) for table in (chats, inbound, outbox) for row in await connection.execute(sa.select(table))]
    held = b"|".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)
    assert b"rahasia" not in held
    assert b"628123" not in held
