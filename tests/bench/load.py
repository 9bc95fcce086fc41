"""A messenger in a process of its own: it brings updates to the webhook at a rate, whether or not the last one was
answered, takes replies as the Bot API does, and prints what it saw as one JSON object.

`python -m tests.bench.load API_PORT SERVER_URL RATE SECONDS`; a rate of 0 keeps `OPEN` requests open all the time.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import aiohttp
from aiohttp import web

SECRET = "bench"
OPEN = 64
"""Requests open at a time at saturation."""
CONNECTIONS = 100
"""Connections a messenger opens at most; what is due beyond them waits, and its waiting counts."""
APART = 50
"""Workers who begin between two messages of one."""
SAID = (
    *("halo", "1", "narik ojol", "1", "1", "1,5jt sebulan", "1", "ya", "3273011708900001", "Siti Aminah", "ya"),
    *("081234567890",),
)
"""What each worker writes: a whole enrolment up to the review."""


class Messenger:
    """The Bot API's side: takes what is sent, remembers when."""

    def __init__(self) -> None:
        self.sent: dict[int, float] = {}
        self.count = 0
        self._numbers = itertools.count(1)

    async def method(self, request: web.Request) -> web.Response:
        """Answer any method as if it was carried out."""
        name = request.match_info["method"]
        if name == "getMe":
            return _answer({"id": 1, "is_bot": True, "first_name": "bench", "username": "bench"})
        if name != "sendMessage":
            return _answer(True)
        asked = await request.post() if request.content_type != "application/json" else await request.json()
        chat = int(str(asked["chat_id"]))
        self.sent[chat] = time.perf_counter()
        self.count += 1
        message = {"message_id": next(self._numbers), "date": 0, "chat": {"id": chat, "type": "private"}, "text": ""}
        return _answer(message)


def _answer(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def updates(first: int) -> Iterator[dict[str, Any]]:
    """Make the updates of ever more workers: one begins after the other, and each writes again after many others did,
    so that at any moment some are at each question, as in a real morning."""
    numbers = itertools.count(first * 1000)
    for begun in itertools.count():
        for step, text in enumerate(SAID):
            if (worker := begun - step * APART) >= 0:
                yield update(next(numbers), first + worker, text)


def update(number: int, worker: int, text: str) -> dict[str, Any]:
    """Make the update in which a worker writes something."""
    whom = {"id": worker, "is_bot": False, "first_name": "Siti", "language_code": "id"}
    chat = {"id": worker, "type": "private"}
    return {"update_id": number, "message": {"message_id": number, "date": 0, "chat": chat, "from": whom, "text": text}}


class Load:
    """Brings updates and notes how long each took to be acknowledged."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url}/webhooks/telegram"
        self.seconds: list[float] = []
        self.refused = 0

    async def bring(self, update: dict[str, Any], due: float) -> None:
        """Bring one update that was due at a moment: waiting for its turn counts too."""
        shown = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        try:
            async with self._http.post(self._url, json=update, headers=shown) as answer:
                self.refused += answer.status != 200
        except aiohttp.ClientConnectionError:
            self.refused += 1
        self.seconds.append(time.perf_counter() - due)

    async def at_rate(self, rate: float, seconds: float, first: int) -> None:
        """Bring so many updates a second, evenly."""
        start, tasks = time.perf_counter(), set[asyncio.Task[None]]()
        for number, update in enumerate(itertools.islice(updates(first), int(rate * seconds))):
            due = start + number / rate
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            tasks.add(asyncio.create_task(self.bring(update, due)))
        await asyncio.gather(*tasks)

    async def flat_out(self, seconds: float, first: int) -> None:
        """Bring the next update as soon as an earlier one is acknowledged."""
        coming, end = updates(first), time.perf_counter() + seconds

        async def one() -> None:
            while time.perf_counter() < end:
                await self.bring(next(coming), time.perf_counter())

        await asyncio.gather(*(one() for _ in range(OPEN)))


async def main(port: int, url: str, phases: list[tuple[float, float]]) -> None:
    """Serve the Bot API, wait for the server, then bring one load after the other."""
    messenger = Messenger()
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", messenger.method)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as http:
        for number, (rate, seconds) in enumerate(phases, start=1):
            load, first = Load(http, url), number * 1_000_000
            start = time.perf_counter()
            await (load.at_rate(rate, seconds, first) if rate else load.flat_out(seconds, first))
            took = time.perf_counter() - start
            seen = {"rate": rate, "took": took, "refused": load.refused, "seconds": load.seconds}
            sys.stdout.write(json.dumps(seen) + "\n")
            sys.stdout.flush()
    await runner.cleanup()


if __name__ == "__main__":
    pairs = [tuple(map(float, said.split("x"))) for said in sys.argv[3:]]
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], pairs))  # type: ignore[arg-type]
