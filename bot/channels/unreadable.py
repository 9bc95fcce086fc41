"""What decoding a stranger's JSON may raise."""

from __future__ import annotations

import msgspec

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""Not JSON, not the shape, not UTF-8, or nested a thousandfold, which is small to send and deep to read."""
