"""From an update of Telegram to an incoming, in one pure function.

Only the fields needed here are read, and none is relied on: what Telegram adds, leaves out or changes must never stop
the updates behind it. Whatever is not for a private chat with a worker becomes None, which is taken and forgotten.
"""

from __future__ import annotations

from typing import Any

import msgspec

from bot.regions import nearest
from conversations.messages import (
    Address,
    CameBack,
    Contact,
    Incoming,
    Left,
    Located,
    Photo,
    Start,
    Tap,
    Text,
    Unsupported,
    What,
)

CHANNEL = "telegram"
WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that we ask Telegram for."""

UNREADABLE = {
    "sticker": "sticker",
    "voice": "voice",
    "audio": "voice",
    "video_note": "voice",
    "document": "file",
    "video": "file",
    "animation": "file",
    "contact": "contact",
    "poll": "other",
    "dice": "other",
    "game": "other",
    "story": "other",
    "checklist": "other",
    "paid_media": "other",
}
"""What a worker may send that can't be read yet, in our words. All else is about the chat itself and says nothing."""

GONE = frozenset({"kicked", "left"})
GROUPS = frozenset({"group", "supergroup"})


class MalformedError(Exception):
    """This is no update."""


class Arrival(msgspec.Struct, frozen=True):
    """What came into a private chat.

    `message` is the id of the worker's message, or of ours whose button was tapped; then `callback` is to be answered
    and `links` (label, url) are the buttons of that message that stay.
    """

    incoming: Incoming
    chat: int
    message: int = 0
    callback: str = ""
    links: tuple[tuple[str, str], ...] = ()


class InGroup(msgspec.Struct, frozen=True):
    """Somebody put the bot into a group or spoke to it there, where nothing personal may be said."""

    chat: int


class _Room(msgspec.Struct):
    id: int
    type: str = ""


class _Account(msgspec.Struct):
    id: int
    is_bot: bool = False
    language_code: str = ""


class _Shared(msgspec.Struct):
    phone_number: str
    user_id: int | None = None


class _File(msgspec.Struct):
    file_id: str = ""


class _Position(msgspec.Struct):
    latitude: float
    longitude: float


class _Key(msgspec.Struct):
    text: str
    url: str = ""


class _Keys(msgspec.Struct):
    inline_keyboard: list[list[_Key]] = []


class _Message(msgspec.Struct, rename={"sender": "from"}):
    message_id: int
    chat: _Room
    sender: _Account | None = None
    text: str = ""
    contact: _Shared | None = None
    photo: list[_File] = []
    voice: _File | None = None
    audio: _File | None = None
    document: _File | None = None
    location: _Position | None = None
    media_group_id: str = ""
    reply_markup: _Keys | None = None


class _Tapped(msgspec.Struct, rename={"sender": "from"}):
    id: str
    sender: _Account
    message: _Message
    data: str


class _Membership(msgspec.Struct):
    status: str


class _Moved(msgspec.Struct):
    chat: _Room
    new_chat_member: _Membership


def update_number(update: object) -> int:
    """Return the number that Telegram counts an update by.

    Raises:
        MalformedError: there is none.
    """
    number = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        raise MalformedError
    return number


def read_update(update: dict[str, Any], bot: str) -> Arrival | InGroup | None:
    """Return what an update brought to the account `bot`; None for what concerns no worker or cannot be understood.

    Raises:
        MalformedError: it has no number.
    """
    number = str(update_number(update))
    try:
        return _read(update, bot, number)
    except msgspec.ValidationError:
        return None


def _read(update: dict[str, Any], bot: str, number: str) -> Arrival | InGroup | None:
    for kind in WANTED:
        if kind in update:
            return _READERS[kind](update[kind], bot, number)
    return None


