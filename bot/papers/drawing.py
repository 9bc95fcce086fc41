"""Drawing one sheet as a PNG, and the same as a PDF. Pure work of the processor: run it in a thread."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from typing import NamedTuple

import segno
from PIL import Image, ImageDraw, ImageFont

WIDTH = 900
MARGIN = 48
PAPER, INK, FAINT, STAMP = "#ffffff", "#17211f", "#5b6a66", (190, 40, 40, 70)
TITLE, TEXT, SMALL = 44, 30, 24
"""Sizes of letters in pixels."""
GAP = 18
LEADING = 1.35
QR_SIDE = 260
"""Pixels that a code takes at least; a dot of it is a whole number of them, and never so small that phones miss it."""
LEAST_DOT = 4
COLOURS = 48
"""Enough for letters and a stamp, and a fifth of the bytes: pictures go to phones on slow networks."""
AS_DRAWN = str.maketrans({"•": "*"})
"""Signs that the letters at hand lack."""
DPI = 150.0
"""Dots an inch of the PDF: a sheet is then as wide as a postcard."""


class Words(NamedTuple):
    """What is written on a sheet; `qr` is what its code holds and `stamp` stands across it, "" for none."""

    title: str
    lines: tuple[str, ...]
    small: tuple[str, ...]
    qr: str = ""
    stamp: str = ""


class Drawn(NamedTuple):
    """One sheet in both forms."""

    png: bytes
    pdf: bytes


class Block(NamedTuple):
    """A row of words at its place from the top."""

    top: float
    text: str
    size: int
    colour: str


def draw(words: Words) -> Drawn:
    """Draw a sheet; it is as high as its words need."""
    blocks, bottom = laid_out(words)
    scanned = code(words.qr) if words.qr else None
    height = int(bottom + (scanned.height + GAP if scanned else 0) + MARGIN)
    image = Image.new("RGB", (WIDTH, height), PAPER)
    pen = ImageDraw.Draw(image)
    for block in blocks:
        pen.text((MARGIN, block.top), block.text, fill=block.colour, font=ImageFont.load_default(block.size))
    if scanned:
        image.paste(scanned, (MARGIN, int(bottom)))
    if words.stamp:
        image = stamped(image, words.stamp)
    return Drawn(saved(image.quantize(COLOURS), "PNG"), saved(image, "PDF"))


def laid_out(words: Words) -> tuple[list[Block], float]:
    """Give every row its place, and where the rows end."""
    parts = [
        (words.title, TITLE, INK),
        *((line, TEXT, INK) for line in words.lines),
        *((line, SMALL, FAINT) for line in words.small),
    ]
    blocks, top = [], float(MARGIN)
    for text, size, colour in parts:
        for row in wrapped(text, size):
            blocks.append(Block(top, row, size, colour))
            top += size * LEADING
        top += GAP
    return blocks, top


def wrapped(text: str, size: int, most: int = WIDTH - 2 * MARGIN) -> Iterable[str]:
    """Break a text into rows of at most so many pixels; a single word is never broken."""
    font = ImageFont.load_default(size)
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
    return Image.open(drawn).convert("RGB")


def stamped(image: Image.Image, stamp: str) -> Image.Image:
    """Write a word large across the sheet, so that no part of it passes for the real thing."""
    layer = Image.new("RGBA", (WIDTH, WIDTH), (0, 0, 0, 0))
    font = ImageFont.load_default(WIDTH // 6)
    ImageDraw.Draw(layer).text((WIDTH / 2, WIDTH / 2), stamp, fill=STAMP, font=font, anchor="mm")
    turned = layer.rotate(30, resample=Image.Resampling.BICUBIC)
    image = image.convert("RGBA")
    image.alpha_composite(turned.crop((0, 0, WIDTH, min(WIDTH, image.height))))
    return image.convert("RGB")


def saved(image: Image.Image, kind: str) -> bytes:
    """Give an image as bytes of a file."""
    written = io.BytesIO()
    image.save(written, kind, **({"resolution": DPI} if kind == "PDF" else {"optimize": True}))
    return written.getvalue()
