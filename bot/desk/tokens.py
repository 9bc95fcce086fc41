"""The secret in an operator's cookie, and the proof in each form that our own page sent it.

Everybody who opens the sign-in page gets a cookie; it means nothing until somebody signs in, when it is replaced. Only
its digest is stored. The forms' proof is derived from it, so that it needs no storing and changes with it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets

from aiohttp import web

COOKIE = "jamin_desk"
SECURE_COOKIE = f"__Host-{COOKIE}"
"""Its name over HTTPS: browsers take it under that name only from us, for us alone, and over HTTPS."""
LASTS = dt.timedelta(hours=12)
HALF_LASTS = dt.timedelta(minutes=10)
"""How long somebody whose password was right has for the code."""


def new_token() -> str:
    """Return a new secret."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> bytes:
    """Return what is stored of a secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def proof_of(token: str) -> str:
    """Return what forms must carry that are sent with this secret."""
    return hmac.digest(token.encode("utf-8", "replace"), b"jamin desk form", "sha256").hex()


def is_proof(token: str, given: str) -> bool:
    """Tell whether a form carried what it must."""
    return hmac.compare_digest(proof_of(token).encode(), given.encode("utf-8", "replace"))


def taken(request: web.Request, *, secure: bool) -> str:
    """Return the secret that a browser shows, "" if it shows none."""
    return request.cookies.get(SECURE_COOKIE if secure else COOKIE, "")


def given(response: web.StreamResponse) -> bool:
    """Tell whether a secret was put into this answer."""
    return not {COOKIE, SECURE_COOKIE}.isdisjoint(response.cookies)


def give(response: web.StreamResponse, token: str, *, secure: bool) -> None:
    """Put the secret into a cookie that no script gets, and over plain HTTP only the desk's pages."""
    name, path = (SECURE_COOKIE, "/") if secure else (COOKIE, "/desk")
    seconds = int(LASTS.total_seconds())
    response.set_cookie(name, token, max_age=seconds, path=path, httponly=True, samesite="Strict", secure=secure)
