"""Codes that people read from one screen and type on another."""

from __future__ import annotations

import hashlib

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and figures that are not taken for each other."""
LENGTH = 8


def drawn(seed: str) -> str:
    """Make the code of a secret seed: the same seed gives the same code, and nobody guesses it from another one."""
    digest = hashlib.blake2b(seed.encode(), digest_size=LENGTH).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest)
