"""Drawing one sheet as a PNG, and the same as a PDF. Pure work of the processor: run it in a thread."""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import segno
from PIL import Image, ImageChops, ImageDraw, ImageFont

WIDTH = 900
MARGIN = 48
PAPER, INK, STAMP = (255, 255, 255), (23, 33, 31), (190, 40, 40)
BLACK, FAINT, WHITE = 0, 76, 255
"""How light letters and paper are drawn, from the colour of ink to that of paper."""
SHADES, DEPTHS = 16, 4
"""A dot of a sheet is one of so many shades of ink under one of so many depths of the stamp: a fifth of the work of
colours, and few bytes; pictures go to phones on slow networks."""
STRONGEST = 0.28
"""How much of its colour the stamp has at its deepest."""
TITLE, TEXT, SMALL = 44, 30, 24
"""Sizes of letters in pixels."""
GAP = 18
LEADING = 1.35
QR_SIDE = 260
"""Pixels that a code takes at least; a dot of it is a whole number of them, and never so small that phones miss it."""
LEAST_DOT = 4
AS_DRAWN = str.maketrans({"•": "*"})
"""Signs that the letters at hand lack."""
DPI = 150.0
"""Dots an inch of the PDF: a sheet is then as wide as a postcard."""


Colour = tuple[int, int, int]


class Words(NamedTuple):
    """What is written on a sheet; `qr` is what its code holds and `stamp` stands across it, "" for none."""

    title: str
    lines: tuple[str, ...]
    small: tuple[str, ...]
    qr: str = ""
    stamp: str = ""


class Drawn:
    """One sheet in both forms; the second is made when somebody asks for it, which few do."""

    def __init__(self, sheet: Image.Image) -> None:
        self._sheet = sheet
        self.png = saved(sheet, "PNG")

    def pdf(self) -> bytes:
        """Give the sheet as a document of one page."""
        return saved(self._sheet.convert("RGB"), "PDF")


class Block(NamedTuple):
    """A row of words at its place from the top."""

    top: float
    text: str
    size: int
    shade: int


def draw(words: Words) -> Drawn:
    """Draw a sheet; it is as high as its words need."""
    blocks, bottom = laid_out(words)
    scanned = code(words.qr) if words.qr else None
    height = int(bottom + (scanned.height + GAP if scanned else 0) + MARGIN)
    image = Image.new("L", (WIDTH, height), WHITE)
    pen = ImageDraw.Draw(image)
    for block in blocks:
        pen.text((MARGIN, block.top), block.text, fill=block.shade, font=letters(block.size))
    if scanned:
        image.paste(scanned, (MARGIN, int(bottom)))
    return Drawn(coloured(image, words.stamp))


def laid_out(words: Words) -> tuple[list[Block], float]:
    """Give every row its place, and where the rows end."""
    parts = [
        (words.title, TITLE, BLACK),
        *((line, TEXT, BLACK) for line in words.lines),
        *((line, SMALL, FAINT) for line in words.small),
    ]
    blocks, top = [], float(MARGIN)
    for text, size, shade in parts:
        for row in wrapped(text, size):
            blocks.append(Block(top, row, size, shade))
            top += size * LEADING
        top += GAP
    return blocks, top


def wrapped(text: str, size: int, most: int = WIDTH - 2 * MARGIN) -> Iterable[str]:
    """Break a text into rows of at most so many pixels; a single word is never broken."""
    font = letters(size)
    for paragraph in text.translate(AS_DRAWN).splitlines():
        row = ""
        for word in paragraph.split():
            longer = f"{row} {word}".strip()
            if row and font.getlength(longer) > most:
                yield row
                longer = word
            row = longer
        yield row


def code(holds: str) -> Image.Image:
    """Draw a QR code."""
    made, drawn = segno.make(holds, error="m", micro=False), io.BytesIO()
    dots, _ = made.symbol_size(border=2)
    made.save(drawn, kind="png", scale=max(LEAST_DOT, math.ceil(QR_SIDE / dots)), border=2)
    return Image.open(drawn).convert("L")


@cache
def letters(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Load the letters of one size; reading them again for every row costs more than writing it."""
    return ImageFont.load_default(size)


def coloured(image: Image.Image, stamp: str) -> Image.Image:
    """Give a drawing the colours of ink and paper, and write a word large across it, so that no part of it passes for
    the real thing; "" for none."""
    sheet = image.point(SHADE_OF)
    if stamp:
        over = Image.new("L", image.size, 0)
        over.paste(across(stamp).crop((0, 0, WIDTH, min(WIDTH, image.height))))
        sheet = ImageChops.add(sheet, over)
    sheet.putpalette(PALETTE)
    return sheet


@cache
def across(stamp: str) -> Image.Image:
    """Draw the word of a stamp aslant, as depths; turning it is the dearest part of a sheet, and all have the same."""
    layer = Image.new("L", (WIDTH, WIDTH), 0)
    middle = (WIDTH / 2, WIDTH / 2)
    ImageDraw.Draw(layer).text(middle, stamp, fill=WHITE, font=letters(WIDTH // 6), anchor="mm")
    return layer.rotate(30, resample=Image.Resampling.BICUBIC).point(DEPTH_OF)


def _between(first: Colour, second: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(first, second, strict=True))
    return red, green, blue


SHADE_OF = [light * SHADES // 256 for light in range(256)]
DEPTH_OF = [light * DEPTHS // 256 * SHADES for light in range(256)]
PALETTE = [
    part
    for depth, shade in itertools.product(range(DEPTHS), range(SHADES))
    for part in _between(_between(INK, PAPER, shade / (SHADES - 1)), STAMP, STRONGEST * depth / (DEPTHS - 1))
]
"""The colour of each dot: of its depth times `SHADES` and its shade."""


def saved(image: Image.Image, kind: str) -> bytes:
    """Give an image as bytes of a file."""
    written = io.BytesIO()
    image.save(written, kind, **({"resolution": DPI} if kind == "PDF" else {}))
    return written.getvalue()
