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
LASTS = dt.timedelta(hours=12)


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


def give(response: web.StreamResponse, token: str, *, secure: bool) -> None:
    """Put the secret into a cookie that only the desk's pages get, and no script."""
    response.set_cookie(
        COOKIE, token, max_age=int(LASTS.total_seconds()), path="/desk", httponly=True, samesite="Strict", secure=secure
    )
