"""From nothing to the first reply: a fresh home, the server's process, a hello, and its answer at the messenger."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

import aiohttp
from aiohttp import web

from tests.bench.load import Load, Messenger, updates
from tests.bench.over_http import Server, server
from tests.bench.table import Table, span

TIMES = 3


async def first_reply(running: Server) -> float:
    """Return the moment a hello is answered."""
    messenger = Messenger()
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", messenger.method)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", running.api).start()
    while not await asyncio.to_thread(running.is_ready):
        await asyncio.sleep(0.02)
    async with aiohttp.ClientSession() as http:
        await Load(http, running.url).bring(next(updates(1)), time.perf_counter())
        while not messenger.sent:
            await asyncio.sleep(0.005)
    await runner.cleanup()
    return time.perf_counter()


def started() -> tuple[float, float]:
    """Return the seconds to the first reply, and the megabytes the server then holds."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        with server(f"sqlite:///{folder}/jamin.db", Path(folder) / "home") as running:
            return asyncio.run(first_reply(running)) - start, running.resident()


def startup() -> Table:
    """Measure a few starts."""
    starts = [started() for _ in range(TIMES)]
    milliseconds, megabytes = [seconds * 1000 for seconds, _ in starts], [size for _, size in starts]
    return Table(
        "Starting",
        ("", f"median (least–most) of {TIMES}"),
        [("from the start of the process to the first reply", span(milliseconds, " ms")),
         ("memory resident then", span(megabytes, " MB"))],
        "A fresh home: the database is made and migrated, the reference backend runs inside.",
    )  # fmt: skip
