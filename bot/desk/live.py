"""What changes in cases, told to the pages that are open.

Everything that happens to a case is a numbered event (`storage/cases/events.py`); the pages follow those numbers. One
look serves all streams of this process: at once after a commit of ours (`wake`), and each second for what other
processes did. A sign names the cases that changed, never anything about them: the page fetches what it shows, so that
what was missed on the way is made good by the next look. Whoever comes back says how far they were.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from typing import NamedTuple

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.desk.guard import still_here
from storage.cases.events import OPENED, REOPENED, newest, since
from storage.cases.presence import Present, all_present
from storage.database import Database

LOOK, GAP = 1.0, 0.1
"""Seconds between two looks when nothing of ours woke us, and at least between any two."""
BEAT = 15.0
"""Seconds after which a silent stream says that it is alive, and any stream sees that its operator is signed in."""
RECENT = 4_000
"""Changes remembered; a page that missed more is told to look at everything."""
WAITING_ANEW = frozenset({OPENED, REOPENED})

log = structlog.get_logger(__name__)


class Sign(msgspec.Struct):
    """What a page is told: the cases that changed, None for "look at everything", and those newly waiting."""

    cases: list[int] | None
    opened: list[int]


class _Heard(NamedTuple):
    """Something about a case, in the order in which this process learned of it; `n` is 0 where it is no event."""

    place: int
    n: int
    number: int
    anew: bool


class Live:
    """One look at the events, and at who is at which case, for all the streams of this process."""

    def __init__(self, database: Database, clock: Callable[[], dt.datetime]) -> None:
        self._database = database
        self._clock = clock
        self._recent: deque[_Heard] = deque(maxlen=RECENT)
        self._floor = 0
        self._place = 0
        self._present: frozenset[tuple[int, Present]] = frozenset()
        self._woken = asyncio.Event()
        self._turn = asyncio.Condition()
        self.newest = 0
        """The number of the newest event known here."""
        self.open = False

    def wake(self, *_: object) -> None:
        """Look at once: something was committed, here or in another process that told us so."""
        self._woken.set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look while the block lasts."""
        async with self._database.read() as connection:
            self.newest = self._floor = await newest(connection)
        self.open = True
        looking = asyncio.create_task(self._run())
        try:
            yield
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def close(self) -> None:
        """End all streams: the program stops, and pages come back to the next one."""
        self.open = False
        async with self._turn:
            self._turn.notify_all()

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._woken.wait()
            self._woken.clear()
            try:
                await self._look()
            except Exception as error:  # The database is away: whoever needs it says so; we look again.
                log.warning("desk_look_failed", error=type(error).__name__)
            await asyncio.sleep(GAP)

    async def _look(self) -> None:
        async with self._database.read() as connection:
            fresh = await since(connection, self.newest)
            here = frozenset(await all_present(connection, self._clock()))
        came_or_left = {number for number, _ in here ^ self._present}
        self._present = here
        if not (fresh or came_or_left):
            return
        for event in fresh:
            self._note(event.n, event.number, event.kind in WAITING_ANEW)
        for number in came_or_left:
            self._note(0, number, False)
        self.newest = fresh[-1].n if fresh else self.newest
        async with self._turn:
            self._turn.notify_all()

    def _note(self, n: int, number: int, anew: bool) -> None:
        if len(self._recent) == RECENT:
            self._floor = max(self._floor, self._recent[0].n)
        self._place += 1
        self._recent.append(_Heard(self._place, n, number, anew))

    # --- what the streams ask ----------------------------------------------------------------------------------------

    def missed(self, seen: int) -> tuple[int, Sign | None]:
        """Return the place from which a page that knows the events up to `seen` goes on, and what it missed.

        A page that was away for too long, or that another database told something, is told to look at everything.
        """
        if seen == self.newest:
            return self._place, None
        if not self._floor <= seen <= self.newest:
            return self._place, Sign(None, [])
        return self._place, _sign(heard for heard in self._recent if heard.n > seen)

    async def after(self, place: int) -> tuple[int, Sign]:
        """Wait for what comes after a place."""
        async with self._turn:
            await self._turn.wait_for(lambda: self._place > place or not self.open)
        return self._place, _sign(heard for heard in self._recent if heard.place > place)


def _sign(heard: Iterable[_Heard]) -> Sign:
    kept = tuple(heard)
    return Sign(sorted({one.number for one in kept}), sorted({one.number for one in kept if one.anew}))


LIVE = web.AppKey("desk_live", Live)

_ALIVE, _OUT = b"event: beat\ndata:\n\n", b"event: out\ndata:\n\n"


async def stream(request: web.Request) -> web.StreamResponse:
    """Tell a page what changes until it leaves, its operator signs out, or the program stops."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):
        await response.write(b"retry: 1000\n\n")
        await _tell(request, response)
    return response


async def _tell(request: web.Request, response: web.StreamResponse) -> None:
    live = request.app[LIVE]
    place, sign = live.missed(_seen(request))
    said, asked = _change(live, sign) if sign else _ALIVE, time.monotonic()
    while live.open and said is not _OUT:
        await response.write(said)
        try:
            async with asyncio.timeout(BEAT):
                place, sign = await live.after(place)
            said = _change(live, sign)
        except TimeoutError:
            said = _ALIVE
        # On a busy day no beat is ever silent, and who was signed out must not hear of it.
        if time.monotonic() - asked >= BEAT:
            said, asked = said if await still_here(request) else _OUT, time.monotonic()
    if said is _OUT:
        await response.write(said)


def _change(live: Live, sign: Sign) -> bytes:
    return b"id: %d\nevent: change\ndata: %s\n\n" % (live.newest, msgspec.json.encode(sign))


def _seen(request: web.Request) -> int:
    """How far the page was: the browser says it when it comes back by itself, the page when it opens the stream."""
    said = request.headers.get("Last-Event-ID") or request.query.get("sesudah", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else -1


@web.middleware
async def waking(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Look at once after whatever somebody did at the desk."""
    try:
        return await handler(request)
    finally:
        if request.method == "POST":
            request.app[LIVE].wake()
