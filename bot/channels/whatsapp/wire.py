"""Speaking with the Graph API, and what its errors mean for the outbox (law 5)."""

from __future__ import annotations

from typing import Any

import aiohttp

from bot.channels.whatsapp.updates import BY_ID
from bot.outbox import DeliveryError, GoneError, RefusedError, UnreachableError

OFFICIAL = "https://graph.facebook.com/v23.0"
PATIENCE = aiohttp.ClientTimeout(total=12)
TOO_FAST = frozenset({4, 80007, 130429, 131048})
"""Error codes: too many messages from this number or business."""
TOO_FAST_TO_ONE = 131056
OUT_OF_ORDER = frozenset({1, 2, 131000, 131016, 131057})
"""Error codes: their side has troubles or maintenance."""
ACCESS = frozenset({0, 3, 10, 190, 131005, 131031, 131042})
"""Error codes: token, permission or account; somebody has to put it right, and until then nothing is lost."""
LATER = 60.0
TO_ONE_LATER = 6.0
"""Seconds between two messages to the same person, when that is what was exceeded."""


class Wire:
    """Posts for one phone number."""

    def __init__(self, token: str, account: str, api_url: str) -> None:
        self._url = f"{(api_url or OFFICIAL).rstrip('/')}/{account}/messages"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._http: aiohttp.ClientSession | None = None

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

    async def upload(self, body: bytes, kind: str) -> str:
        """Upload a file of a media type; return the name it is sent by.

        Raises:
            DeliveryError: whichever fits.
        """
        form = aiohttp.FormData({"messaging_product": "whatsapp", "type": kind})
        form.add_field("file", body, filename="file", content_type=kind)
        answer = await self._answer(self._url.replace("/messages", "/media"), data=form)
        return str(answer.get("id", ""))

    async def close(self) -> None:
        """End the connections."""
        if self._http is not None:
            await self._http.close()

    async def _post(self, body: dict[str, Any]) -> None:
        await self._answer(self._url, json={"messaging_product": "whatsapp", **body})

    async def _answer(self, url: str, **body: Any) -> dict[str, Any]:
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=PATIENCE, headers=self._headers)
        try:
            async with self._http.post(url, **body) as answer:
                if answer.status >= 300:
                    raise meaning(answer.status, await _code(answer))
                return await _told(answer)
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
    return GoneError()


async def _told(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    """Return what a success tells; one that cannot be read is a success all the same."""
    try:
        told = await answer.json(content_type=None)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


async def _code(answer: aiohttp.ClientResponse) -> int:
    try:
        code = (await answer.json(content_type=None))["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return -1
    return code if isinstance(code, int) else -1
