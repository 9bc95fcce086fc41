"""The desk under load, in a real Chromium: 500 open cases, 50 messages a second, one operator who works on.

Measured are: from a worker's "mau ngomong sama orang" to its row on the screen; how long the server takes for the queue
and for a case; while messages pour in, how long the page takes to answer a key and how much of the time it is busy.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Page, async_playwright

from storage.database import open_database
from storage.migrate import migrate
from storage.sealing import KeyRing
from tests.browser.conftest import ARGUMENTS, chromium
from tests.browser.desk_tabs import Desk, desk
from tests.desk.crowd import crowd

CASES, RATE, SECONDS = 500, 50, 20
CALLS, FETCHES = 10, 20


class Measured(NamedTuple):
    """The figures, in milliseconds but for `busy`, the part of the time in which the page could not answer."""

    call_p50: float
    call_max: float
    queue_p50: float
    case_p50: float
    key_p50: float
    key_max: float
    busy: float
    sent: int


async def measure() -> Measured:
    """Run all of it once on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'desk.db'}"
        database = open_database(url)
        await migrate(database)
        await database.close()
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
            async with desk(browser, url, KeyRing.from_text(KeyRing.make())) as room:
                found = await _measured(room)
            await browser.close()
    return found


async def _measured(room: Desk) -> Measured:
    page = await room.sit("sari")
    await page.locator("body[data-following]").wait_for(state="attached")
    calls = [await _call(room, page, f"caller-{n}") for n in range(CALLS)]
    await crowd(room.office, CASES - CALLS)
    await room.office.begin("rudi")
    queue, case = [await _fetch(room, path) for path in ("/desk", "/desk/kasus/1")]
    async with _pouring(room) as poured:
        keys, busy = await _working(page)
    return Measured(
        *(statistics.median(calls), max(calls), queue, case),
        *(statistics.median(keys), max(keys), busy, poured()),
    )


async def _call(room: Desk, page: Page, worker: str) -> float:
    """From the worker's words to the row on the operator's screen."""
    await room.says(worker, "halo")
    before = await page.locator(".queue li").count()
    asked = time.perf_counter()
    told = asyncio.create_task(room.says(worker, "mau ngomong sama orang"))
    await page.wait_for_function("(n) => document.querySelectorAll('.queue li').length > n", arg=before, polling=5)
    took = time.perf_counter() - asked
    await told
    await page.wait_for_timeout(1_100)  # A page that has just been fetched waits a second; a quiet one doesn't.
    return took * 1000


async def _fetch(room: Desk, path: str) -> float:
    """How long the server takes for a page, at the median."""
    took = []
    for _ in range(FETCHES):
        began = time.perf_counter()
        assert (await room.office.get(path)).status == 200
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


@asynccontextmanager
async def _pouring(room: Desk) -> AsyncIterator[Callable[[], int]]:
    """Let workers who wait write, evenly, until the block ends; gives how many messages there were."""
    sent = 0

    async def pour() -> None:
        nonlocal sent
        began = time.perf_counter()
        while True:
            await asyncio.sleep(max(0.0, began + sent / RATE - time.perf_counter()))
            await room.says(f"crowd-{sent % (CASES - CALLS)}", f"pesan {sent}")
            sent += 1

    pouring = asyncio.create_task(pour())
    try:
        yield lambda: sent
    finally:
        pouring.cancel()


_BUSY = """() => {
  window.busy = 0;
  const add = (list) => list.getEntries().forEach((one) => { window.busy += one.duration; });
  new PerformanceObserver(add).observe({ type: "longtask" });
}"""


async def _working(page: Page) -> tuple[list[float], float]:
    """Go through the rows; return how long each key took to show, and the part of the time the page was busy."""
    await page.evaluate(_BUSY)
    began = time.perf_counter()
    keys: list[float] = []
    while time.perf_counter() - began < SECONDS:
        pressed = time.perf_counter()
        await page.keyboard.press("j" if len(keys) % 40 < 20 else "k")
        await page.evaluate("() => new Promise(requestAnimationFrame)")
        keys.append((time.perf_counter() - pressed) * 1000)
        await asyncio.sleep(0.2)
    busy = float(await page.evaluate("window.busy")) / 1000 / (time.perf_counter() - began)
    return keys, busy


def told(found: Measured) -> str:
    """Put the figures into a table."""
    return "\n".join(
        (
            f"the desk: {CASES} open cases, {RATE} messages a second for {SECONDS} s ({found.sent} sent)",
            f"  from a worker's call to the screen   {found.call_p50:7.0f} ms, {found.call_max:.0f} ms at most",
            f"  the server's time for the queue      {found.queue_p50:7.0f} ms",
            f"  the server's time for a case         {found.case_p50:7.0f} ms",
            f"  a key, under load                    {found.key_p50:7.0f} ms, {found.key_max:.0f} ms at most",
            f"  the page is busy                     {found.busy:7.1%}",
        )
    )


if __name__ == "__main__":
    sys.stdout.write(told(asyncio.run(measure())) + "\n")
