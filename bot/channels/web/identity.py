"""Whose chat it is: a secret in a cookie, of which the rest of Jamin only ever sees a digest."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import NamedTuple
from urllib.parse import urlsplit

from aiohttp import web

SECURE = web.AppKey("SECURE", bool)
"""Whether people reach us by HTTPS only, whatever the proxy says of itself."""

_TOKEN = re.compile(r"[0-9a-f]{32}")
_YEAR = 365 * 24 * 3600


class Device(NamedTuple):
    """A kind of device: the cookie that holds the chat's secret there, and for how many seconds (None: this session).

    The two kinds have a cookie each, so that a link to the shared kind never takes somebody's own chat away.
    """

    cookie: str
    keep: int | None
    query: str

    @property
    def shared(self) -> bool:
        """Whether the next person at this device is somebody else."""
        return self.keep is None


OWN = Device("jamin_chat", _YEAR, "")
SHARED = Device("jamin_chat_bersama", None, "?perangkat=bersama")


def device_of(request: web.Request) -> Device:
    """Return the kind of device the page was opened for."""
    return SHARED if request.query.get("perangkat") == "bersama" else OWN


def new_token() -> str:
    """Return a fresh secret of 128 bits."""
    return secrets.token_hex(16)


def token_of(request: web.Request) -> str | None:
    """Return the secret that came with `request`, or None if there is none in our shape."""
    token = request.cookies.get(device_of(request).cookie, "")
    return token if _TOKEN.fullmatch(token) else None


def name_of(token: str) -> str:
    """Return the chat's name for `token`: 128 bits of its digest, safe to store and to show."""
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def hand_over(response: web.Response, request: web.Request, token: str) -> None:
    """Set the cookie with `token`."""
    device = device_of(request)
    response.set_cookie(
        device.cookie, token, max_age=device.keep, httponly=True, samesite="Lax", secure=_is_https(request)
    )


def take_back(response: web.Response, request: web.Request) -> None:
    """Delete the cookie."""
    response.del_cookie(device_of(request).cookie, httponly=True, samesite="Lax", secure=_is_https(request))


def is_same_origin(request: web.Request) -> bool:
    """Whether a page of this very site asks; browsers put Origin on websockets and on every fetch that posts."""
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def _is_https(request: web.Request) -> bool:
    # Believing a forged header only makes the cookie stricter.
    return request.app.get(SECURE, False) or request.secure or request.headers.get("X-Forwarded-Proto") == "https"
