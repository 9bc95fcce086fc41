"""Draws charts in a process of its own: the library keeps the interpreter to itself while it draws.

Reads one JSON line a chart and writes one back, until its input ends or nobody asked for a while.
"""

from __future__ import annotations

import signal
import sys

import msgspec
import vl_convert

IDLE = 300
"""Seconds without a chart after which the process ends and its memory is free."""
NUMBERS = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""]}
SCALE = 2
"""Pixels a point of a PNG, for sharp screens and print."""


class Wanted(msgspec.Struct):
    """A chart to be drawn: its specification, and whether as PNG instead of SVG."""

    spec: msgspec.Raw
    png: bool


class Drawn(msgspec.Struct):
    """A drawn chart, or in words what is wrong with it."""

    picture: bytes = b""
    error: str = ""


def draw(wanted: Wanted) -> bytes:
    """Draw one chart.

    Raises:
        ValueError: the specification is none.
    """
    specification = bytes(wanted.spec).decode()
    if wanted.png:
        return vl_convert.vegalite_to_png(specification, scale=SCALE, format_locale=NUMBERS)
    return vl_convert.vegalite_to_svg(specification, format_locale=NUMBERS).encode()


def main() -> None:
    """Draw what is asked for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends us by ending our input.
    for line in sys.stdin.buffer:
        signal.alarm(0)
        try:
            drawn = Drawn(draw(msgspec.json.decode(line, type=Wanted)))
        except ValueError as error:
            drawn = Drawn(error=str(error))
        sys.stdout.buffer.write(msgspec.json.encode(drawn) + b"\n")
        sys.stdout.buffer.flush()
        signal.alarm(IDLE)


if __name__ == "__main__":
    main()
