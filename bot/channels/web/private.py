"""The one-time page on which a NIK is typed when the worker does not want it in the chat."""

from __future__ import annotations

import math
import re
import uuid

from aiohttp import web

from bot.channels.web.door import Asked, Busy, Door, FindAsked
from bot.channels.web.limit import Limit
from bot.channels.web.page import Pages
from conversations.messages import Incoming, Private

_SEPARATORS = re.compile(r"[\s.\-]")
_SIXTEEN_DIGITS = re.compile(r"[0-9]{16}")


class PrivatePage:
    """The routes of the one-time page; `find_asked` knows which question a token stands for."""

    def __init__(self, door: Door, pages: Pages, limit: Limit, find_asked: FindAsked) -> None:
        self._door = door
        self._pages = pages
        self._limit = limit
        self._find_asked = find_asked

    async def show(self, request: web.Request) -> web.Response:
        """Answer with the empty form, or say that the page has had its time."""
        asked = await self._find_asked(request.match_info["token"])
        return self._form() if asked else self._over()

    async def take(self, request: web.Request) -> web.Response:
        """Take the number that was typed as an answer to the question."""
        asked = await self._find_asked(request.match_info["token"])
        if asked is None:
            return self._over()
        form = await request.post()
        nik = _SEPARATORS.sub("", str(form.get("nik", "")))
        if not _SIXTEEN_DIGITS.fullmatch(nik):
            return self._form("web.private.not_sixteen", status=400)
        return await self._hand_in(asked, _form_id(str(form.get("id", ""))), nik)

    async def _hand_in(self, asked: Asked, form_id: str, nik: str) -> web.Response:
        if wait := self._limit.wait(asked.address):
            return self._busy(wait)
        try:
            await self._door.take(Incoming(asked.address, f"private:{form_id}", Private(asked.asking, nik)))
        except Busy as full:
            return self._busy(full.retry_after)
        return self._pages.page("private_done.html", web_chat=asked.address.channel == "web")

    def _form(self, problem: str = "", status: int = 200) -> web.Response:
        # Each form has an id of its own: sent twice it counts once, but a typing error can be put right.
        return self._pages.page("private.html", status=status, problem=problem, id=uuid.uuid4())

    def _over(self) -> web.Response:
        return self._pages.page("private_over.html", status=410)

    def _busy(self, seconds: float) -> web.Response:
        response = self._form("web.private.busy", status=503)
        response.headers["Retry-After"] = str(math.ceil(seconds))
        return response


def _form_id(typed: str) -> str:
    try:
        return str(uuid.UUID(typed))
    except ValueError:
        return str(uuid.uuid4())