def _message(raw: Any, bot: str, number: str) -> Arrival | InGroup | None:
    message = msgspec.convert(raw, _Message)
    if message.chat.type in GROUPS:
        return InGroup(message.chat.id) if message.text.startswith("/") else None
    if not _is_private(message):
        return None
    what = _said(message) or _unreadable(raw)
    if what is None:
        return None
    # The pictures of an album come one by one; they are answered as one.
    name = f"album {message.media_group_id}" if message.media_group_id else number
    return _arrival(message, bot, name, what)


def _edited(raw: Any, bot: str, number: str) -> Arrival | None:
    """An answer changed afterwards might be read against another question by now, so it is not read at all."""
    message = msgspec.convert(raw, _Message)
    return _arrival(message, bot, number, Unsupported("edited")) if _is_private(message) and message.text else None


def _tapped(raw: Any, bot: str, number: str) -> Arrival | None:
    tapped = msgspec.convert(raw, _Tapped)
    message = tapped.message
    if message.chat.type != "private" or tapped.sender.is_bot:
        return None
    keys = message.reply_markup.inline_keyboard if message.reply_markup else []
    links = tuple((key.text, key.url) for row in keys for key in row if key.url)
    arrival = _arrival(message, bot, number, Tap(tapped.data))
    return msgspec.structs.replace(arrival, callback=tapped.id, links=links)


def _moved(raw: Any, bot: str, number: str) -> Arrival | InGroup | None:
    moved = msgspec.convert(raw, _Moved)
    gone = moved.new_chat_member.status in GONE
    if moved.chat.type in GROUPS:
        return None if gone else InGroup(moved.chat.id)
    if moved.chat.type != "private":
        return None
    incoming = Incoming(_address(moved.chat, bot), number, Left() if gone else CameBack())
    return Arrival(incoming, moved.chat.id)


_READERS = {"message": _message, "edited_message": _edited, "callback_query": _tapped, "my_chat_member": _moved}


# --- what a message says ---------------------------------------------------------------------------------------------


def _said(message: _Message) -> What | None:
    if message.text:
        return _typed(message.text)
    if message.contact:
        return _shared(message.contact, message.sender)
    if message.photo:
        return Photo(message.photo[-1].file_id)
    if voice := message.voice or message.audio:
        return Unsupported("voice", voice.file_id)
    if message.document:
        return Unsupported("file", message.document.file_id)
    if message.location:
        return Located(nearest(message.location.latitude, message.location.longitude))
    return None


def _typed(text: str) -> What:
    if not text.startswith("/"):
        return Text(text)
    command, _, rest = text[1:].partition(" ")
    command = command.partition("@")[0]
    if command == "start":
        return Start(rest.strip())
    return Text(f"{command.replace('_', ' ')} {rest}".strip())


def _shared(contact: _Shared, sender: _Account | None) -> What:
    """Somebody else's number is nothing we may take from the worker's address book."""
    if sender is None or contact.user_id != sender.id:
        return Unsupported("contact")
    return Contact("+" + contact.phone_number.lstrip("+"))


def _unreadable(raw: Any) -> What | None:
    return next((Unsupported(named) for kind, named in UNREADABLE.items() if kind in raw), None)


def _is_private(message: _Message) -> bool:
    return message.chat.type == "private" and message.sender is not None and not message.sender.is_bot


def _arrival(message: _Message, bot: str, name: str, what: What) -> Arrival:
    tag = message.sender.language_code if message.sender else ""
    return Arrival(Incoming(_address(message.chat, bot), name, what, language=tag), message.chat.id, message.message_id)


def _address(chat: _Room, bot: str) -> Address:
    return Address(CHANNEL, bot, str(chat.id))


def chat_of(update: dict[str, Any]) -> object:
    """Return what tells the chat of an update from others, for keeping its order; None for those that have none."""
    for kind in WANTED:
        raw = update.get(kind)
        if isinstance(raw, dict):
            chat = (raw.get("message") or raw) if kind == "callback_query" else raw
            room = chat.get("chat") if isinstance(chat, dict) else None
            return room.get("id") if isinstance(room, dict) and isinstance(room.get("id"), int) else None
    return None
