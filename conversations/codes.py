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


def looks_drawn(code: str) -> bool:
    """Tell whether a code may be one of ours: its length and letters, with a figure among them, as nearly all have."""
    return len(code) == LENGTH and set(code) <= set(ALPHABET) and any(c.isdecimal() for c in code)
