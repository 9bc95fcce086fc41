"""Back-pressure at the webhooks: what comes faster than it can be stored is asked to come again, and never piles up.

A posting may have 256 kB, so that all of them together stay under 128 MB as they came, and within half a gigabyte with
all that is made of them (`python -m tests.proof flood` measures it). A messenger keeps what it could not deliver,
for a day or longer; we would keep it only until we run out of memory.
"""

from __future__ import annotations

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.channels.come_again import come_again
from bot.throttle import UnderWay, subscriber

AT = "/webhooks/"
MOST = 512
"""Postings at a time; with batches of 256 that is twice what one commit can take."""
MOST_ARRIVING = 64
"""Of these, how many may be on their way from one address: who sends slowly on purpose keeps their own places only."""
READING = 10.0
"""Seconds that a posting may take to arrive whole."""


def pressure(most: int = MOST, reading: float = READING, most_arriving: int = MOST_ARRIVING) -> Middleware:
    """Return what bounds the postings of one application."""
    under_way = 0
    arriving = UnderWay()

    @web.middleware
    async def bounded(request: web.Request, handler: Handler) -> web.StreamResponse:
        nonlocal under_way
        if not request.path.startswith(AT):
            return await handler(request)
        come_from = subscriber(request)
        if under_way >= most or (come_from is not None and arriving.of(come_from) >= most_arriving):
            return come_again(1.0)
        under_way += 1
        try:
            with arriving.one(come_from):
                async with asyncio.timeout(reading):
                    await request.read()  # The request keeps it for its handler.
        except TimeoutError:
            return web.Response(status=408, headers={"Connection": "close"})
        else:
            return await handler(request)
        finally:
            under_way -= 1

    return bounded
