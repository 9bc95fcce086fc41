"""What an agent prints: a poster, a leaflet, a card, and the QR code they all carry.

Prices come from the dated tables with the month until which they hold; in demo mode every paper says SIMULASI.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import NamedTuple

import reportlab
import segno
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4, A6
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from bot.channels.web import Say
from conversations.turn import Referral

PLAIN, BOLD = "Vera", "VeraBd"
DEEP, INK, SOFT, SUN = HexColor("#0c5a4f"), HexColor("#14241f"), HexColor("#50635c"), HexColor("#ffc766")
DEMO = Color(0.64, 0.15, 0.11, alpha=0.22)
CARD = (85.6 * mm, 54 * mm)
"""A business card, as wide as a KTP."""


class Content(NamedTuple):
    """What is printed: `say` the catalogue, `referral` the agent, `link` their address, `price` and `until` the lowest
    price in words and the month it holds to, `call` where to check."""

    say: Say
    referral: Referral
    link: str
    price: str
    until: str
    call: str
    demo: bool


def qr_png(content: Content) -> bytes:
    """Return the QR code of an agent's link as a PNG."""
    return qr_of(content.link)


def qr_of(link: str) -> bytes:
    """Return the QR code of a link as a PNG."""
    out = io.BytesIO()
    segno.make(link, error="m").save(out, kind="png", scale=12, border=4)
    return out.getvalue()


def poster(content: Content) -> bytes:
    """Return the A4 poster as a PDF."""
    return _paper(content, A4)


def leaflet(content: Content) -> bytes:
    """Return the A6 leaflet as a PDF: the poster, smaller."""
    return _paper(content, A6)


def card(content: Content) -> bytes:
    """Return the business card as a PDF."""
    out = io.BytesIO()
    canvas = _canvas(out, CARD, content)
    width, height = CARD
    _band(canvas, width, height, 12 * mm)
    _text(canvas, content.say("web.title"), 5 * mm, height - 8.5 * mm, BOLD, 15, white)
    room = width - 38 * mm
    top = height - 19 * mm
    top = _block(canvas, content.referral.name, 5 * mm, top, room, BOLD, 11, INK)
    top = _block(canvas, content.referral.organisation, 5 * mm, top - 1 * mm, room, PLAIN, 8, SOFT)
    _block(canvas, content.say("poster.free"), 5 * mm, top - 2 * mm, room, PLAIN, 8, INK)
    _qr(canvas, content.link, width - 31 * mm, 11 * mm, 26 * mm)
    _text(canvas, content.link, 5 * mm, 5 * mm, PLAIN, 7, SOFT)
    return _done(canvas, out)


def _paper(content: Content, size: tuple[float, float]) -> bytes:
    out = io.BytesIO()
    canvas = _canvas(out, size, content)
    # Drawn once, for A4, and scaled: a leaflet is the poster made small.
    canvas.scale(size[0] / A4[0], size[1] / A4[1])
    width, height = A4
    _band(canvas, width, height, 62 * mm)
    _text(canvas, content.say("web.title"), 18 * mm, height - 26 * mm, BOLD, 26, SUN)
    _block(canvas, content.say("poster.head"), 18 * mm, height - 42 * mm, width - 36 * mm, BOLD, 25, white)
    top = height - 82 * mm
    for line in ("poster.jkk", "poster.jkm", "poster.jht"):
        top = _block(canvas, "•  " + content.say(line), 18 * mm, top, width - 36 * mm, PLAIN, 16, INK) - 3 * mm
    top = _block(canvas, content.price, 18 * mm, top - 3 * mm, width - 36 * mm, BOLD, 20, DEEP)
    _block(canvas, content.until, 18 * mm, top - 2 * mm, width - 36 * mm, PLAIN, 12, SOFT)
    _invitation(canvas, content, width)
    return _done(canvas, out)


def _invitation(canvas: Canvas, content: Content, width: float) -> None:
    """Draw the QR code, who invites, and what is never asked."""
    _qr(canvas, content.link, 18 * mm, 42 * mm, 62 * mm)
    left, room = 88 * mm, width - 106 * mm
    top = _block(canvas, content.say("poster.scan"), left, 98 * mm, room, BOLD, 17, INK)
    top = _block(canvas, content.referral.name, left, top - 5 * mm, room, BOLD, 14, DEEP)
    top = _block(canvas, content.referral.organisation, left, top - 1 * mm, room, PLAIN, 12, SOFT)
    _block(canvas, content.link, left, top - 4 * mm, room, PLAIN, 11, SOFT)
    foot = f"{content.say('poster.free')} {content.say('poster.never', call=content.call)}"
    _block(canvas, foot, 18 * mm, 32 * mm, width - 36 * mm, PLAIN, 11, SOFT)


# --- drawing ---------------------------------------------------------------------------------------------------------


def _canvas(out: io.BytesIO, size: tuple[float, float], content: Content) -> Canvas:
    register_fonts()
    canvas = Canvas(out, pagesize=size, invariant=1)
    canvas.setTitle(content.say("poster.title"))
    canvas.setAuthor(content.say("web.title"))
    if content.demo:
        _mark(canvas, size, content.say("poster.simulation"))
    return canvas


@cache
def register_fonts() -> None:
    """Make the fonts known; they are embedded, so that every printer has them."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for font in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(font, folder / f"{font}.ttf"))


def _mark(canvas: Canvas, size: tuple[float, float], word: str) -> None:
    canvas.saveState()
    canvas.translate(size[0] / 2, size[1] / 2)
    canvas.rotate(35)
    canvas.setFillColor(DEMO)
    canvas.setFont(BOLD, size[0] / 6)
    canvas.drawCentredString(0, 0, word)
    canvas.restoreState()


def _band(canvas: Canvas, width: float, height: float, tall: float) -> None:
    canvas.setFillColor(DEEP)
    canvas.rect(0, height - tall, width, tall, stroke=0, fill=1)


def _text(canvas: Canvas, text: str, x: float, y: float, font: str, size: float, color: Color) -> None:
    canvas.setFillColor(color)
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)


def _block(canvas: Canvas, text: str, x: float, y: float, room: float, font: str, size: float, color: Color) -> float:
    """Draw a paragraph from y downwards; return where the next may begin."""
    for line in simpleSplit(text, font, size, room):
        _text(canvas, line, x, y, font, size, color)
        y -= size * 1.3
    return y


def _qr(canvas: Canvas, link: str, x: float, y: float, side: float) -> None:
    matrix = segno.make(link, error="m").matrix
    cell = side / len(matrix)
    canvas.setFillColor(INK)
    for n, row in enumerate(matrix):
        for m, dark in enumerate(row):
            if dark:
                canvas.rect(x + m * cell, y + side - (n + 1) * cell, cell, cell, stroke=0, fill=1)


def _done(canvas: Canvas, out: io.BytesIO) -> bytes:
    canvas.showPage()
    canvas.save()
    return out.getvalue()
