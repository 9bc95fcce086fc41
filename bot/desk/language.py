"""The language an operator reads the desk in: Indonesian, or English by a choice that their browser remembers."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.desk.pages import field, see
from bot.desk.room import ROOM
from bot.desk.speaking import SPOKEN

LANGUAGES = ("id", "en")
COOKIE = "jamin_desk_language"
YEAR = 365 * 24 * 3600
"""Seconds that a browser keeps the choice."""


@web.middleware
async def spoken_to(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer each request in the language of the browser's choice."""
    chosen = request.cookies.get(COOKIE, "")
    SPOKEN.set(chosen if chosen in LANGUAGES else LANGUAGES[0])
    return await handler(request)


async def choose(request: web.Request) -> web.StreamResponse:
    """Take the choice of a language and begin at the desk's first page; one we don't have leaves it as it is."""
    chosen = field(await request.post(), "language")
    try:
        see("/desk")
    except web.HTTPSeeOther as answer:
        if chosen in LANGUAGES:
            secure = request.app[ROOM].secure
            answer.set_cookie(COOKIE, chosen, path="/desk", max_age=YEAR, httponly=True, secure=secure, samesite="Lax")
        raise
