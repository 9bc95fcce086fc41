"""A chat that goes on elsewhere: one transaction, both databases, and nothing is lost or shown at the old address."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import msgspec
import pytest
import pytest_asyncio
import sqlalchemy as sa

from conversations.asking import option_value
from conversations.flows.moving import GOOD_FOR, digest
from conversations.messages import Address, Continued, StaffSaid, Start, Tap, Text
from storage import audit
from storage.database import Database
from storage.erasure import erase_chat
from storage.export import export_chat
from storage.retention import RULES, purge_some
from storage.sealing import KeyRing
from storage.tables import chats, inbound, moves, outbox
from storage.transcript import lines_after
from tests.storage.movers import NEW, NOW, OLD, Process, Wire, heard, until


@pytest.fixture
def wires() -> dict[str, Wire]:
    """Two messengers that work."""
    return {"telegram": Wire(), "whatsapp": Wire()}


@pytest_asyncio.fixture
async def process(database: Database, keys: KeyRing, wires: dict[str, Wire]) -> AsyncIterator[Process]:
    """The only process."""
    async with Process(database, keys, wires) as process:
        yield process


async def rows(database: Database, *columns: sa.ColumnElement[Any]) -> list[Any]:
    """Return some columns of a table."""
    async with database.read() as connection:
        return [tuple(row) for row in await connection.execute(sa.select(*columns))]


class TestMoving:
    """The move."""

    async def test_the_chat_goes_on_where_the_code_was_typed(self, process: Process, keys: KeyRing) -> None:
        """Row, people, answers and transcript are those of the old chat; the open question is asked over there."""
        before = await process.begun(OLD)
        await process.moved(await process.code(OLD))
        said = await heard(process, NEW, "sekarang di sini")
        assert "Dari siapa" in said
        after = await process.say(NEW, "pelanggan sendiri")
        assert after.people[0].answers == before.people[0].answers | {"earning": "own"}
        async with process.database.read() as connection:
            lines = await lines_after(connection, keys, NEW)
        assert [line.words for line in lines if line.author == "worker"][:1] == ["halo"]

    async def test_the_old_address_knows_nothing_but_where(self, process: Process, keys: KeyRing) -> None:
        """Who writes at the old address is told where it goes on, and an old button does nothing there."""
        before = await process.begun(OLD)
        await process.moved(await process.code(OLD))
        async with process.database.read() as connection:
            assert await lines_after(connection, keys, OLD) == []
        tapped = await process.take(OLD, Tap(option_value(before.asking, "earning", "own")))
        assert "dilanjutkan di Telegram" in tapped.spoken[0].message.text
        assert tapped.session is not None
        assert tapped.session.people == ()
        again = await process.take(OLD, Text("halo"))
        assert "dilanjutkan" not in again.spoken[0].message.text

    async def test_who_moves_back_finds_everything(self, process: Process) -> None:
        """A chat may move again, to where it was as well."""
        await process.begun(OLD)
        chat = await process.moved(await process.code(OLD))
        assert await process.moved(await process.code(NEW), OLD, NEW) == chat
        assert (await process.say(OLD, "pelanggan sendiri")).people[0].answers["earning"] == "own"

    async def test_a_link_carries_the_code(self, process: Process) -> None:
        """A chat that is opened with the code in its link is the old one at once."""
        await process.begun(OLD)
        code = (await process.code(OLD)).replace(" ", "")
        await process.take(NEW, Start(f"pindah_{code}"))
        await heard(process, NEW, "sekarang di sini")

    async def test_what_was_still_to_be_sent_goes_along(self, process: Process, database: Database) -> None:
        """Replies that the old messenger would not take are delivered by the new one, in order, before the welcome."""
        await process.begun(OLD)
        await heard(process, OLD, "Dari siapa")
        process.wires["whatsapp"].closed = True
        code = await process.code(OLD)
        await process.say(OLD, "bantuan")

        async def waits() -> bool:
            return ("new",) in await rows(database, outbox.c.state)

        await until(waits)
        await process.moved(code)
        process.now += dt.timedelta(seconds=70)
        await heard(process, NEW, "sekarang di sini")
        told = process.wires["telegram"].texts(NEW)
        assert "Kode pindah" in told[0]
        assert "sekarang di sini" in told[-1]
        assert len(told) == 3

    @pytest.mark.parametrize("being_sent", [False, True])
    async def test_in_the_web_chat_the_rows_are_the_delivery(
        self, process: Process, database: Database, being_sent: bool
    ) -> None:
        """A chat that moves to where replies are pulled leaves nothing to be delivered, also of what is being sent."""
        await process.begun(OLD)
        await heard(process, OLD, "Dari siapa")
        wire = process.wires["whatsapp"]
        wire.closed = not being_sent
        if being_sent:
            wire.open.clear()
        await process.moved(await process.code(OLD), Address("web", "jamin", "abc"))
        wire.open.set()
        await process.outbox.stop()
        told = await rows(database, outbox.c.state, outbox.c.channel)
        assert [state for state, channel in told if channel == "web"] == ["stored", "stored"]
        assert {state for state, channel in told if channel != "web"} == {"done"}

    async def test_news_on_their_way_follow(self, process: Process) -> None:
        """What comes for the people of a chat that moved a moment ago reaches them, once, wherever it is brought."""
        await process.begun(OLD)
        await process.moved(await process.code(OLD))
        taken = await process.take(OLD, StaffSaid("perkara", "Rina", "Sudah beres."), "desk:1")
        again = await process.take(NEW, StaffSaid("perkara", "Rina", "Sudah beres."), "desk:1")
        assert (taken.address, taken.duplicate, again.duplicate) == (NEW, False, True)
        assert "Sudah beres." in await heard(process, NEW, "Rina")


class TestCodes:
    """Codes that do not move anything."""

    async def test_a_code_is_good_once(self, process: Process) -> None:
        """A used code is refused in any other chat."""
        await process.begun(OLD)
        code = await process.code(OLD)
        await process.moved(code)
        third = Address("telegram", "700", "8")
        await process.take(third, Text(code))
        await heard(process, third, "sudah dipakai")

    async def test_a_code_is_good_for_a_while(self, process: Process) -> None:
        """After its time, or once a newer one was shown, a code is refused and the chat stays."""
        await process.begun(OLD)
        first = await process.code(OLD)
        second = await process.code(OLD)
        await process.take(NEW, Text(first))
        await heard(process, NEW, "lewat waktunya")
        process.now += GOOD_FOR + dt.timedelta(seconds=1)
        other = Address("telegram", "700", "8")
        await process.take(other, Text(second))
        await heard(process, other, "lewat waktunya")

    async def test_a_code_of_nobody_is_refused(self, process: Process) -> None:
        """A code that was never shown leads nowhere."""
        await process.take(NEW, Text("BCDF 12345"))
        await heard(process, NEW, "tidak ditemukan")

    async def test_guessing_is_slow(self, process: Process, database: Database) -> None:
        """Of many codes typed in one chat five are looked up."""
        for number in range(12):
            await process.take(NEW, Text(f"BCDF {number:05}"))
        kinds = [order for (order,) in await rows(database, outbox.c.order_key) if order.startswith("person")]
        assert len(kinds) == 5

    async def test_who_answered_meanwhile_stays(self, process: Process) -> None:
        """A chat where somebody was named between typing the code and the move is not replaced; the code stays good."""
        await process.begun(OLD)
        code = await process.code(OLD)
        await process.begun(NEW)
        late = await process.take(OLD, Continued(NEW, digest(code.replace(" ", ""))))
        assert late.duplicate
        assert await process.say(NEW, code)
        await process.moved(code, Address("telegram", "700", "8"))

    async def test_no_code_is_stored(self, process: Process, database: Database) -> None:
        """No column holds a code that can be read."""
        await process.begun(OLD)
        code = await process.code(OLD)
        held = [row for table in (chats, inbound, outbox, moves) for row in await rows(database, *table.c)]
        text = b"|".join(v if isinstance(v, bytes) else str(v).encode() for row in held for v in row)
        assert code.replace(" ", "").encode() not in text
        assert code.encode() not in text


class TestTraces:
    """What a move leaves."""

    async def test_a_move_is_audited_and_exported(self, process: Process, database: Database, keys: KeyRing) -> None:
        """The trail and the person's copy tell that a chat moved, from where to where, and the chain holds."""
        await process.begun(OLD)
        chat = await process.moved(await process.code(OLD))
        async with database.read() as connection:
            [entry] = await audit.entries(connection)
            assert await audit.first_broken(connection) is None
            exported = await export_chat(connection, keys, chat)
        assert (entry.who, entry.act, entry.subject) == ("worker", "move", f"chat {chat}: whatsapp to telegram")
        [move] = exported["moves"]
        assert (move["from_channel"], move["to_channel"]) == ("whatsapp", "telegram")
        assert msgspec.json.encode(exported["chats"]).decode().count('"7"') == 1

    async def test_a_code_dies_with_its_chat_or_its_time(self, process: Process, database: Database) -> None:
        """After an erasure, or a day, nothing tells a code again."""
        await process.begun(OLD)
        await process.code(OLD)
        chat = await process.chat_at(OLD)
        assert chat is not None
        [rule] = [rule for rule in RULES if rule.what == "codes for moving"]
        assert await purge_some(database, rule, NOW + dt.timedelta(days=1)) == 0
        async with database.write() as connection:
            assert [v for (v,) in (await connection.execute(sa.select(moves.c.code_index))).all()] != [None]
            await erase_chat(connection, chat, NOW)
        assert await rows(database, moves.c.code_index) == [(None,)]
        await process.begun(OLD)
        await process.code(OLD)
        assert await purge_some(database, rule, NOW + dt.timedelta(days=2)) == 1
        assert [v for v in await rows(database, moves.c.code_index) if v != (None,)] == []


