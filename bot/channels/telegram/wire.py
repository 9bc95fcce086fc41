"""Speaking with the Bot API, and what its errors mean for the outbox (law 5)."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import msgspec
import structlog
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.request import UNSENT, AiohttpRequest
from bot.channels.telegram.updates import WANTED
from bot.outbox import BlockedError, DeliveryError, GoneError, RefusedError, UnreachableError

OFFICIAL = "https://api.telegram.org"
CONNECTIONS = 64
POLL = 25
"""Seconds that Telegram may keep a question for updates open."""
PATIENCE = 10.0
"""Seconds for the answer to a sending; half of what the outbox allows."""
MISTAKEN_TOKEN = 60.0
"""Seconds until a token that is refused is tried again: somebody has to set the right one."""

# The library is about to give times as timedelta instead of int, and asks to be told that we know.
os.environ.setdefault("PTB_TIMEDELTA", "true")

log = structlog.get_logger(__name__)


def make_bot(token: str, api_url: str) -> Bot:
    """Return a bot that speaks to the Bot API at `api_url`, "" for the official one."""
    root = (api_url or OFFICIAL).rstrip("/")
    request = AiohttpRequest(CONNECTIONS, PATIENCE)
    return Bot(token, base_url=f"{root}/bot", base_file_url=f"{root}/file/bot", request=request)


async def fetch_updates(bot: Bot, offset: int) -> list[dict[str, Any]]:
    """Ask for updates from number `offset` on, 0 for the earliest kept; waits until there are some or `POLL` is over.

    They are not made into the library's objects: one that it cannot read would hold up all behind it.

    Raises:
        TelegramError: there was no answer, or a refusal.
    """
    asked = {"timeout": POLL, "allowed_updates": msgspec.json.encode(WANTED).decode()}
    query = urlencode(asked | ({"offset": offset} if offset else {}))
    found: Any = await bot.request.post(f"{bot.base_url}/getUpdates?{query}", read_timeout=POLL + PATIENCE)
    return [update for update in found if isinstance(update, dict)] if isinstance(found, list) else []


async def fetch_file(bot: Bot, file: str, most: int) -> bytes:
    """Fetch what somebody sent by its id, at most `most` bytes.

    Raises:
        DeliveryError: whichever fits.
    """
    with as_delivery():
        found = await bot.get_file(file)
        if not found.file_size or found.file_size > most:
            raise GoneError
        if not (found.file_path or "").startswith(bot.base_file_url):
            raise GoneError  # The library would take it for a file of this machine.
        return bytes(await found.download_as_bytearray())


@contextlib.contextmanager
def as_delivery() -> Iterator[None]:
    """Raise the library's errors as those that the outbox knows.

    Raises:
        DeliveryError: whichever fits.
    """
    try:
        yield
    except TelegramError as error:
        raise meaning(error) from None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # Telegram took it, and the library cannot read what it answered: once more would be a copy more.
        log.error("answer_not_understood", error=type(error).__name__)  # noqa: TRY400 - no values.
        raise GoneError from None


def meaning(error: TelegramError) -> DeliveryError:
    """Say what an error tells about the message: whether it may have arrived, and whether it ever can."""
    match error:
        case RetryAfter():
            return RefusedError(seconds(error.retry_after))
        case Forbidden():
            return BlockedError()
        case BadRequest() | ChatMigrated():
            return GoneError()
        case InvalidToken():
            return RefusedError(MISTAKEN_TOKEN)
    # The library keeps the cause: none where Telegram answered (5xx), the connection's error where it did not.
    if isinstance(error.__cause__, aiohttp.ClientError | TimeoutError) and not isinstance(error.__cause__, UNSENT):
        return UnreachableError()
    return RefusedError()


def seconds(span: int | dt.timedelta) -> float:
    """Return a span in seconds."""
    return span.total_seconds() if isinstance(span, dt.timedelta) else float(span)
