"""The form that somebody without a phone signs: the very words of the consent, and lines to fill in by hand."""

from __future__ import annotations

import io
from collections.abc import Mapping

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from bot.channels.web import Say
from bot.field.manual import BODY, HEAD, TITLE
from bot.field.papers import DEEP, INK, PLAIN, SOFT, register_fonts

SMALL = ParagraphStyle("small", fontName=PLAIN, fontSize=9, leading=12, textColor=SOFT)
LINES = ("code", "name", "nik", "birth", "phone")
"""What is written by hand."""
ROW, SIGN = 10 * mm, 26 * mm


def form(say: Say, known: Mapping[str, object], *, demo: bool) -> bytes:
    """Return the form as a PDF; `known` are the values that the words of the consent name."""
    register_fonts()
    out = io.BytesIO()
    page = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=14 * mm,
        bottomMargin=12 * mm,
        title=say("paper_form.title"),
        author=say("web.title"),
        invariant=1,
    )
    page.build([*_head(say, demo=demo), *_agreed(say, known), *_signed(say), *_kept(say, known)])
    return out.getvalue()


def _head(say: Say, *, demo: bool) -> list[Flowable]:
    simulation = [Paragraph(say("poster.simulation"), TITLE)] if demo else []
    return [*simulation, Paragraph(say("paper_form.title"), HEAD), Paragraph(say("paper_form.read"), BODY)]


def _agreed(say: Say, known: Mapping[str, object]) -> list[Flowable]:
    told = say("consent.ask", **known).splitlines()
    return [Spacer(1, 3 * mm), *(Paragraph(line, BODY) for line in told), Paragraph(say("paper_form.agree"), TITLE)]


def _signed(say: Say) -> list[Flowable]:
    rows: list[list[Flowable | str]] = [[Paragraph(say(f"paper_form.{name}"), BODY), ""] for name in LINES]
    rows.append([Paragraph(say("paper_form.sees"), BODY), Paragraph(say("paper_form.sees.boxes"), BODY)])
    rows.append([Paragraph(say("paper_form.sign"), BODY), ""])
    table = Table(
        rows,
        colWidths=(72 * mm, 102 * mm),
        rowHeights=[ROW] * len(LINES) + [14 * mm, SIGN],
    )
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.6, INK), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]))
    return [Spacer(1, 3 * mm), table]


def _kept(say: Say, known: Mapping[str, object]) -> list[Flowable]:
    """What the person tears off and keeps."""
    cut = Table([[""]], colWidths=(174 * mm,), rowHeights=(4 * mm,))
    cut.setStyle(TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.8, DEEP, None, (3, 3))]))
    lines = say("paper_form.keep", **known).splitlines()
    return [cut, Spacer(1, 2 * mm), Paragraph(say("paper_form.yours"), TITLE), *(Paragraph(x, SMALL) for x in lines)]