class TestAtOnce:
    """Several processes, and deaths in between."""

    async def test_many_chats_move_between_two_processes(
        self, database: Database, keys: KeyRing, wires: dict[str, Wire]
    ) -> None:
        """Chats that move while both sides type keep every answer, and nothing deadlocks for good."""
        olds = [Address("whatsapp", "106", f"62{n}") for n in range(12)]
        news = [Address("telegram", "700", f"{n}") for n in range(12)]
        async with AsyncExitStack() as stack:
            one = await stack.enter_async_context(Process(database, keys, wires, "one"))
            two = await stack.enter_async_context(Process(database, keys, wires, "two"))
            await asyncio.gather(*(one.begun(old) for old in olds))
            codes = await asyncio.gather(*map(one.code, olds))
            ids = await asyncio.gather(*map(one.chat_at, olds))
            await asyncio.gather(
                *(two.take(new, Text(code)) for new, code in zip(news, codes, strict=True)),
                *(one.take(old, Text("bantuan")) for old in olds),
                *(one.take(new, Text("halo")) for new in news),
            )

            async def arrived() -> bool:
                return list(await asyncio.gather(*map(two.chat_at, news))) == ids

            await until(arrived)
            sessions = await asyncio.gather(*(two.say(new, "pelanggan sendiri") for new in news))
        assert [session.people[0].answers["earning"] for session in sessions] == ["own"] * 12

    async def test_a_death_before_the_look_up_loses_nothing(
        self, database: Database, keys: KeyRing, wires: dict[str, Wire]
    ) -> None:
        """A code that was taken by a process that died is looked up by the next one."""
        async with Process(database, keys, wires) as first:
            await first.begun(OLD)
            code = await first.code(OLD)
            first.outbox._serves = frozenset
            await first.take(NEW, Text(code))
        async with Process(database, keys, wires) as second:
            await heard(second, NEW, "sekarang di sini")
