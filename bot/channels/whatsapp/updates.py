"""From what WhatsApp posts to incomings, in one pure function.

One posting holds any number of messages and statuses of any number of people; every one counts. Only the fields needed
here are read and none is relied on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from bot.regions import nearest
from conversations.messages import Address, Contact, Incoming, Located, Photo, Start, Tap, Text, Unsupported, What

CHANNEL = "whatsapp"
BY_ID = "id:"
"""What begins the address of somebody known by the platform's id: people may hide their number."""

UNREADABLE = {
    "audio": "voice",
    "voice": "voice",
    "video": "file",
    "document": "file",
    "sticker": "sticker",
    "location": "location",
}
SILENT = frozenset({"reaction", "system", "revoke", "edit"})
"""Kinds that are about the chat or about an earlier message, and say nothing to be answered."""

_CODE = re.compile(r"\s*kode[ :]+([A-Za-z0-9_-]{2,32})\s*", re.IGNORECASE)


class Arrival(NamedTuple):
    """What somebody sent, and the id of the message that is to be marked as read."""

    incoming: Incoming
    message: str


class Failed(NamedTuple):
    """A reply that WhatsApp took and could not deliver: the row that was sent, as `sender` named it, and why."""

    row: str
    code: int


class _Words(msgspec.Struct):
    body: str = ""


class _Choice(msgspec.Struct):
    id: str


class _Interactive(msgspec.Struct):
    button_reply: _Choice | None = None
    list_reply: _Choice | None = None


class _TemplateButton(msgspec.Struct):
    payload: str


class _Picture(msgspec.Struct):
    id: str


class _Position(msgspec.Struct):
    latitude: float = math.nan
    longitude: float = math.nan


class _Number(msgspec.Struct):
    wa_id: str = ""


class _Card(msgspec.Struct):
    phones: list[_Number] = []


class _Message(msgspec.Struct, rename={"sender": "from"}):
    id: str
    type: str
    sender: str = ""
    from_user_id: str = ""
    text: _Words | None = None
    interactive: _Interactive | None = None
    button: _TemplateButton | None = None
    image: _Picture | None = None
    location: _Position | None = None
    contacts: list[_Card] = []


class _Fault(msgspec.Struct):
    code: int = 0


class _Status(msgspec.Struct):
    status: str
    biz_opaque_callback_data: str = ""
    errors: list[_Fault] = []


def read_posting(posting: Any, account: str) -> list[Arrival | Failed]:
    """Return all that a posting brought to the account (a phone number's id), in its order."""
    return [found for value in _values(posting, account) for found in _found(value, account)]


def _values(posting: Any, account: str) -> Iterator[dict[str, Any]]:
    for entry in _dicts(posting, "entry"):
        for change in _dicts(entry, "changes"):
            value = change.get("value")
            metadata = value.get("metadata") if isinstance(value, dict) else None
            if isinstance(value, dict) and isinstance(metadata, dict) and metadata.get("phone_number_id") == account:
                yield value


def _found(value: dict[str, Any], account: str) -> Iterator[Arrival | Failed]:
    people = {str(person.get("wa_id")): person.get("user_id") for person in _dicts(value, "contacts")}
    for raw in _dicts(value, "messages"):
        if arrival := _arrival(raw, account, people):
            yield arrival
    for raw in _dicts(value, "statuses"):
        if failed := _failed(raw):
            yield failed


def _dicts(holder: Any, name: str) -> list[dict[str, Any]]:
    found = holder.get(name) if isinstance(holder, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _arrival(raw: dict[str, Any], account: str, people: dict[str, Any]) -> Arrival | None:
    try:
        message = msgspec.convert(raw, _Message)
    except msgspec.ValidationError:
        return None
    known_as = message.from_user_id or people.get(message.sender)
    address = f"{BY_ID}{known_as}" if isinstance(known_as, str) and known_as else message.sender
    what = _said(message)
    if what is None or not address:
        return None
    return Arrival(Incoming(Address(CHANNEL, account, address), message.id, what), message.id)


def _said(message: _Message) -> What | None:
    match message.type:
        case "text":
            return _typed(message.text.body) if message.text and message.text.body else None
        case "interactive" if message.interactive:
            choice = message.interactive.button_reply or message.interactive.list_reply
            return Tap(choice.id) if choice else Unsupported("other")
        case "button" if message.button:
            return Tap(message.button.payload)
        case "image" if message.image:
            return Photo(message.image.id)
        case "location" if message.location:
            return Located(nearest(message.location.latitude, message.location.longitude))
        case "contacts":
            return _shared(message)
        case "request_welcome":
            return Start()
        case kind if kind in SILENT:
            return None
    return Unsupported(UNREADABLE.get(message.type, "other"))


def _typed(body: str) -> What:
    """A link to a number can't carry a code but in the words it lets people send: "Kode AGEN7"."""
    code = _CODE.fullmatch(body)
    return Start(code[1]) if code else Text(body)


def _shared(message: _Message) -> What:
    numbers = [number.wa_id for card in message.contacts for number in card.phones]
    own = numbers == [message.sender] and bool(message.sender)
    return Contact("+" + message.sender) if own else Unsupported("contact")


def _failed(raw: dict[str, Any]) -> Failed | None:
    try:
        status = msgspec.convert(raw, _Status)
    except msgspec.ValidationError:
        return None
    if status.status != "failed" or not status.biz_opaque_callback_data:
        return None
    return Failed(status.biz_opaque_callback_data, status.errors[0].code if status.errors else 0)
