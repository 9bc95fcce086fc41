"""The frames on the wire, as the package's docstring tells them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec

from bot.channels.web.door import Author, Line
from conversations.messages import Shown

MAX_FRAME = 16 * 1024
"""Bytes; a larger frame closes the socket."""

MAX_TEXT = 4_000
"""Characters in one message of the worker."""

_Name = Annotated[str, msgspec.Meta(max_length=64)]


class Hello(msgspec.Struct, frozen=True, tag_field="t", tag="hello"):
    """The page is here: it shows `chat` up to line `after`, and was perhaps opened through a link with a `code`."""

    chat: _Name
    after: Annotated[int, msgspec.Meta(ge=0)] = 0
    code: _Name = ""


class Typed(msgspec.Struct, frozen=True, tag_field="t", tag="text"):
    """Words the worker sent; `id` stays the same when they are sent again."""

    id: UUID
    text: Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]


class Tapped(msgspec.Struct, frozen=True, tag_field="t", tag="tap"):
    """A button the worker tapped."""

    id: UUID
    value: Annotated[str, msgspec.Meta(max_length=1_024)]


FromPage = Hello | Typed | Tapped
from_page: msgspec.json.Decoder[FromPage] = msgspec.json.Decoder(FromPage)


class Ack(msgspec.Struct, frozen=True, tag_field="t", tag="ack"):
    """What came with `id` is committed."""

    id: str


class Shows(msgspec.Struct, frozen=True, tag_field="t", tag="message"):
    """One line of the chat."""

    seq: int
    author: Author = msgspec.field(name="from")
    text: str
    buttons: tuple[Shown, ...]
    progress: tuple[int, int] | None
    id: str
    picture: str
    lang: str


class Typing(msgspec.Struct, frozen=True, tag_field="t", tag="typing"):
    """An answer is being made."""


class Wait(msgspec.Struct, frozen=True, tag_field="t", tag="busy"):
    """Not taken: send it again in `retry` seconds."""

    retry: float


class Bad(msgspec.Struct, frozen=True, tag_field="t", tag="bad"):
    """Refused for good: "frame" (the one just sent), "hello" (must come first), "gone" (the chat is not yours now)."""

    reason: str


class Ready(msgspec.Struct, frozen=True, tag_field="t", tag="ready"):
    """All lines that were missing have been sent."""


class Reset(msgspec.Struct, frozen=True, tag_field="t", tag="reset"):
    """The line you ended with is erased: show only what follows."""


ToPage = Ack | Shows | Typing | Wait | Bad | Ready | Reset


def shows(line: Line) -> Shows:
    """Return the frame of `line`."""
    told = line.message
    return Shows(line.seq, line.author, told.text, told.buttons, told.progress, line.id, line.picture, told.locale)
