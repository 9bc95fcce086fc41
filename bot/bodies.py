"""Bodies are bounded and read whole before anything looks into them: how large, how slow, and in which forms they come.

The size is the application's `client_max_size`. Postings are read by `bot/pressure.py`, which also counts them.
"""

from __future__ import annotations

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.pressure import AT, READING

PARTS_AT = "/privat/"
"""The one-time page takes a picture; it reads the parts itself, and only for who has a question open."""
FORM = "application/x-www-form-urlencoded"


def bodies(reading: float = READING) -> Middleware:
    """Return what reads the bodies of one application, each within so many seconds.

    Packed bodies are small on the wire and huge in memory, and parts take far more of the processor to read than to
    send: nobody else may send either.
    """

    @web.middleware
    async def whole(request: web.Request, handler: Handler) -> web.StreamResponse:
        in_parts = request.content_type.startswith("multipart/")
        if "Content-Encoding" in request.headers or (in_parts and not request.path.startswith(PARTS_AT)):
            return web.Response(status=415, headers={"Connection": "close"})
        if not in_parts and request.can_read_body and not request.path.startswith(AT):
            refused = await _refused(request, reading)
            if refused:
                return web.Response(status=refused, headers={"Connection": "close"})
        return await handler(request)

    return whole


async def _refused(request: web.Request, reading: float) -> int:
    """Read a body; return the status it is refused with, 0 for none. The request keeps it for its handler."""
    try:
        async with asyncio.timeout(reading):
            await request.read()
        if request.content_type == FORM:
            await request.post()
    except TimeoutError:
        return 408
    except (ValueError, LookupError):  # Bytes that are no text, or in a code that nobody knows.
        return 400
    return 0
