"""The one-time page on which a NIK is typed, or a KTP photographed, when the worker does not want it in the chat.

A picture is in memory while it is read, and nowhere else: no part of a form is written to a file.
"""

from __future__ import annotations

import asyncio
import math
import re
import uuid
from typing import NamedTuple

from aiohttp import BodyPartReader, web

from bot.channels.web.door import Asked, Busy, Door, FindAsked, ReadPhoto
from bot.channels.web.limit import Limit
from bot.channels.web.page import Pages
from bot.form_ids import form_id
from conversations.messages import Incoming, KtpRead, Private

_SEPARATORS = re.compile(r"[\s.\-]")
_SIXTEEN_DIGITS = re.compile(r"[0-9]{16}")
_LONGEST_FIELD = 200
LARGEST_PHOTO = 8 * 1024 * 1024
"""Bytes of a picture that we take; phones make photos of at most five million."""
UPLOADING = 120.0
"""Seconds that a form with a picture may take to arrive, over the slowest network."""
PHOTOS_AT_ONCE, PHOTO_EVERY = 5, 60.0
"""Pictures that are read for a chat at once; after that one in so many seconds."""


class Filled(NamedTuple):
    """What a form brought."""

    id: str
    nik: str
    photo: bytes


class PrivatePage:
    """The routes of the one-time page; `find_asked` knows which question a token stands for."""

    def __init__(
        self, door: Door, pages: Pages, limit: Limit, find_asked: FindAsked, read_photo: ReadPhoto | None = None
    ) -> None:
        self._door = door
        self._pages = pages
        self._limit = limit
        self._find_asked = find_asked
        self._read_photo = read_photo
        self._photos = Limit(PHOTOS_AT_ONCE, PHOTO_EVERY)

    async def show(self, request: web.Request) -> web.Response:
        """Answer with the empty form, or say that the page has had its time."""
        asked = await self._find_asked(request.match_info["token"])
        return self._form(asked.locale) if asked else self._over(request)

    async def take(self, request: web.Request) -> web.Response:
        """Take the number that was typed as an answer to the question."""
        asked = await self._find_asked(request.match_info["token"])
        if asked is None:
            return self._over(request)
        form = await _filled(request)
        if form.photo and self._read_photo:
            return await self._photographed(asked, form, self._read_photo)
        nik = _SEPARATORS.sub("", form.nik)
        if not _SIXTEEN_DIGITS.fullmatch(nik):
            return self._form(asked.locale, "web.private.not_sixteen", status=400)
        if wait := self._limit.wait(asked.address):
            return self._busy(asked.locale, wait)
        return await self._hand_in(asked, form.id, Private(asked.asking, nik))

    async def _photographed(self, asked: Asked, form: Filled, read_photo: ReadPhoto) -> web.Response:
        """Hand in what was read on a picture; where no NIK was, say at once what would help."""
        if wait := self._photos.wait(asked.address):
            return self._busy(asked.locale, wait)
        try:
            read = await read_photo(asked, form.photo)
        except Busy as full:
            return self._busy(asked.locale, full.retry_after)
        if not read.card.nik:
            return self._form(asked.locale, f"ktp.advice.{read.advice}", status=400)
        return await self._hand_in(asked, form.id, read)

    async def _hand_in(self, asked: Asked, number: str, what: Private | KtpRead) -> web.Response:
        try:
            await self._door.take(Incoming(asked.address, f"private:{form_id(number)}", what))
        except Busy as full:
            return self._busy(asked.locale, full.retry_after)
        return self._pages.page("private_done.html", asked.locale, web_chat=asked.address.channel == "web")

    def _form(self, locale: str, problem: str = "", status: int = 200) -> web.Response:
        # Each form has an id of its own: sent twice it counts once, but a typing error can be put right.
        photos = self._read_photo is not None
        return self._pages.page("private.html", locale, status=status, problem=problem, id=uuid.uuid4(), photos=photos)

    def _over(self, request: web.Request) -> web.Response:
        return self._pages.page("private_over.html", self._pages.languages.of(request), status=410)

    def _busy(self, locale: str, seconds: float) -> web.Response:
        response = self._form(locale, "web.private.busy", status=503)
        response.headers["Retry-After"] = str(math.ceil(seconds))
        return response


async def _filled(request: web.Request) -> Filled:
    """Read a form, of which a picture may be part."""
    if not request.content_type.startswith("multipart/"):
        form = await request.post()
        return Filled(str(form.get("id", "")), str(form.get("nik", "")), b"")
    try:
        async with asyncio.timeout(UPLOADING):
            return await _in_parts(request)
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except (ValueError, LookupError, RuntimeError) as error:  # What the library says of parts that are none.
        raise web.HTTPBadRequest from error


async def _in_parts(request: web.Request) -> Filled:
    """Read the parts that our form has, each once; any other is refused before it is read, for it may have no end.

    Raises:
        ValueError: the parts are others.
    """
    due = {"id": _LONGEST_FIELD, "nik": _LONGEST_FIELD, "photo": LARGEST_PHOTO}
    fields = dict.fromkeys(due, b"")
    parts = await request.multipart()
    while part := await parts.next():
        if not isinstance(part, BodyPartReader) or part.name not in due:
            raise ValueError("not a part of our form")
        fields[part.name] = await _content(part, due.pop(part.name))
    return Filled(fields["id"].decode("ascii", "replace"), fields["nik"].decode("ascii", "replace"), fields["photo"])


async def _content(part: BodyPartReader, most: int) -> bytes:
    """Read a part of a form, at most so many bytes of it."""
    content = bytearray()
    while chunk := await part.read_chunk():
        content += chunk
        if len(content) > most:
            raise web.HTTPRequestEntityTooLarge(most, len(content))
    return bytes(content)
