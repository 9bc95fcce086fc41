"""What to advise when no NIK could be read on a picture: the most likely thing that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from conversations.reading.ktp_layout import Piece

OF_A_CARD = 2
"""So many labels make a KTP of it."""
A_CARD_HAS = 6
"""Pieces of text; with fewer their size tells nothing."""

TINY = 400
"""Pixels of the longest side below which no NIK can be read, however sharp the picture is."""


class Look(NamedTuple):
    """How good a picture is: the light of its middle (median, 0 to 255), how sharp its edges are (the variance of its
    Laplacian at 1,000 pixels of width), the share of it that is blank white, how colourful it is (mean distance of
    the channels), how far the strongest fine wave stands out from those around it, and the pixels of its longest
    side."""

    light: float = 128.0
    sharpness: float = 500.0
    glare: float = 0.0
    colour: float = 30.0
    grid: float = 0.0
    side: int = 1280


class Picture(NamedTuple):
    """What is known of a picture without a NIK: its look, how many labels were found, the height of most letters."""

    look: Look
    labels: int
    height: float


class Fault(NamedTuple):
    """Something that may be wrong: its name among `ktp_card.ADVICE`, and how it shows."""

    name: str
    shows: Callable[[Picture], bool]


FAULTS = (
    Fault("dark", lambda it: it.look.light < 55),
    Fault("screen", lambda it: it.look.grid > 800),
    Fault("photocopy", lambda it: it.labels >= OF_A_CARD and it.look.colour < 6),
    Fault("glare", lambda it: it.labels >= OF_A_CARD and it.look.glare > 0.015),
    Fault("small", lambda it: it.look.side < TINY),
    Fault("blurred", lambda it: it.look.sharpness < 25),
    Fault("small", lambda it: 0 < it.height < 12),
    Fault("cropped", lambda it: it.labels >= OF_A_CARD),
)
"""In the order in which they are looked for: what hides the others first."""


def advise(pieces: Sequence[Piece], labels: int, look: Look) -> str:
    """Say what is most likely wrong."""
    heights = sorted(piece.height for piece in pieces)
    height = heights[len(heights) // 2] if len(heights) >= A_CARD_HAS else 0.0
    picture = Picture(look, labels, height)
    return next((fault.name for fault in FAULTS if fault.shows(picture)), "not_ktp")
