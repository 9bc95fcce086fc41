"""What the web chat needs from the rest of the shell, and nothing more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Literal, NamedTuple, Protocol

from conversations.messages import Address, Incoming, KtpRead, Message

Author = Literal["us", "me", "staff"]
"""Who wrote a line: Jamin, the worker, or an operator."""


class Line(NamedTuple):
    """One line of a chat; `seq` grows over both directions, `id` is the incoming's id where the worker wrote it.

    For a tap the message's text is the label that was tapped, as the button was stored: never what the page claims.
    `picture` is the path of the picture that goes with it, without its ending, "" for none.
    """

    seq: int
    author: Author
    message: Message
    id: str
    picture: str = ""


class Busy(Exception):  # noqa: N818 -- a state that passes, not an error
    """No room for another incoming now; try again in `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"full for {retry_after:g} s")
        self.retry_after = retry_after


class Door(Protocol):
    """The one way into chats and back out of them."""

    async def take(self, incoming: Incoming) -> None:
        """Take `incoming` and return after the commit; an id taken before changes nothing. Raises `Busy`."""

    async def history(self, address: Address, after: int) -> list[Line]:
        """Return the lines with a `seq` above `after`, in order."""

    def listen(self, address: Address) -> AbstractAsyncContextManager[asyncio.Event]:
        """Give an event that is set whenever new lines may exist; whoever waits clears it before reading."""

    async def language(self, address: Address) -> str:
        """Return the language that the chat is held in; "" where there is none, or it cannot be told now."""

    async def forget(self, address: Address) -> None:
        """Cut the chat off from its address, so that nobody can resume it."""


class Asked(NamedTuple):
    """The open question behind a one-time page: its chat and asking id, the number of the person it is about, and the
    language of the chat."""

    address: Address
    asking: int
    person: int = 0
    locale: str = ""


FindAsked = Callable[[str], Awaitable[Asked | None]]
"""From the token in a one-time page's address to the question; None when forged, expired or answered."""


ReadPhoto = Callable[[Asked, bytes], Awaitable[KtpRead]]
"""From a picture sent on a one-time page to what was read on it; raises `Busy`."""


class Say(Protocol):
    """The catalogue: the text behind `key`, with `values` filled in."""

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text."""
