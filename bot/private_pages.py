"""Links to the one-time page where a NIK can be typed instead of in the chat.

A link holds the chat's reference and the asking, encrypted: nothing personal is in the address, nobody can make one,
and it dies with the question, or after an hour.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from bot.channels.web import Asked
from bot.tokens import Tokens
from conversations.messages import Message
from conversations.session import Session, decode
from storage.chats import chat_by_ref
from storage.database import Database
from storage.sealing import KeyRing

GOOD_FOR = 3600
"""Seconds a link lives."""
MARK = "private:"
"""What the core writes where the link goes."""


class PrivatePages:
    """Makes the links and finds the questions behind them. `root` is where people reach us, without a slash at the
    end."""

    def __init__(self, database: Database, keys: KeyRing, root: Callable[[], str]) -> None:
        self._database = database
        self._keys = keys
        self._root = root
        self._tokens = Tokens(keys, "private pages")

    def linked(self, message: Message, session: Session) -> Message:
        """Return the message with the link in place of the core's mark."""
        if not any(button.url == MARK for button in message.buttons):
            return message
        url = f"{self._root()}/privat/{self._token(session)}"
        buttons = tuple(
            msgspec.structs.replace(button, url=url) if button.url == MARK else button for button in message.buttons
        )
        return msgspec.structs.replace(message, buttons=buttons)

    def _token(self, session: Session) -> str:
        return self._tokens.make(f"{session.seed}/{session.asking}".encode())

    async def find(self, token: str) -> Asked | None:
        """Return the question behind a link, None where it is forged, too old, or answered meanwhile."""
        ref, _, asking = (self._tokens.read(token, GOOD_FOR) or b"").decode().partition("/")
        if not ref:
            return None
        async with self._database.read() as connection:
            chat = await chat_by_ref(connection, self._keys, ref)
        if chat is None or not chat.session:
            return None
        session = decode(chat.session)
        is_open = session.asking == int(asking) and session.asked == "nik"
        return Asked(chat.address, session.asking, session.current, session.locale) if is_open else None
