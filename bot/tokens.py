"""Addresses that prove themselves: what they stand for is encrypted in them, so that nobody can make one or read it.

They are sealed with a key that follows from the first master key. Every master key that is known opens them, so that
what was printed or sent still opens after the keys were turned.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from storage.sealing import KeyRing


class Tokens:
    """The tokens of one `purpose`; those of another do not open here."""

    def __init__(self, keys: KeyRing, purpose: str) -> None:
        secrets = (hashlib.sha256(index).digest() for index in keys.indexes("token", purpose))
        self._box = MultiFernet([Fernet(base64.urlsafe_b64encode(secret)) for secret in secrets])

    def make(self, what: bytes) -> str:
        """Return a token that stands for `what`."""
        return self._box.encrypt(what).decode()

    def read(self, token: str, seconds: int | None = None) -> bytes | None:
        """Return what a token stands for; None where it is forged, or older than `seconds`."""
        try:
            return self._box.decrypt(token, ttl=seconds)
        except (InvalidToken, ValueError):  # Letters that no token has are not even looked at.
            return None
