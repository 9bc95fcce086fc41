"""The page on which a worker sees everything we hold about them (UU 27/2022), behind a link that is good once.

The link holds the chat's reference, encrypted, and dies after an hour. Messengers open links to draw a preview, so the
page first shows a button; only that spends the link, and what it shows is written to the audit trail.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec
from aiohttp import web

from bot.channels.web import Languages
from bot.channels.web.assets import Assets
from bot.channels.web.page import Pages
from bot.held_words import WITHIN, HeldWords
from bot.tokens import Tokens
from conversations.messages import Message
from conversations.session import Session
from conversations.status import HELD_PAGE
from storage import audit
from storage.chats import chat_by_ref
from storage.database import Database
from storage.export import export_chat
from storage.links import spend
from storage.sealing import KeyRing

GOOD_FOR = 3600
"""Seconds a link lives."""
WHO = "worker"
"""How the audit trail calls somebody who looked at their own data."""


class Part(NamedTuple):
    """A part of the page: its name in the catalogue, and its rows, each a list of what it is and what it holds."""

    name: str
    rows: list[list[tuple[str, str]]]


class HeldPages:
    """Makes the links and answers them. `root` is where people reach us, without a slash at the end."""

    def __init__(
        self, database: Database, keys: KeyRing, clock: Callable[[], dt.datetime], languages: Languages, root: str
    ) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._pages = Pages(languages, Assets().version)
        self._root = root
        self._tokens = Tokens(keys, "held pages")

    def linked(self, message: Message, session: Session) -> Message:
        """Return the message with a link in place of the core's mark."""
        if HELD_PAGE not in message.text:
            return message
        url = f"{self._root}/data/{self._token(session.seed)}"
        return msgspec.structs.replace(message, text=message.text.replace(HELD_PAGE, url))

    def add_routes(self, app: web.Application) -> None:
        """Add the page."""
        app.router.add_get("/data/{token}", self.ask)
        app.router.add_post("/data/{token}", self.show)

    async def ask(self, request: web.Request) -> web.Response:
        """Show the button that spends the link."""
        if not (ref := self._ref(request)):
            return self._over(request)
        async with self._database.read() as connection:
            chat = await chat_by_ref(connection, self._keys, ref)
        return self._pages.page("held.html", self._pages.languages.of(request, chat.locale if chat else ""), parts=None)

    async def show(self, request: web.Request) -> web.Response:
        """Show everything held, or give it as JSON; either spends the link, and the page holds a fresh one for JSON."""
        ref, now = self._ref(request), self._clock()
        as_json = (await request.post()).get("as") == "json"
        token = hashlib.sha256(request.match_info["token"].encode()).digest()
        async with self._database.write() as connection:
            chat = await chat_by_ref(connection, self._keys, ref) if ref else None
            if chat is None or not await spend(connection, token, now):
                return self._over(request, chat.locale if chat else "")
            await audit.append(connection, now, WHO, "held_shown", f"chat {chat.id}")
        # Read only once that is written: a long chat takes a while, and turns must not wait for it.
        async with self._database.read() as connection:
            held = await export_chat(connection, self._keys, chat.id)
        if as_json:
            return _download(held)
        lang = self._pages.languages.known(chat.locale)
        words, again = HeldWords(self._pages.languages.say(lang), lang), f"/data/{self._token(ref)}"
        return self._pages.page("held.html", lang, parts=parts(held), words=words, again=again)

    def _token(self, ref: str) -> str:
        return self._tokens.make(ref.encode())

    def _ref(self, request: web.Request) -> str:
        """Return the reference behind a link, "" where it is forged or too old."""
        return (self._tokens.read(request.match_info["token"], GOOD_FOR) or b"").decode()

    def _over(self, request: web.Request, chat: str = "") -> web.Response:
        return self._pages.page("held_over.html", self._pages.languages.of(request, chat), status=410)


def _download(held: dict[str, Any]) -> web.Response:
    body = msgspec.json.format(msgspec.json.encode(held), indent=1)
    headers = {"Content-Disposition": 'attachment; filename="jamin.json"', "Cache-Control": "no-store"}
    return web.Response(body=body, content_type="application/json", headers=headers)


def parts(held: dict[str, Any]) -> list[Part]:
    """Lay out what is held, part by part, for reading; what holds nothing is left out."""
    laid = (Part(name, [list(_flat(_readable(name, row))) for row in held.get(name, ())]) for name in PARTS)
    return [part for part in laid if any(part.rows)]


def _readable(part: str, row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != IN_THE_FILE.get(part)}


def _flat(row: dict[str, Any], within: str = "") -> Iterable[tuple[str, str]]:
    """Give a row as names and values; what lies within another value is named after it."""
    for name, value in row.items():
        path = f"{within}{name}"
        if isinstance(value, dict):
            yield from _flat(value, f"{path}{WITHIN}")
        elif isinstance(value, list):
            for n, one in enumerate(value, start=1):
                yield from _flat(one if isinstance(one, dict) else {"": one}, f"{path} {n}{WITHIN}")
        elif value not in (None, ""):
            yield path.removesuffix(WITHIN), str(value)


PARTS = (
    *("people", "agents", "consents", "cases", "case_notes", "drafts", "case_events", "chats", "inbound", "outbox"),
    *("media", "reminders", "broadcast_chats", "nudges", "moves", "attributions", "signed_forms"),
)
"""What stands on the page, in the order people ask for it: all that is exported."""
IN_THE_FILE = {"media": "content", "signed_forms": "photo", "agents": "photo"}
"""What only the file has: a picture as letters is nothing to read."""
