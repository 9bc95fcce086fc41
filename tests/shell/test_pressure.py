"""A flood is told to come again, and slow posters hold up nobody."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from aiohttp import web

from bot.pressure import pressure
from bot.web_app import bound
from bot.web_app import serving as served
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

    def app(self, most: int, reading: float = 10.0, most_arriving: int = 10) -> web.Application:
        """Return an application with this webhook, and a page."""
        app = web.Application(middlewares=[pressure(most, reading, most_arriving)], client_max_size=1000)
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


async def test_slow_posters_keep_nobody_else_out() -> None:
    """Who sends slowly from one address has few places at a time; the others are there for everybody else."""
    door = Door()
    door.free.set()
    async with serving(door.app(4, most_arriving=2)) as url, aiohttp.ClientSession() as http:
        slow = [await begun(url, "203.0.113.7") for _ in range(3)]
        assert (await slow[2][0].readline()).split()[1] == b"503"
        assert await post(http, url) == (200, "")
        for reader, writer in slow[:2]:
            writer.write(b"x" * 100)
            assert (await reader.readline()).split()[1] == b"200"
        reader, writer = await begun(url, "203.0.113.7")
        writer.write(b"x" * 100)
        assert (await reader.readline()).split()[1] == b"200"
        for _, each in (*slow, (reader, writer)):
            each.close()


async def begun(url: str, come_from: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Begin a posting of a hundred bytes through a proxy on this machine."""
    reader, writer = await asyncio.open_connection(*url.removeprefix("http://").split(":"))
    told = f"POST /webhooks/x HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {come_from}\r\nContent-Length: 100\r\n\r\n"
    writer.write(told.encode())
    await writer.drain()
    return reader, writer


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHo", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"])
async def test_who_asks_nothing_is_let_go(sent: bytes) -> None:
    """A connection without a whole request, before the first or after one, ends and keeps no place."""
    listener = bound("127.0.0.1", 0)
    async with served(Door().app(1), listener, idle=0.2):
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(sent)
        async with asyncio.timeout(20):
            assert (await reader.read()).endswith(b"page" if sent.endswith(b"\r\n\r\n") else b"")
        writer.close()
