"""The link from an agent's chat to their page: encrypted, good for an hour, naming nobody."""

from __future__ import annotations

import msgspec
from aiohttp import web

from bot.tokens import Tokens
from conversations.flows.agency import FIELD_PAGE
from conversations.messages import Message
from conversations.session import Session
from storage.sealing import KeyRing

COOKIE = "jamin_field"
LINK_GOOD_FOR = 3600
"""Seconds in which a link may be opened."""
VISIT_GOOD_FOR = 12 * 3600
"""Seconds for which the page then stays open in that browser."""


class FieldLinks:
    """Makes the links and reads them; what a link holds is the agent's code. `sample` is the code of the agent whose
    page anybody may see, "" for none."""

    def __init__(self, keys: KeyRing, root: str, sample: str = "") -> None:
        self._root = root
        self._sample = sample
        self._link = Tokens(keys, "field links")
        self._visit = Tokens(keys, "field visits")

    def linked(self, message: Message, session: Session) -> Message:
        """Return the message with the link in place of the core's mark."""
        if session.agency is None or not any(button.url == FIELD_PAGE for button in message.buttons):
            return message
        url = f"{self._root}/field/{self._link.make(session.agency.code.encode())}"
        buttons = tuple(
            msgspec.structs.replace(button, url=url) if button.url == FIELD_PAGE else button
            for button in message.buttons
        )
        return msgspec.structs.replace(message, buttons=buttons)

    def opened(self, token: str) -> str | None:
        """Return the code a link stands for; None where it is forged or too old."""
        code = self._link.read(token, LINK_GOOD_FOR)
        return code.decode() if code else None

    def visit(self, code: str) -> str:
        """Return what the browser keeps once a link was opened."""
        return self._visit.make(code.encode())

    def visitor(self, request: web.Request) -> str:
        """Return the code of the agent whose page a browser may see: the sample's where what it kept is forged or too
        old, "" where there is none."""
        code = self._visit.read(request.cookies.get(COOKIE, ""), VISIT_GOOD_FOR)
        return code.decode() if code else self._sample
