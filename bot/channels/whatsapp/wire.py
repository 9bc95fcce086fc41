"""What one number sends and fetches through the Graph API, and what its errors mean for the outbox (law 5)."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

import aiohttp

from bot.channels.whatsapp.graph import ForbiddenFileError, Graph, GraphError
from bot.channels.whatsapp.updates import BY_ID
from bot.outbox import DeliveryError, GoneError, RefusedError, UnreachableError

TOO_FAST = frozenset({4, 80007, 130429, 131048})
"""Error codes: too many messages from this number or business."""
TOO_FAST_TO_ONE = 131056
OUT_OF_ORDER = frozenset({1, 2, 131000, 131016, 131057})
"""Error codes: their side has troubles or maintenance."""
ACCESS = frozenset({0, 3, 10, 190, 131005, 131031, 131042})
"""Error codes: token, permission or account; somebody has to put it right, and until then nothing is lost."""
WINDOW_CLOSED = 131047
TEMPLATE = range(132000, 132100)
"""Error codes: a template is not there, not approved, paused, or wants other values."""
LATER = 60.0
TO_ONE_LATER = 6.0
"""Seconds between two messages to the same person, when that is what was exceeded."""

_FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


class WindowClosedError(GoneError):
    """Free words may not be sent to this person now."""


class TemplateRefusedError(GoneError):
    """A template can't be used: `python -m bot templates list` says why."""


class Wire:
    """Sends and fetches for one phone number."""

    def __init__(self, token: str, account: str, api_url: str) -> None:
        self._graph = Graph(token, api_url)
        self._account = account
        self._number = ""

    async def send(self, address: str, shape: dict[str, Any], mark: str = "") -> None:
        """Send one message; `mark` comes back with its statuses.

        Raises:
            DeliveryError: whichever fits.
        """
        marked = {"biz_opaque_callback_data": mark} if mark else {}
        await self._post({"recipient_type": "individual", **recipient(address), **shape, **marked})

    async def mark_read(self, message: str) -> None:
        """Show that a message was read and that an answer is being written.

        Raises:
            DeliveryError: whichever fits.
        """
        await self._post({"status": "read", "message_id": message, "typing_indicator": {"type": "text"}})

    async def number(self) -> str:
        """Return the phone number that people see, in digits.

        Raises:
            DeliveryError: whichever fits.
        """
        if not self._number:
            with as_delivery():
                known = await self._graph.get(self._account, fields="display_phone_number")
            self._number = "".join(filter(str.isdecimal, str(known["display_phone_number"])))
        return self._number

    async def upload(self, body: bytes, kind: str) -> str:
        """Upload a file of a media type; return the name it is sent by.

        Raises:
            DeliveryError: whichever fits.
        """
        with as_delivery():
            answer = await self._graph.upload(f"{self._account}/media", body, kind)
        return str(answer.get("id", ""))

    async def fetch(self, file: str, most: int) -> bytes:
        """Fetch what somebody sent by its id, at most `most` bytes.

        Raises:
            DeliveryError: whichever fits.
        """
        if not _FILE_ID.fullmatch(file):
            raise GoneError
        with as_delivery():
            found = await self._graph.get(file, phone_number_id=self._account)
            return await self._graph.download(str(found.get("url", "")), most)

    async def close(self) -> None:
        """End the connections."""
        await self._graph.close()

    async def _post(self, body: dict[str, Any]) -> None:
        with as_delivery():
            await self._graph.post(f"{self._account}/messages", {"messaging_product": "whatsapp", **body})


@contextlib.contextmanager
def as_delivery() -> Iterator[None]:
    """Raise what happens on the wire as what the outbox knows.

    Raises:
        DeliveryError: whichever fits.
    """
    try:
        yield
    except GraphError as refusal:
        raise meaning(refusal.status, refusal.code) from None
    except ForbiddenFileError:
        raise GoneError from None
    except aiohttp.ClientConnectorError:
        raise RefusedError from None
    except (aiohttp.ClientError, TimeoutError):
        raise UnreachableError from None


def recipient(address: str) -> dict[str, str]:
    """Name whom a message is for: by number, or by the platform's id."""
    if address.startswith(BY_ID):
        return {"recipient": address.removeprefix(BY_ID)}
    return {"to": address}


def meaning(status: int, code: int) -> DeliveryError:
    """Say what a refusal tells about the message."""
    if code == TOO_FAST_TO_ONE:
        return RefusedError(TO_ONE_LATER)
    if status == 429 or code in TOO_FAST or code in ACCESS or status == 401:
        return RefusedError(LATER)
    if status >= 500 or code in OUT_OF_ORDER:
        return RefusedError()
    if code == WINDOW_CLOSED:
        return WindowClosedError()
    return TemplateRefusedError() if code in TEMPLATE else GoneError()
