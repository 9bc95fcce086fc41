"""The picture that messengers show with a forwarded link: who invites, to what, and that it is free."""

from __future__ import annotations

import io

import segno
from PIL import Image, ImageDraw

from bot.field.papers import Content
from bot.papers.drawing import letters, saved, wrapped

SIZE = (1200, 630)
"""What messengers show whole."""
MARGIN = 64
DEEP, PALE, SUN, WHITE = "#0c5a4f", "#cfeadb", "#ffc766", "#ffffff"
QR_SCALE = 7
COLOURS = 32


def preview(content: Content) -> bytes:
    """Return the picture as a PNG."""
    image = Image.new("RGB", SIZE, DEEP)
    pen = ImageDraw.Draw(image)
    say = content.say
    top = _written(pen, say("web.title"), 60, 54, SUN)
    top = _written(pen, say("landing.title"), top + 14, 64, WHITE)
    top = _written(pen, invitation(content), top + 22, 40, PALE)
    _written(pen, say("poster.free"), max(top + 22, SIZE[1] - 130), 34, SUN)
    code = _code(content.link)
    image.paste(code, (SIZE[0] - code.width - MARGIN, (SIZE[1] - code.height) // 2))
    if content.demo:
        pen.text((MARGIN, SIZE[1] - 56), say("poster.simulation"), fill=SUN, font=letters(30))
    return saved(image.quantize(COLOURS), "PNG")


def invitation(content: Content) -> str:
    """Say who invites."""
    referral = content.referral
    return content.say(f"landing.from.{referral.kind}", name=referral.name, organisation=referral.organisation)


def _written(pen: ImageDraw.ImageDraw, text: str, top: float, size: int, colour: str) -> float:
    """Write a paragraph beside the code; return where the next may begin."""
    for row in wrapped(text, size, SIZE[0] - 3 * MARGIN - _CODE_SIDE):
        pen.text((MARGIN, top), row, fill=colour, font=letters(size))
        top += size * 1.25
    return top


_CODE_SIDE = 280


def _code(link: str) -> Image.Image:
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="png", scale=QR_SCALE, border=2)
    return Image.open(drawn).convert("RGB")
