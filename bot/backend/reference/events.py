"""What happened, in order: written with the change itself, told by webhook, read again by whoever missed it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from bot.backend import codec
from bot.backend.reference.books import Books
from bot.backend.shapes import AnyEvent

PAGE = 100
"""Events a page."""


async def record(
    books: Books, kind: Callable[..., AnyEvent], enrolment: str, *, delay: float = 0.0, **told: object
) -> None:
    """Write an event of a kind with what it tells, and queue its webhook for `delay` seconds from now."""
    last = await books.one("SELECT seq FROM sqlite_sequence WHERE name = 'events'")
    event = kind(uuid.uuid4().hex, (last["seq"] if last else 0) + 1, enrolment, books.now, **told)
    await books.run(
        "INSERT INTO events (sequence, id, enrolment, body) VALUES (?, ?, ?, ?)",
        event.sequence, event.id, enrolment, codec.encode(event).decode(),
    )  # fmt: skip
    await books.run(
        "INSERT INTO deliveries (sequence, enrolment, due_at) VALUES (?, ?, ?)",
        event.sequence, enrolment, time.time() + delay,
    )  # fmt: skip


async def page_after(books: Books, after: int) -> bytes:
    """Return the JSON of the next events after a sequence number."""
    rows = await books.all("SELECT body FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?", after, PAGE)
    return b'{"events":[' + ",".join(row["body"] for row in rows).encode() + b"]}"
