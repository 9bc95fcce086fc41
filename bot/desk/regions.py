"""Regions in words."""

from __future__ import annotations

from conversations.reading.place import region


def region_name(code: str) -> str:
    """Return the name of a regency or city; the code itself where nobody knows it."""
    known = region(code if "." in code else f"{code[:2]}.{code[2:]}")
    return known.name if known else code
