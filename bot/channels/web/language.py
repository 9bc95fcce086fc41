"""Which language a page is written in: that of the chat behind it, else the one that its reader's browser asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from aiohttp import web

from bot.channels.web.door import Say
from conversations.reading.language import told_by

AS_PHONES_COME = "en"
"""No wish of its owner: most who never changed it read Indonesian better. The chat offers it; no page takes it."""
_WISH = re.compile(r"([A-Za-z][A-Za-z0-9-]*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{1,3})?))?")
_LONGEST = 200
"""Characters of a header that are looked at; browsers name a handful of languages."""


class Languages(NamedTuple):
    """The languages that pages may be written in here, the first of them for everybody else; `saying` gives the
    catalogue of one."""

    offered: tuple[str, ...]
    saying: Callable[[str], Say]

    def among(self, *locales: str) -> Languages:
        """Give those of the languages that some pages have words in."""
        return self._replace(offered=tuple(locale for locale in self.offered if locale in locales))

    def known(self, locale: str) -> str:
        """Give a language, the first of all where it is not offered."""
        return locale if locale in self.offered else self.offered[0]

    def of(self, request: web.Request, chat: str = "") -> str:
        """Give the language of a chat; "" for none: then what the browser asks for, besides what phones come in."""
        return self.known(chat or next((locale for locale in self._asked(request) if locale != AS_PHONES_COME), ""))

    def say(self, locale: str) -> Say:
        """Give the catalogue of a language, or of the first of all."""
        return self.saying(self.known(locale))

    def asked(self, request: web.Request) -> str:
        """Give the language that a browser asks for; "" for none that is offered."""
        return next(self._asked(request), "")

    def _asked(self, request: web.Request) -> Iterator[str]:
        told = map(told_by, wished(request.headers.get("Accept-Language", "")))
        return (locale for locale in told if locale in self.offered)


def wished(header: str) -> list[str]:
    """Give the tags of an `Accept-Language` header (RFC 9110, 12.5.4), the dearest first; what is none is passed over.

    One that is refused with a weight of 0 is left out.
    """
    wishes = [(float(weight or 1), tag) for tag, weight in _WISH.findall(header[:_LONGEST])]
    return [tag for weight, tag in sorted(wishes, key=lambda wish: -wish[0]) if weight]
