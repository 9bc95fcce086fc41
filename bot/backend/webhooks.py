"""Signed webhooks: how the backend signs, how Jamin checks, and what an event reads as.

`Jamin-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`. An old signature is refused, so that a recorded
webhook cannot be played again later; within the tolerance the event's `id`, which is signed with the body, proves that
it was taken already.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from typing import Any, cast

import msgspec

from bot.backend import codec
from bot.backend.errors import BadEvent, BadSignature
from bot.backend.shapes import AnyEvent

SIGNATURE_HEADER = "Jamin-Signature"
EVENT_HEADER = "Jamin-Event"
TOLERANCE = dt.timedelta(seconds=300)

_HEADER = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")


def sign(secret: str, body: bytes, at: dt.datetime) -> str:
    """Return the signature header of a body sent at an aware moment."""
    stamp = str(int(at.timestamp()))
    return f"t={stamp},v1={_mac(secret, stamp, body)}"


def verify(secret: str, header: str | None, body: bytes, now: dt.datetime, tolerance: dt.timedelta = TOLERANCE) -> None:
    """Check that a body was signed with the secret, no longer ago (or ahead) than the tolerance.

    Raises:
        BadSignature: it was not; the detail is "missing", "wrong" or "old".
    """
    parts = _HEADER.fullmatch(header or "")
    if parts is None:
        raise BadSignature("missing")
    if not hmac.compare_digest(_mac(secret, parts[1], body), parts[2]):
        raise BadSignature("wrong")
    if abs(now.timestamp() - int(parts[1])) > tolerance.total_seconds():
        raise BadSignature("old")


def parse_event(body: bytes) -> AnyEvent:
    """Read a webhook's body; check the signature first.

    Raises:
        BadEvent: not an event as the contract writes it.
    """
    try:
        return codec.decode(body, cast("type[Any]", AnyEvent))  # type: ignore[no-any-return]
    except msgspec.ValidationError as error:
        raise BadEvent from error


def _mac(secret: str, stamp: str, body: bytes) -> str:
    if not secret:
        raise ValueError("webhooks need a secret that is not empty")
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
