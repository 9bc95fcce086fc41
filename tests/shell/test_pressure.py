"""A flood is told to come again, and slow posters hold up nobody."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiohttp import web

from bot.pressure import pressure
from tests.backend.running import serving


class Door:
    """A webhook that takes as long as it is told."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.inside = 0

    async def take(self, request: web.Request) -> web.Response:
        """Take a posting."""
        self.inside += 1
        await request.read()
        await self.free.wait()
        return web.Response()

    def app(self, most: int, reading: float = 10.0) -> web.Application:
        """Return an application with this webhook, and a page."""
        app = web.Application(middlewares=[pressure(most, reading)], client_max_size=1000)
        app.router.add_post("/webhooks/x", self.take)
        app.router.add_get("/", self.page)
        return app

    async def page(self, _: web.Request) -> web.Response:
        """Show something."""
        return web.Response(text="page")


async def post(http: aiohttp.ClientSession, url: str) -> tuple[int, str]:
    """Post; return status and when to come again."""
    async with http.post(f"{url}/webhooks/x", data=b"{}") as answer:
        return answer.status, answer.headers.get("Retry-After", "")


async def test_postings_are_bounded() -> None:
    """Of a flood only so many are held at a time; the others are told when to come again, and pages go on."""
    door = Door()
    async with serving(door.app(3)) as url, aiohttp.ClientSession() as http:
        flood = [asyncio.create_task(post(http, url)) for _ in range(8)]
        done, held = await asyncio.wait(flood, timeout=5, return_when=asyncio.FIRST_COMPLETED)
        while len(done) < 5:
            more, held = await asyncio.wait(held, timeout=5, return_when=asyncio.FIRST_COMPLETED)
            done |= more
        assert {task.result() for task in done} == {(503, "1")}
        assert (len(held), door.inside) == (3, 3)
        async with http.get(url) as page:
            assert await page.text() == "page"
        door.free.set()
        assert [await task for task in held] == [(200, "")] * 3
        assert await post(http, url) == (200, "")


async def test_large_postings_are_refused() -> None:
    """What is longer than a posting may be is not read to its end, and its place is free again."""
    door = Door()
    door.free.set()
    async with serving(door.app(1)) as url, aiohttp.ClientSession() as http:
        for _ in range(2):
            async with http.post(f"{url}/webhooks/x", data=b"x" * 1001) as answer:
                assert answer.status == 413
    assert door.inside == 0


@pytest.mark.parametrize("sent", [b"", b"half of it"])
async def test_slow_posters_are_dropped(sent: bytes) -> None:
    """Who does not send what was announced loses its place."""
    door = Door()
    door.free.set()
    async with serving(door.app(1, reading=0.2)) as url, aiohttp.ClientSession() as http:
        reader, writer = await asyncio.open_connection(*url.removeprefix("http://").split(":"))
        writer.write(b"POST /webhooks/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" + sent)
        assert (await reader.readline()).split()[1] == b"408"
        assert await post(http, url) == (200, "")
        writer.close()
    assert door.inside == 1
