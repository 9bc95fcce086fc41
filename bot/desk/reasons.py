"""Why a chat was handed to people, in words."""

from __future__ import annotations

from conversations.cases import reason


def reason_key(code: str) -> str:
    """Return the catalogue key of a case's reason; one that this version doesn't know is called "other"."""
    return f"desk.reason.{reason(code).code}"
