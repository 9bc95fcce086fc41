"""Where things stand on a KTP: pieces of text on a picture, brought upright, and what stands beside which label."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

LABELS = {
    "nik": ("NIK",),
    "name": ("NAMA",),
    "birth": ("TEMPATTGLLAHIR", "TEMPATTGILAHIR", "TEMPATTANGGALLAHIR"),
    "sex": ("JENISKELAMIN",),
    "address": ("ALAMAT",),
    "ward": ("RTRW",),
    "village": ("KELDESA",),
    "district": ("KECAMATAN",),
    "faith": ("AGAMA",),
    "standing": ("STATUSPERKAWINAN",),
    "job": ("PEKERJAAN",),
    "nation": ("KEWARGANEGARAAN",),
    "until": ("BERLAKUHINGGA",),
}
"""What stands before each value, without spaces and signs, in the spellings that pictures make of it."""

GAPS = {"name": ("nik", "birth"), "birth": ("name", "sex"), "sex": ("birth", "address")}
"""Between which labels a value stands whose own label could not be read."""
ALIKE = 76
"""Per cent that a text must share with a label."""
BESIDE = 0.6
"""Heights of a line that two pieces may be apart and still stand on one."""
LONG = 4.0
"""Heights that a piece must be wide for its slope to be known."""

_LETTERS = re.compile(r"[^A-Z]")
_OPENING = re.compile(r"^[\s:;.,=·•'\"-]+")


class Box(NamedTuple):
    """A piece of text as a reader of pictures finds it: four corners in pixels, one after the other, and how sure it
    is, from 0 to 1."""

    text: str
    corners: tuple[tuple[float, float], ...]
    score: float


class Piece(NamedTuple):
    """A box brought upright: where it begins and ends, how high its middle is there, how high the letters are."""

    text: str
    score: float
    left: float
    right: float
    start: float
    end: float
    height: float

    @property
    def slope(self) -> float:
        """How much it still falls from left to right; of a short piece that cannot be told."""
        wide = self.right - self.left
        return (self.end - self.start) / wide if wide > LONG * self.height else 0.0


class Found(NamedTuple):
    """The text beside a label, and the lowest score of its pieces."""

    text: str
    score: float


NOTHING = Found("", 0.0)


def upright(boxes: Sequence[Box]) -> tuple[Piece, ...]:
    """Turn all boxes by the angle that the text has, so that lines run from left to right. Which way up the card is,
    the order of its labels tells, so that no picture need be turned for it."""
    angle = _angle(boxes)
    pieces = tuple(_turned(box, angle) for box in boxes)
    return pieces if _falls(pieces) >= 0 else tuple(_turned(box, angle + math.pi) for box in boxes)


def lie(boxes: Iterable[Box]) -> bool:
    """Tell whether the lines rather lie than stand."""
    return abs(_angle(boxes)) <= math.pi / 4


def _angle(boxes: Iterable[Box]) -> float:
    """The angle of the lines, from -90 to 90 degrees in radians: the mean of all long sides, which have no beginning
    and no end, so that their angles are doubled for the sum."""
    across = down = 0.0
    for box in boxes:
        (x0, y0), (x1, y1), (x2, y2), _ = box.corners
        sides = sorted(((x1 - x0, y1 - y0), (x2 - x1, y2 - y1)), key=lambda side: math.hypot(*side))
        weight = math.hypot(*sides[1]) - math.hypot(*sides[0])
        doubled = 2 * math.atan2(sides[1][1], sides[1][0])
        across, down = across + weight * math.cos(doubled), down + weight * math.sin(doubled)
    return math.atan2(down, across) / 2


def _turned(box: Box, angle: float) -> Piece:
    cos, sin = math.cos(-angle), math.sin(-angle)
    corners = sorted((x * cos - y * sin, x * sin + y * cos) for x, y in box.corners)
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    height = (abs(y1 - y0) + abs(y3 - y2)) / 2
    return Piece(box.text, box.score, (x0 + x1) / 2, (x2 + x3) / 2, (y0 + y1) / 2, (y2 + y3) / 2, height)


def _falls(pieces: Iterable[Piece]) -> float:
    """Whether the labels that come first stand above the others: negative where the card is upside down."""
    order = tuple(LABELS)
    placed = [(order.index(mark[0]), piece.start) for piece in pieces if (mark := _label(piece.text))]
    rank, height = (sum(values) / max(1, len(placed)) for values in zip(*placed, strict=True)) if placed else (0.0, 0.0)
    return sum((number - rank) * (at - height) for number, at in placed)


def labelled(pieces: Sequence[Piece]) -> dict[str, Found]:
    """The text beside each label that was found, by the label's name."""
    found: dict[str, Found] = {}
    marks = {piece: mark for piece in pieces if (mark := _label(piece.text))}
    places = {name: piece for piece, (name, _) in marks.items()}
    for piece, (name, rest) in marks.items():
        texts = [piece._replace(text=rest)] if rest else []
        texts += (other for other in _right_of(piece, pieces) if other not in marks)
        value = _joined(texts)
        if len(value.text) > len(found.get(name, NOTHING).text) or name not in found:
            found[name] = value
    for name, (above, below) in GAPS.items():
        if name not in found and above in places and below in places:
            found[name] = _between(places[above], places[below], pieces)
    return found


def _between(above: Piece, below: Piece, pieces: Iterable[Piece]) -> Found:
    """The text in the line between two labels; it stands beside no label of its own, so its score is none."""
    room = BESIDE * above.height
    line = [p for p in pieces if p.left > above.right and above.start + room < p.start < below.start - room]
    return _joined(sorted(line, key=lambda piece: piece.left))._replace(score=0.0)


def _label(text: str) -> tuple[str, str] | None:
    """The label a text begins with, and what follows it in the same piece."""
    head, colon, rest = text.partition(":")
    letters = _LETTERS.sub("", head.upper())
    for name, spellings in LABELS.items():
        if any(_is(letters, spelling) for spelling in spellings):
            return name, _OPENING.sub("", rest) if colon else ""
    return None


def _is(letters: str, spelling: str) -> bool:
    if len(spelling) < 5:
        return letters == spelling
    return abs(len(letters) - len(spelling)) < 4 and fuzz.ratio(letters, spelling) >= ALIKE


def _right_of(label: Piece, pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces that go on in the line of a label, from left to right."""
    beside = [piece for piece in pieces if piece.left > label.left + label.height and _in_line(label, piece)]
    return sorted(beside, key=lambda piece: piece.left)


def _in_line(left: Piece, right: Piece) -> bool:
    slope = right.slope or left.slope
    expected = right.start - slope * (right.left - left.right)
    return abs(expected - left.end) < BESIDE * min(left.height, right.height)


def _joined(pieces: Sequence[Piece]) -> Found:
    if not pieces:
        return NOTHING
    text = " ".join(piece.text for piece in pieces)
    return Found(_OPENING.sub("", text).strip(), min(piece.score for piece in pieces))
