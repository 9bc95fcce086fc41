"""Back-pressure at the webhooks: what comes faster than it can be stored is asked to come again, and never piles up.

A posting may have 256 kB, so that all of them together stay under 128 MB. A messenger keeps what it could not deliver,
for a day or longer; we would keep it only until we run out of memory.
"""

from __future__ import annotations

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.channels.come_again import come_again

AT = "/webhooks/"
MOST = 512
"""Postings at a time; with batches of 256 that is twice what one commit can take."""
READING = 10.0
"""Seconds that a posting may take to arrive whole."""


def pressure(most: int = MOST, reading: float = READING) -> Middleware:
    """Return what bounds the postings of one application."""
    under_way = 0

    @web.middleware
    async def bounded(request: web.Request, handler: Handler) -> web.StreamResponse:
        nonlocal under_way
        if not request.path.startswith(AT):
            return await handler(request)
        if under_way >= most:
            return come_again(1.0)
        under_way += 1
        try:
            async with asyncio.timeout(reading):
                await request.read()  # The request keeps it for its handler.
        except TimeoutError:
            return web.Response(status=408, headers={"Connection": "close"})
        else:
            return await handler(request)
        finally:
            under_way -= 1

    return bounded
