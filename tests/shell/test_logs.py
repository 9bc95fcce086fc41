"""Nothing personal in logs (law 10)."""

from __future__ import annotations

import logging
import sys

from bot.logs import Discreet, mask


def test_long_numbers_are_masked() -> None:
    """A NIK or a phone number that gets into an event is not written out."""
    event = mask(None, "", {"event": "nik 3273 0117 0890 0001", "phone": "+6281234567890", "chat": 12})
    assert event == {"event": "nik •••", "phone": "•••", "chat": 12}


def test_an_exception_shows_its_place_and_not_its_message() -> None:
    """A library's traceback may quote data, so only type and place are written."""
    try:
        raise ValueError("Siti Aminah 3273011708900001")
    except ValueError:
        record = logging.LogRecord("aiohttp", logging.ERROR, "x.py", 1, "Error handling request", (), sys.exc_info())
    written = Discreet("%(message)s").format(record)
    assert "ValueError at" in written
    assert "test_logs.py" in written
    assert "Siti" not in written
