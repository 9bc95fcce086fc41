"""Speaking with the Graph API: one question, one answer, and what a refusal says."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import aiohttp

OFFICIAL = "https://graph.facebook.com/v23.0"
FILES = ("https", "lookaside.fbsbx.com")
"""Where the official API keeps what people send."""
PATIENCE = aiohttp.ClientTimeout(total=12)
_CHUNK = 64 * 1024


class GraphError(Exception):
    """It was refused: the HTTP `status`, WhatsApp's `code` (-1 for none) and its own words, which may name a number."""

    def __init__(self, status: int, code: int, words: str = "") -> None:
        super().__init__(f"refused with {status}, code {code}")
        self.status = status
        self.code = code
        self.words = words


class ForbiddenFileError(Exception):
    """A file is elsewhere than where WhatsApp keeps files, or larger than we take."""


class Graph:
    """The API at `api_url`, "" for the official one, with a token. Close it at the end.

    Its methods raise GraphError where it refuses, and aiohttp.ClientError or TimeoutError where it is not reached.
    """

    def __init__(self, token: str, api_url: str) -> None:
        self._root = (api_url or OFFICIAL).rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self._http: aiohttp.ClientSession | None = None

    async def get(self, path: str, **asked: str) -> dict[str, Any]:
        """Ask for something."""
        async with self._session().get(f"{self._root}/{path}", params=asked, allow_redirects=False) as answer:
            return await _told(answer)

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Have something done."""
        async with self._session().post(f"{self._root}/{path}", json=body, allow_redirects=False) as answer:
            return await _told(answer)

    async def upload(self, path: str, body: bytes, kind: str) -> dict[str, Any]:
        """Upload a file of a media type."""
        form = aiohttp.FormData({"messaging_product": "whatsapp", "type": kind})
        form.add_field("file", body, filename="file", content_type=kind)
        async with self._session().post(f"{self._root}/{path}", data=form, allow_redirects=False) as answer:
            return await _told(answer)

    async def download(self, url: str, most: int) -> bytes:
        """Fetch a file of at most `most` bytes from where WhatsApp keeps files, and from nowhere else.

        Raises:
            ForbiddenFileError: it is elsewhere or larger.
        """
        if _origin(url) not in (FILES, _origin(self._root)):
            raise ForbiddenFileError
        content = bytearray()
        async with self._session().get(url, allow_redirects=False) as answer:
            if answer.status != 200:
                raise GraphError(answer.status, -1)
            async for chunk in answer.content.iter_chunked(_CHUNK):
                content += chunk
                if len(content) > most:
                    raise ForbiddenFileError
        return bytes(content)

    async def close(self) -> None:
        """End the connections."""
        if self._http is not None:
            await self._http.close()

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=PATIENCE, headers=self._headers)
        return self._http


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc


async def _told(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        told = await answer.json(content_type=None)
    except ValueError:
        told = None
    told = told if isinstance(told, dict) else {}
    if answer.status >= 300:
        fault = told.get("error")
        fault = fault if isinstance(fault, dict) else {}
        code = fault.get("code")
        words = fault.get("error_user_msg") or fault.get("message") or ""
        raise GraphError(answer.status, code if isinstance(code, int) else -1, str(words))
    return told
