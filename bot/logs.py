"""Structured logs: one JSON object a line on stderr, with nothing personal in it (law 10)."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_DIGITS = re.compile(r"\+?\d[\d .-]{7,}\d")


def set_up(*, quiet: bool = False) -> None:
    """Send our own and the libraries' logs to stderr; `quiet` leaves out all but errors."""
    level = logging.ERROR if quiet else logging.INFO
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
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


def mask(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide runs of digits as long as a phone number or a NIK, should one ever get here."""
    for name, value in event.items():
        if isinstance(value, str) and name != "timestamp":
            event[name] = _DIGITS.sub("•••", value)
    return event
