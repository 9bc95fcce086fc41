"""Fetching what a worker sent, for staff to look at: after the turn, as a row of the outbox like any other.

What it is shows in its first bytes, never in what a header or a name says, and only a few kinds are kept at all.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from bot.outbox import GoneError, Sender
from bot.turns import Clock
from conversations.effects import KeepMedia
from conversations.messages import Incoming
from storage.database import Database
from storage.deliveries import Delivery
from storage.forms import keep_form_photo
from storage.media import Medium, keep_medium
from storage.sealing import KeyRing

LARGEST = 8 * 1024 * 1024
"""Bytes of a file that we take; phones send photos of at most five million."""

Fetch = Callable[[str, int], Awaitable[bytes]]
"""Fetches a file by the channel's name for it, of at most so many bytes; raises what `outbox.Sender` may."""


class Sign(NamedTuple):
    """How a kind of content begins: these bytes, at this place."""

    kind: str
    begins: bytes
    at: int = 0


SIGNS = (
    Sign("image/jpeg", b"\xff\xd8\xff"),
    Sign("image/png", b"\x89PNG\r\n\x1a\n"),
    Sign("image/webp", b"WEBPVP8", 8),
    Sign("application/pdf", b"%PDF-"),
    Sign("audio/ogg", b"OggS"),
    Sign("audio/mpeg", b"ID3"),
    Sign("audio/mpeg", b"\xff\xfb"),
    Sign("audio/aac", b"\xff\xf1"),
    Sign("audio/mp4", b"ftypM4A", 4),
    Sign("audio/amr", b"#!AMR"),
)

FITTING = {
    "photo": ("image/",),
    "voice": ("audio/",),
    "file": ("image/", "audio/", "application/pdf"),
}
"""Which kinds of content may come as what."""


def kind_of(content: bytes) -> str:
    """Tell what a content is, "" for anything that we do not keep."""
    return next((sign.kind for sign in SIGNS if content.startswith(sign.begins, sign.at)), "")


class WithMedia:
    """Delivers words through a channel's own sender, and fetches what came through `fetch`."""

    def __init__(self, words: Sender, fetch: Fetch, database: Database, keys: KeyRing, clock: Clock) -> None:
        self._words = words
        self._fetch = fetch
        self._database = database
        self._keys = keys
        self._clock = clock

    async def send(self, delivery: Delivery) -> Incoming | None:
        """Carry out one row; see `outbox.Sender` for what is raised."""
        if not isinstance(delivery.what, KeepMedia):
            return await self._words.send(delivery)
        await self._keep(delivery.chat_id, delivery.what)
        return None

    async def _keep(self, chat_id: int, wanted: KeepMedia) -> None:
        content = await self._fetch(wanted.ref, LARGEST)
        kind = kind_of(content)
        if not kind.startswith(FITTING[wanted.kind]):
            raise GoneError
        medium = Medium(wanted.line, kind, len(content))
        async with self._database.write() as connection:
            if await keep_form_photo(connection, self._keys, chat_id, wanted.line, content):
                return
            await keep_medium(connection, self._keys, chat_id, medium, content, self._clock())
