"""What comes in a body is bounded before it is looked into."""

from __future__ import annotations

import asyncio
import gzip

import aiohttp
import pytest
from aiohttp import web

from bot.bodies import FORM, bodies
from tests.backend.running import serving


async def take(request: web.Request) -> web.Response:
    """Show a form's field."""
    return web.Response(text=str((await request.post()).get("a")))


def app(reading: float = 10.0) -> web.Application:
    """Return an application with a page that takes a form."""
    made = web.Application(middlewares=[bodies(reading)], client_max_size=1000)
    made.router.add_post("/", take)
    return made


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"a=1", {}, 200),
        (b"a=" + b"x" * 1000, {}, 413),
        (gzip.compress(b"a" * 10_000_000), {"Content-Encoding": "gzip"}, 415),
        (b"--x\r\n", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        (b"a=1", {"Content-Type": f"{FORM}; charset=of-nobody"}, 400),
        (b"a=\xff\xfe", {"Content-Type": f"{FORM}; charset=utf-8"}, 400),
    ],
)
async def test_a_body_is_small_plain_and_text(body: bytes, headers: dict[str, str], status: int) -> None:
    """A body that is too large, packed, in parts, or in letters nobody knows is refused, and never a fault."""
    told = {"Content-Type": FORM} | headers
    async with serving(app()) as url, aiohttp.ClientSession() as http, http.post(url, data=body, headers=told) as got:
        assert got.status == status


async def test_a_body_that_never_comes_is_not_waited_for() -> None:
    """Who announces a form and sends half of it is told so in time."""
    async with serving(app(reading=0.2)) as url:
        reader, writer = await asyncio.open_connection(*url.removeprefix("http://").split(":"))
        writer.write(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: 9\r\n\r\na=".encode())
        assert (await reader.readline()).split()[1] == b"408"
        writer.close()
