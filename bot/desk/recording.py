"""Reading what operators record from the official channel: each field strictly, a fault named by its field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.desk.pages import field
from conversations.months import JAKARTA, Month

MOST_MONTHS = 12
MOST_RUPIAH = 99_999_999

_KPJ = re.compile(r"[0-9]{11}")
_CODE = re.compile(r"[0-9A-Z]{6,32}")
_SEPARATORS = re.compile(r"[\s.\-]")
_THOUSANDS = re.compile(r"[0-9]{1,8}|[0-9]{1,3}(\.[0-9]{3})+")


def kpj(typed: str, _today: dt.date) -> str | None:
    """Read a member's number: eleven digits."""
    return _matching(_KPJ, _SEPARATORS.sub("", typed))


def code(typed: str, _today: dt.date) -> str | None:
    """Read a payment code."""
    return _matching(_CODE, _SEPARATORS.sub("", typed).upper())


def total(typed: str, _today: dt.date) -> int | None:
    """Read whole rupiah, with dots for thousands or without."""
    written = _matching(_THOUSANDS, typed.removeprefix("Rp").strip())
    amount = int(written.replace(".", "")) if written else 0
    return amount if 0 < amount <= MOST_RUPIAH else None


def first(typed: str, today: dt.date) -> Month | None:
    """Read a contribution month, written "2026-12", from a year ago to a year ahead."""
    try:
        month = Month.parse(typed)
    except ValueError:
        return None
    return month if abs(Month.of(today).until(month)) <= MOST_MONTHS else None


def months(typed: str, _today: dt.date) -> int | None:
    """Read how many contribution months a bill is for."""
    count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 2 else 0
    return count if 0 < count <= MOST_MONTHS else None


def expires(typed: str, today: dt.date) -> dt.datetime | None:
    """Read the last day on which a code can be paid, today or later; return the moment in UTC at which it is over."""
    try:
        last = dt.date.fromisoformat(typed)
    except ValueError:
        return None
    if not today <= last <= today + dt.timedelta(days=366):
        return None
    over = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), JAKARTA)
    return over.astimezone(dt.UTC)


READERS: dict[str, Callable[[str, dt.date], Any]] = {
    reader.__name__: reader for reader in (kpj, code, total, first, months, expires)
}
BILL = ("code", "total", "first", "months", "expires")
"""The fields of a `Bill` that are recorded, in the order in which they are asked."""


def read(form: Mapping[str, Any], names: Sequence[str], today: dt.date) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Read these fields of a form; return the values by name, and the names of those that are not right."""
    values = {name: READERS[name](field(form, name), today) for name in names}
    return values, tuple(name for name, value in values.items() if value is None)


def _matching(pattern: re.Pattern[str], text: str) -> str | None:
    return text if pattern.fullmatch(text) else None
