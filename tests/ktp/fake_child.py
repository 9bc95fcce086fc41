"""Stands in for the process that reads pictures: the picture's last word says what it does."""

from __future__ import annotations

import sys

import msgspec

from bot.ktp.wire import Asked, Told
from conversations.reading.ktp_card import Card

CARD = Card("3273011708900001", "Budi Santoso", "Bandung", "1990-08-17", "male", "JL. MELATI NO. 3", "32.73")


def main() -> None:
    """Answer until nobody asks any more."""
    while line := sys.stdin.buffer.readline():
        asked = msgspec.json.decode(line, type=Asked)
        match sys.stdin.buffer.read(asked.size).rpartition(b" ")[2]:
            case b"slow":
                sys.stdin.buffer.read()  # Until whoever asked is gone.
            case b"deadly":
                sys.exit(9)
            case b"garbled":
                sys.stdout.buffer.write(b"{}}\n")
            case b"broken":
                _tell(Told(fault="ValueError"))
            case b"dark":
                _tell(Told(advice="dark"))
            case _:
                _tell(Told(CARD))
        sys.stdout.buffer.flush()


def _tell(told: Told) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")


if __name__ == "__main__":
    main()
