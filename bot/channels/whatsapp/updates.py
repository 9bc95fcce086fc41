"""From what WhatsApp posts to incomings, in one pure function.

One posting holds any number of messages, statuses and notices of any number of people; every one counts. Only the
fields needed here are read and none is relied on.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from bot.channels.whatsapp.payloads import Message, Preference, Referral, Status, System, TemplateButton
from bot.channels.whatsapp.templates import READ
from bot.regions import nearest
from conversations.asking import pressed
from conversations.messages import (
    Address,
    Contact,
    Incoming,
    Located,
    NewsWanted,
    NumberChanged,
    Photo,
    Start,
    Tap,
    Text,
    Unsupported,
    What,
)

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

CHANGED = frozenset({"user_changed_number", "user_changed_user_id"})
"""System messages that tell of another number; the platform's id then is another one, too."""

FAILED = "failed"
REPORTED = frozenset({"sent", "delivered", "read", FAILED})
LED_BY = frozenset({"ad", "post"})
"""What may lead somebody here besides a link of an agent."""

_SOURCE = re.compile(r"[0-9]{1,32}")
_SECONDS = re.compile(r"[0-9]{1,11}")


class Arrival(NamedTuple):
    """What somebody sent, and the id of the message that is to be marked as read."""

    incoming: Incoming
    message: str


class Notice(NamedTuple):
    """What WhatsApp itself tells of somebody: for the chat at one of these addresses, if there is any."""

    known_as: tuple[Address, ...]
    id: str
    what: What


class Report(NamedTuple):
    """How far a message of ours came and when: `mark` is what `sender` sent with it, `how` one of `REPORTED`, `code`
    says why it failed."""

    mark: str
    how: str
    at: dt.datetime
    code: int = 0


Found = Arrival | Notice | Report


def read_posting(posting: Any, account: str) -> list[Found]:
    """Return all that a posting brought to the account (a phone number's id), in its order."""
    return [found for value in _values(posting, account) for found in _found(value, account)]


def _values(posting: Any, account: str) -> Iterator[dict[str, Any]]:
    for entry in _dicts(posting, "entry"):
        for change in _dicts(entry, "changes"):
            value = change.get("value")
            metadata = value.get("metadata") if isinstance(value, dict) else None
            if isinstance(value, dict) and isinstance(metadata, dict) and metadata.get("phone_number_id") == account:
                yield value


def _found(value: dict[str, Any], account: str) -> Iterator[Found]:
    people = {str(person.get("wa_id")): person.get("user_id") for person in _dicts(value, "contacts")}
    for raw in _dicts(value, "messages"):
        if found := _of_message(raw, account, people):
            yield found
    for raw in _dicts(value, "statuses"):
        if report := _report(raw):
            yield report
    for raw in _dicts(value, "user_preferences"):
        if notice := _preference(raw, account):
            yield notice


def _dicts(holder: Any, name: str) -> list[dict[str, Any]]:
    found = holder.get(name) if isinstance(holder, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _of_message(raw: dict[str, Any], account: str, people: dict[str, Any]) -> Arrival | Notice | None:
    try:
        message = msgspec.convert(raw, Message)
    except msgspec.ValidationError:
        return None
    if message.system and message.system.type in CHANGED:
        return _changed(message, message.system, account)
    known_as = message.from_user_id or people.get(message.sender)
    address = _address(known_as if isinstance(known_as, str) else "", message.sender)
    what = _said(message)
    if what is None or not address:
        return None
    incoming = Incoming(
        Address(CHANNEL, account, address), message.id, what, _moment(message.timestamp), source=_source(message)
    )
    return Arrival(incoming, message.id)


def _address(user: str, number: str) -> str:
    return f"{BY_ID}{user}" if user else number


def _known_as(account: str, user: str, number: str) -> tuple[Address, ...]:
    """Return the addresses that a chat of somebody may have: by id, and by number from before they had one."""
    names = (_address(user, ""), number)
    return tuple(Address(CHANNEL, account, name) for name in names if name)


def _changed(message: Message, system: System, account: str) -> Notice | None:
    address = _address(system.user_id, system.wa_id)
    known_as = _known_as(account, system.previous_user_id, message.sender)
    return Notice(known_as, message.id, NumberChanged(address)) if address and known_as else None


def _source(message: Message) -> str:
    """Return the ad or post that led somebody here, "" for none; what it says and who clicked is not kept."""
    try:
        referral = msgspec.convert(message.referral, Referral)
    except msgspec.ValidationError:
        return ""
    if referral.source_type not in LED_BY or not _SOURCE.fullmatch(referral.source_id):
        return ""
    return f"{referral.source_type}:{referral.source_id}"


def _moment(timestamp: str | int) -> dt.datetime | None:
    seconds = str(timestamp)
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC) if _SECONDS.fullmatch(seconds) else None


def _said(message: Message) -> What | None:
    match message.type:
        case "text":
            return Text(message.text.body) if message.text and message.text.body else None
        case "interactive" if message.interactive:
            choice = message.interactive.button_reply or message.interactive.list_reply
            return Tap(choice.id) if choice else Unsupported("other")
        case "button" if message.button:
            return _key(message.button)
        case "image" | "audio" | "document":
            return _file(message)
        case "location" if message.location:
            return Located(nearest(message.location.latitude, message.location.longitude))
        case "contacts":
            return _shared(message)
        case "request_welcome":
            return Start()
        case kind if kind in SILENT:
            return None
    return Unsupported(UNREADABLE.get(message.type, "other"))


def _file(message: Message) -> What:
    match message.type:
        case "image" if message.image:
            return Photo(message.image.id)
        case "audio" if message.audio:
            return Unsupported("voice", message.audio.id)
        case "document" if message.document:
            return Unsupported("file", message.document.id)
    return Unsupported(UNREADABLE.get(message.type, "other"))


def _key(button: TemplateButton) -> What:
    """A key below a template of ours opens the chat; one that the platform adds, such as to stop, says its label."""
    if button.payload == READ:
        return Start()
    return Tap(button.payload) if pressed(button.payload) else Text(button.text or button.payload)


def _shared(message: Message) -> What:
    numbers = [number.wa_id for card in message.contacts for number in card.phones]
    own = numbers == [message.sender] and bool(message.sender)
    return Contact("+" + message.sender) if own else Unsupported("contact")


def _report(raw: dict[str, Any]) -> Report | None:
    try:
        status = msgspec.convert(raw, Status)
    except msgspec.ValidationError:
        return None
    at = _moment(status.timestamp)
    if status.status not in REPORTED or not status.biz_opaque_callback_data or at is None:
        return None
    return Report(status.biz_opaque_callback_data, status.status, at, status.errors[0].code if status.errors else 0)


def _preference(raw: dict[str, Any], account: str) -> Notice | None:
    """What somebody told WhatsApp about broadcasts: "stop" or "resume"."""
    try:
        told = msgspec.convert(raw, Preference)
    except msgspec.ValidationError:
        return None
    known_as = _known_as(account, told.user_id, told.wa_id)
    if told.category != "marketing_messages" or told.value not in ("stop", "resume") or not known_as:
        return None
    return Notice(known_as, f"preference {told.timestamp} {known_as[0].address}", NewsWanted(told.value == "resume"))
