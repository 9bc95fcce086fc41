"""Pictures: what stands on them, and how they are drawn."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageFont

from bot.papers.drawing import MARGIN, WIDTH, Words, draw, wrapped
from bot.wording import load_speech
from conversations import papers
from conversations.messages import Paper, Reply
from conversations.view import View
from tests.chat import KPJ, Chat, to_member, to_review

LINES = ("Nama: Budi Santoso\nNIK: •••• •••• •••• 0001", "Iuran tercatat sampai November 2026.")


def told(chat: Chat, kind: str) -> str:
    """Everything that stands on a picture now, "" for none."""
    sheet = papers.sheet(View(chat.session, chat.facts, chat.now), kind)
    return load_speech().message(Reply((sheet.title, *sheet.lines, *sheet.small)), chat.session).text if sheet else ""


def test_the_proof_shows_what_is_needed_and_masks_the_nik() -> None:
    """Name, masked NIK, number, programmes, months and the way to the official card stand on it; no more of the NIK."""
    said = told(to_member(), "card")
    for part in ("Budi Santoso", "•••• 0001", KPJ, "JKK, JKM", "November 2026", "bukan kartu resmi", "JMO"):
        assert part in said
    assert "3273" not in said


def test_the_word_for_the_card_brings_words_and_picture() -> None:
    """Saying "kartu" tells the proof in words, with the picture beside them."""
    chat = to_member()
    (said,) = chat.say("kartu")
    assert said.paper == Paper("card", 1)
    assert KPJ in said.text
    assert said.text.startswith("⚠️ SIMULASI")


def test_who_is_not_enrolled_has_no_proof() -> None:
    """A draft gets no picture, however it is asked for."""
    chat = to_review(Chat())
    (said,) = chat.say("kartu")
    assert said.paper is None
    assert told(chat, "card") == ""


def test_a_code_to_scan_is_shown_only_where_the_backend_sent_one() -> None:
    """The QRIS picture holds what the backend sent; without it there is none."""
    chat = to_member()
    chat.say("bayar", "1")
    chat.happen("billed")
    assert chat.messages[0].paper is None
    assert told(chat, "qris") == ""


def test_a_locked_chat_shows_no_picture() -> None:
    """Until the birth date is told nothing personal is drawn."""
    chat = to_member()
    view = View(chat.session, chat.facts, chat.now)
    assert papers.sheet(view.having(locked=True), "card") is None


class TestDrawing:
    """The picture itself."""

    def test_both_forms_are_what_they_say(self) -> None:
        """A sheet comes as a PNG of the full width and as a PDF."""
        drawn = draw(Words("Judul", LINES, ("Kecil",), "https://example/sah/x", "SIMULASI"))
        image = Image.open(io.BytesIO(drawn.png))
        assert image.format == "PNG"
        assert image.width == WIDTH
        assert drawn.pdf().startswith(b"%PDF")

    def test_the_stamp_stands_across_the_sheet(self) -> None:
        """In demo mode the stamp changes the picture from one side to the other."""
        plain, stamped = (draw(Words("Judul", LINES * 4, (), stamp=stamp)).png for stamp in ("", "SIMULASI"))
        one, other = (Image.open(io.BytesIO(png)).convert("RGB") for png in (plain, stamped))
        changed = ImageChops.difference(one, other).getbbox()
        assert changed is not None
        assert changed[2] - changed[0] > WIDTH / 2

    def test_it_is_light(self) -> None:
        """A full sheet is small enough for a slow network."""
        drawn = draw(Words("Judul", LINES * 4, ("Kecil " * 40,), "https://example/sah/" + "x" * 120, "SIMULASI"))
        assert len(drawn.png) < 60_000
        assert len(drawn.pdf()) < 200_000

    @settings(max_examples=40)
    @given(st.text(st.characters(codec="latin-1", categories=["L", "N", "P", "Zs"]), max_size=200), st.integers(20, 44))
    def test_rows_fit_and_lose_no_word(self, text: str, size: int) -> None:
        """Rows hold every word in order, and none is wider than the sheet unless it is one long word."""
        rows = list(wrapped(text, size))
        assert " ".join(rows).split() == text.split()
        font = ImageFont.load_default(size)
        assert all(font.getlength(row) <= WIDTH - 2 * MARGIN or len(row.split()) == 1 for row in rows)


@pytest.mark.parametrize("kind", papers.SHEETS)
def test_every_kind_can_be_worded(kind: str) -> None:
    """Every kind of picture has words for a member, where there is something to show."""
    chat = to_member()
    assert told(chat, kind) or kind == "qris"
