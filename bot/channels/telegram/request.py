"""How python-telegram-bot reaches the Bot API here: over aiohttp, as everything else does.

The library's own way, httpx, takes four fifths of the processor time that a reply costs: each request looks at every
connection and at every other request that waits.
"""

from __future__ import annotations

from typing import Any

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

UNSENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""Errors after which the request certainly was not carried out: there was no connection."""


class AiohttpRequest(BaseRequest):
    """Requests over at most `connections` at a time; `patience` is how many seconds an answer may take by default."""

    def __init__(self, connections: int, patience: float) -> None:
        self._connections = connections
        self._patience = patience
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds an answer may take."""
        return self._patience

    async def initialize(self) -> None:
        """Open nothing yet: the first request does."""

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        """Make a request; returns status and body.

        Raises:
            TimedOut, NetworkError: there was no answer; the cause tells whether the request was sent.
        """
        patience = self._patience if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        limits = aiohttp.ClientTimeout(sock_connect=self._patience, sock_read=patience, connect=self._patience)
        try:
            asked = self._opened().request(method, url, data=_form(request_data), timeout=limits, allow_redirects=False)
            async with asked as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(connector=connector, headers={"User-Agent": self.USER_AGENT})
        return self._session


def _form(data: RequestData | None) -> aiohttp.FormData | None:
    if data is None:
        return None
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, kind) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form
