"""The agents' manual, two pages to print: the lessons they learned, in the same words."""

from __future__ import annotations

import io
from collections.abc import Mapping

from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

from bot.channels.web import Say
from bot.field.papers import BOLD, DEEP, INK, PLAIN, register_fonts
from conversations.flows.apply import LESSONS

HEAD = ParagraphStyle("head", fontName=BOLD, fontSize=20, leading=26, textColor=DEEP, alignment=TA_LEFT)
TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=12, leading=16, textColor=DEEP, spaceBefore=8)
BODY = ParagraphStyle("body", fontName=PLAIN, fontSize=11, leading=16, textColor=INK)
HOW = ("link", "meeting", "assist", "paper", "results", "help")
"""What an agent does, after what they know."""


def manual(say: Say, known: Mapping[str, object]) -> bytes:
    """Return the manual as a PDF; `known` are the amounts and figures that the lessons name."""
    register_fonts()
    out = io.BytesIO()
    page = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        title=say("manual.title"),
        author=say("web.title"),
        invariant=1,
    )
    page.build([Paragraph(say("manual.title"), HEAD), Spacer(1, 4 * mm), *_lessons(say, known), *_ways(say)])
    return out.getvalue()


def _lessons(say: Say, known: Mapping[str, object]) -> list[Flowable]:
    return [part for n in range(1, LESSONS + 1) for part in _told(say(f"lesson_{n}.ask", **known))]


def _ways(say: Say) -> list[Flowable]:
    head = Paragraph(say("manual.how"), HEAD)
    return [Spacer(1, 6 * mm), head, *(part for way in HOW for part in _told(say(f"manual.{way}")))]


def _told(text: str) -> list[Flowable]:
    """Make a title of the first line and a paragraph of the rest."""
    title, _, body = text.partition("\n")
    return [Paragraph(title, TITLE), Paragraph(body, BODY)]
