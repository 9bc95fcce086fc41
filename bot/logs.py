"""Structured logs: one JSON object a line on stderr, with nothing personal in it (law 10)."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4})\b", re.IGNORECASE)
_DIGITS = re.compile(r"\+?\d[\d .-]{7,}\d")


def set_up(*, quiet: bool = False) -> None:
    """Send our own and the libraries' logs to stderr; `quiet` leaves out all but errors."""
    level = logging.ERROR if quiet else logging.INFO
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler])
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            mask,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


class Discreet(logging.Formatter):
    """Formats the libraries' records, without long numbers and without who connected; of an exception only where it
    happened, because its message may hold data."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line, masked."""
        return _ADDRESS.sub("•••", _DIGITS.sub("•••", super().format(record)))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name.
        """Return the type and the innermost place."""
        kind, _, trace = ei
        frames = traceback.extract_tb(trace)
        where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "nowhere"
        return f"{kind.__name__} at {where}"


def mask(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide runs of digits as long as a phone number or a NIK, should one ever get here."""
    for name, value in event.items():
        if isinstance(value, str) and name != "timestamp":
            event[name] = _DIGITS.sub("•••", value)
    return event
