"""A backend and some workers as processes of their own, a balancer before them, a relay on each of their wires."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from sqlalchemy.engine import make_url

from storage.sealing import KeyRing
from tests.crash.relay import Connect, Relay, Trap
from tests.e2e.programs import free_port, start_apart
from tests.fakes import graph_api

SECRET = "between the two"
LOOK_EVERY = 0.05
PATIENCE = 120.0
"""Seconds that a start may take while many others start."""
PASSED_ON = ("X-Hub-Signature-256", "X-Jamin-Signature", "Content-Type")


class Place(NamedTuple):
    """Where a process can be caught: the wire, and the sign that passes there."""

    wire: str
    trap: Trap


PLACES = {
    "before the commit": Place("database", Trap(b"COMMIT", answered=False)),
    "after the commit, its answer lost": Place("database", Trap(b"COMMIT", answered=True)),
    "after the commit, before the acknowledgement": Place("door", Trap(b"POST /webhooks/whatsapp", answered=True)),
    "before the sending": Place("messenger", Trap(b"biz_opaque_callback_data", answered=False)),
    "after the sending, before the mark": Place("messenger", Trap(b"biz_opaque_callback_data", answered=True)),
    "during the hand-off, before the backend's work": Place("backend", Trap(b"POST /v1/enrolments", answered=False)),
    "during the hand-off, after the backend's work": Place("backend", Trap(b"POST /v1/enrolments", answered=True)),
}
"""Every point between two durable steps. SQLite has no wire to its database: `test_crash.py` kills at its commits."""


class Site(NamedTuple):
    """What all workers share."""

    home: Path
    database_url: str
    keys: str
    backend: str
    messenger: str


class Worker:
    """One process of ours, started again whenever it dies. It reaches the world only through its relays."""

    def __init__(self, site: Site, number: int) -> None:
        self._site = site
        self._number = number
        self._port = free_port()
        self._process: Process | None = None
        self._dying: Process | None = None
        self.deaths = 0
        self.wires: dict[str, Relay] = {}

    @property
    def url(self) -> str:
        """Where others reach it."""
        return f"http://127.0.0.1:{self.wires['door'].port}"

    def kill(self) -> bool:
        """Kill it as a power cut does; tell whether it was alive."""
        if self._process is None or self._process.returncode is not None or self._dying is self._process:
            return False
        self.deaths += 1
        self._dying = self._process
        self._process.kill()
        return True

    async def ready(self) -> None:
        """Wait until it takes messages."""
        await answering(f"http://127.0.0.1:{self._port}/readyz")

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Worker]:
        """Keep it running while the block lasts; begins when it answers."""
        async with contextlib.AsyncExitStack() as stack:
            for name, connect in self._neighbours():
                self.wires[name] = await stack.enter_async_context(Relay(connect, self.kill).running())
            tending = asyncio.create_task(self._tend())
            try:
                await self.ready()
                yield self
            finally:
                tending.cancel()
                await asyncio.gather(tending, return_exceptions=True)
                if self._process is not None:
                    await stopped(self._process)

    async def _tend(self) -> None:
        """Start it, and again when it died, as a service manager does."""
        home = self._site.home / f"worker-{self._number}"
        home.mkdir(exist_ok=True)
        with (home / "log").open("ab") as log:
            while True:
                command = ("serve" if self._number == 0 else "worker", "--port", str(self._port))
                self._process = await start_apart(DEVNULL, log.fileno(), *command, **self._settings(home))
                await self._process.wait()

    def _neighbours(self) -> Iterable[tuple[str, Connect]]:
        yield "door", lambda: asyncio.open_connection("127.0.0.1", self._port)
        yield "backend", to_url(self._site.backend)
        yield "messenger", to_url(self._site.messenger)
        if socket := socket_of(self._site.database_url):
            yield "database", lambda: asyncio.open_unix_connection(socket)

    def _settings(self, home: Path) -> dict[str, str]:
        here = {name: f"http://127.0.0.1:{relay.port}" for name, relay in self.wires.items()}
        url = make_url(self._site.database_url)
        if "database" in self.wires:
            url = url.set(host="127.0.0.1", port=self.wires["database"].port, query={})
        return {
            "mode": "demo", "home": str(home), "keys": self._site.keys, "database_url": url.render_as_string(),
            "backend": "http", "backend_url": here["backend"], "backend_secret": SECRET,
            "whatsapp_token": graph_api.TOKEN, "whatsapp_phone_id": graph_api.NUMBER,
            "whatsapp_app_secret": graph_api.APP_SECRET, "whatsapp_verify_token": graph_api.VERIFY,
            "whatsapp_api_url": here["messenger"],
        }  # fmt: skip


class Fleet:
    """Workers on one database behind a balancer at `url`, and the reference backend."""

    def __init__(self, home: Path, database_url: str, messenger: str, workers: int) -> None:
        self.keys = KeyRing.make()
        self.home = home
        self.database_url = database_url
        self._port = free_port()
        site = Site(home, database_url, self.keys, f"http://127.0.0.1:{self._port}", messenger)
        self.workers = [Worker(site, number) for number in range(workers)]
        self._turn = itertools.cycle(self.workers)
        self.url = ""

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Fleet]:
        """Run everything while the block lasts."""
        async with contextlib.AsyncExitStack() as stack:
            self._http = await stack.enter_async_context(aiohttp.ClientSession())
            balancer = web.Application()
            balancer.router.add_post("/{path:.*}", self._balance)
            runner = web.AppRunner(balancer, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            await self._start_backend(stack)
            for worker in self.workers:
                await stack.enter_async_context(worker.running())
            yield self

    async def _start_backend(self, stack: contextlib.AsyncExitStack) -> None:
        home = self.home / "backend"
        home.mkdir()
        log = stack.enter_context((home / "log").open("ab"))
        settings = {"home": str(home), "backend_secret": SECRET, "public_url": self.url}
        process = await start_apart(DEVNULL, log.fileno(), "backend", "--port", str(self._port), **settings)
        stack.push_async_callback(stopped, process)
        await answering(f"http://127.0.0.1:{self._port}/registry")

    async def _balance(self, request: web.Request) -> web.Response:
        """Pass a request to the next worker, to another if that one is away. An answer lost half-way stays lost: the
        messenger comes again by itself."""
        body = await request.read()
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        for _ in self.workers:
            worker = next(self._turn)
            try:
                async with self._http.post(f"{worker.url}{request.path}", data=body, headers=headers) as answer:
                    return web.Response(status=answer.status, body=await answer.read())
            except aiohttp.ClientError:
                continue
        return web.Response(status=502)


def to_url(url: str) -> Connect:
    """Lead to a server."""
    parts = urlsplit(url)
    return lambda: asyncio.open_connection(parts.hostname, parts.port)


def socket_of(database_url: str) -> str:
    """Return the socket that PostgreSQL listens on, "" for SQLite."""
    url = make_url(database_url)
    return f"{url.query['host']}/.s.PGSQL.5432" if url.drivername.startswith("postgres") else ""


async def stopped(process: Process) -> None:
    """Kill a process that need not stop cleanly."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def answering(url: str) -> None:
    """Wait until a server answers with 200."""
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as http:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with http.get(url) as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(LOOK_EVERY)
