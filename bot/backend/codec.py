"""JSON as the contract writes it.

msgspec writes a `Month` as an array of two numbers; every builder of a backend expects "2026-12". In all our shapes a
month stands under the name `first`, and these two functions translate it there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from conversations.months import Month

T = TypeVar("T")


def _number(text: str) -> float | int:
    """Read 2.0 as 2: to JSON Schema, and to many who write JSON, they are the same integer."""
    number = float(text)
    return int(number) if number.is_integer() else number


_RAW = msgspec.json.Decoder(float_hook=_number)


def encode(value: object) -> bytes:
    """Return the JSON of a shape."""
    return msgspec.json.encode(_at_months(msgspec.to_builtins(value), lambda pair: str(Month(*pair))))


def decode(body: bytes, kind: type[T]) -> T:
    """Read a shape from JSON; `kind` may be a union of shapes.

    Raises:
        msgspec.ValidationError: not JSON, or not that shape.
    """
    try:
        return msgspec.convert(_at_months(_RAW.decode(body), _month), kind)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise msgspec.ValidationError("not JSON - at `$`") from error


def _month(text: object) -> Month:
    try:
        return Month.parse(text if isinstance(text, str) else "")
    except ValueError:
        raise msgspec.ValidationError("not a month - at `first`") from None


def _at_months(raw: Any, change: Callable[[Any], object]) -> Any:
    if isinstance(raw, dict):
        return {name: change(raw[name]) if name == "first" else _at_months(raw[name], change) for name in raw}
    if isinstance(raw, list | tuple):
        return [_at_months(item, change) for item in raw]
    return raw
