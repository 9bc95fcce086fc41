"""A reference backend on a real loopback port, with a clock that can be moved and a mailbox for its webhooks."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import msgspec
from aiohttp import web

from bot.backend.client import HttpBackend
from bot.backend.reference import reference_app
from bot.backend.reference.faults import Faults, Triggered
from bot.backend.shapes import AnyEvent, Consent, Order, PersonData, Terms
from bot.backend.webhooks import SIGNATURE_HEADER, parse_event, verify
from conversations.months import Month

SECRET = "a secret for tests"
NOON = dt.datetime(2026, 11, 21, 5, 0, tzinfo=dt.UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        """Return what time it is."""
        return self.now


class Mailbox:
    """Jamin's end of the webhooks: checks every signature, keeps what came, and may refuse the first few."""

    def __init__(self, clock: Clock) -> None:
        self.events: list[AnyEvent] = []
        self.refuse = 0
        self._clock = clock

    async def take(self, request: web.Request) -> web.Response:
        """Take a webhook."""
        body = await request.read()
        verify(SECRET, request.headers.get(SIGNATURE_HEADER), body, self._clock())
        if self.refuse:
            self.refuse -= 1
            return web.Response(status=503)
        self.events.append(parse_event(body))
        return web.Response()


class Running:
    """A running reference backend and a client of it."""

    def __init__(self, url: str, session: aiohttp.ClientSession, clock: Clock, mailbox: Mailbox) -> None:
        self.url, self.session, self.clock, self.mailbox = url, session, clock, mailbox
        self.backend = HttpBackend(session, url, SECRET, timeout=2)

    async def switch(self, faults: Faults) -> None:
        """Put the fault switches."""
        async with self.session.put(
            f"{self.url}/v1/faults", data=msgspec.json.encode(faults), headers=HEADERS
        ) as answer:
            assert answer.status == 200

    async def triggered(self) -> dict[str, int]:
        """Return how often each fault was felt."""
        async with self.session.get(f"{self.url}/v1/faults", headers=HEADERS) as answer:
            return msgspec.json.decode(await answer.read(), type=Triggered).triggered


HEADERS = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    """Serve an application on a free loopback port and yield its URL."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def running(path: Path, prefix: str = "/backend") -> AsyncIterator[Running]:
    """Run a reference backend mounted under a prefix beside the webhook route it calls."""
    clock, where = Clock(), [""]
    mailbox = Mailbox(clock)
    main = web.Application()
    main.router.add_post("/webhooks/backend", mailbox.take)
    main.add_subapp(
        prefix,
        reference_app(
            path,
            SECRET,
            public_url=lambda: where[0] + prefix,
            webhook_url=lambda: f"{where[0]}/webhooks/backend" if where[0] else None,
            clock=clock,
        ),
    )
    async with serving(main) as url, aiohttp.ClientSession() as session:
        where[0] = url
        yield Running(url + prefix, session, clock, mailbox)


def person(serial: int = 1, **changes: object) -> PersonData:
    """Return an invented person; the serial is the NIK's last four digits."""
    data = PersonData(f"327301050890{serial:04}", "Budi Santoso", dt.date(1990, 8, 5), "+6281234567890")
    return msgspec.structs.replace(data, **changes)


def order(data: PersonData | None = None, **changes: object) -> Order:
    """Return an order for an ojek rider: two programmes, one month from now."""
    terms = Terms(("jkk", "jkm"), 1_000_000, Month(2026, 11), 1)
    made = Order(str(uuid.uuid4()), data or person(), "ojol", "transport", "self", terms, Consent("2026-11", NOON))
    return msgspec.structs.replace(made, **changes)


async def until(true: Callable[[], object]) -> None:
    """Wait until something holds; a test that waits ten seconds in vain fails."""
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.02)
