"""The stream that open pages follow: its numbers, what was missed, who may listen."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
import sqlalchemy as sa
from aiohttp import ClientResponse

from bot.desk.live import Sign
from storage.desk_sessions import IDLE
from storage.tables import operator_sessions
from tests.desk.office import Office, open_office, until


class Stream:
    """An open stream, read event by event."""

    def __init__(self, response: ClientResponse) -> None:
        self._response = response
        self.last = -1

    async def next(self) -> Sign | str:
        """Return the next sign, or the name of an event that is none."""
        event, data = "", b""
        async with asyncio.timeout(10):
            async for line in self._response.content:
                name, _, value = line.strip().partition(b": ")
                if name == b"id":
                    self.last = int(value)
                if name == b"event":
                    event = value.decode()
                if name == b"data":
                    data = value
                if not line.strip() and event:
                    return msgspec.json.decode(data, type=Sign) if event == "change" else event
        return "end"


@asynccontextmanager
async def listening(office: Office, seen: int) -> AsyncIterator[Stream]:
    """Open the stream as a page that saw the event `seen`, once it is known to be open."""
    async with office.client.get("/desk/langsung", params={"sesudah": str(seen)}) as response:
        assert response.content_type == "text/event-stream"
        yield Stream(response)


async def test_a_commit_is_told_at_once(office: Office) -> None:
    """Whoever listens hears which case changed and which waits anew, with the number of the event."""
    await office.begin()
    async with listening(office, 0) as stream:
        assert await stream.next() == "beat"
        await office.worker("halo", "petugas")
        assert await stream.next() == Sign([1], [1])
        number = stream.last
        await office.worker("kapan dijawab?")
        assert await stream.next() == Sign([1], [])
        assert stream.last > number


async def test_two_processes_are_one_desk(office: Office) -> None:
    """What is committed in another process on the same database is told here too, by looking."""
    await office.begin()
    async with open_office(office.database, office.keys) as other, listening(office, 0) as stream:
        assert await stream.next() == "beat"
        await other.worker("halo", "petugas")
        assert await stream.next() == Sign([1], [1])


async def test_what_was_missed_is_made_good(office: Office) -> None:
    """Who comes back with the number they saw hears what happened since, and nothing twice."""
    await office.begin()
    await office.worker("halo", "petugas")
    await until(lambda: _knows(office, 1))
    seen = office.live.newest
    await office.worker("ada orang?")
    await until(lambda: _knows(office, seen + 1))
    async with listening(office, seen) as stream:
        assert await stream.next() == Sign([1], [])
        assert stream.last == office.live.newest
    async with listening(office, office.live.newest) as stream:
        assert await stream.next() == "beat"


async def test_who_was_away_for_too_long_looks_at_everything(office: Office) -> None:
    """A number from before this process began, or one that never was, gets "everything" instead of a gap."""
    await office.begin()
    await office.worker("halo", "petugas")
    await until(lambda: _knows(office, 1))
    for seen in (-1, 10**9):
        async with listening(office, seen) as stream:
            assert await stream.next() == Sign(None, [])


async def test_nobody_listens_unknown(office: Office) -> None:
    """Without a session there is no stream, only the way to sign in."""
    async with office.client.get("/desk/langsung", allow_redirects=False) as answer:
        assert answer.status == 303


async def test_a_stolen_session_hears_no_more_than_it_may(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream whose operator was signed out ends at the next sign, however busy the desk is."""
    await office.begin()
    await office.worker("halo", "petugas")
    await until(lambda: _knows(office, 1))
    async with listening(office, office.live.newest) as stream:
        await stream.next()
        async with office.database.write() as connection:
            await connection.execute(sa.delete(operator_sessions))
        monkeypatch.setattr("bot.desk.live.BEAT", 0.0)
        await office.worker("ada orang?")
        assert await stream.next() == "out"


async def test_a_colleague_who_types_is_told(office: Office) -> None:
    """Keeping a draft is a sign for the case although it is no event of it."""
    await office.begin()
    await office.worker("halo", "petugas")
    page = await office.get("/desk/kasus/1")
    await until(lambda: _knows(office, 1))
    async with listening(office, office.live.newest) as stream:
        await stream.next()
        assert (await office.post("/desk/kasus/1/draf", page, text="Baik")).status == 204
        assert await stream.next() == Sign([1], [])


async def _knows(office: Office, n: int) -> bool:
    office.live.wake()
    return office.live.newest >= n


async def test_a_page_left_open_keeps_nobody_signed_in(office: Office) -> None:
    """What a page fetches by itself doesn't count as somebody being there."""
    await office.begin()
    office.clock.now += IDLE - dt.timedelta(minutes=10)
    async with office.client.get("/desk", headers={"X-Jamin-Live": "1"}) as answer:
        assert answer.url.path == "/desk"
    office.clock.now += dt.timedelta(minutes=20)
    assert (await office.get("/desk")).path == "/desk/masuk"
