"""What reads bytes of strangers. A target takes any bytes at all and raises only where there is a fault of ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import msgspec

from bot.backend.errors import BadEvent
from bot.backend.webhooks import parse_event
from bot.channels.media import kind_of
from bot.channels.telegram.updates import MalformedError, read_update, update_number
from bot.channels.unreadable import UNREADABLE
from bot.channels.web.frames import from_page
from bot.channels.whatsapp.updates import read_posting
from conversations.reading import READERS
from tests.fakes.graph_api import NUMBER

CORPUS = Path(__file__).parent / "corpus"
TODAY = dt.date(2026, 11, 21)


def telegram(data: bytes) -> None:
    """An update of Telegram."""
    try:
        update = msgspec.json.decode(data)
        update_number(update)
    except (*UNREADABLE, MalformedError):
        return
    read_update(update, "700")


def whatsapp(data: bytes) -> None:
    """A posting of WhatsApp."""
    try:
        posting = msgspec.json.decode(data)
    except UNREADABLE:
        return
    read_posting(posting, NUMBER)


def backend(data: bytes) -> None:
    """An event of the backend."""
    try:
        parse_event(data)
    except BadEvent:
        return


def page(data: bytes) -> None:
    """A frame of the web chat's page, and the first bytes of a file."""
    kind_of(data)
    try:
        from_page.decode(data)
    except UNREADABLE:
        return


def readers(data: bytes) -> None:
    """Words, through every reader."""
    text = data.decode("utf-8", "replace")
    for kind, read in READERS.items():
        reading = read(text, TODAY)
        if reading.value is not None and reading.problem is not None:
            raise AssertionError(f"{kind} gave a value and a problem")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "telegram": telegram,
    "whatsapp": whatsapp,
    "backend": backend,
    "page": page,
    "readers": readers,
}


def corpus(name: str) -> list[bytes]:
    """Return the kept inputs of a target, one a line."""
    return (CORPUS / f"{name}.txt").read_bytes().splitlines()
