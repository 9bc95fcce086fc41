"""What shows distress, an insult or impatience, and what merely speaks of such things."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.reading.feeling import read_feeling

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "feeling"),
    [
        ("suami saya baru meninggal", "bereaved"),
        ("bapakku wafat tadi pagi", "bereaved"),
        ("anak saya meninggal kemarin, gimana ngurusnya?", "bereaved"),
        ("bojo kulo sedo", "bereaved"),
        ("saya kecelakaan", "hurt"),
        ("barusan jatuh dari motor pas narik", "hurt"),
        ("istri saya tadi ketabrak mobil", "hurt"),
        ("dasar bot goblok", "insult"),
        ("anjing lu", "insult"),
        ("goblog", "insult"),
        ("lama banget sih", "impatience"),
        ("ribet amat pertanyaannya", "impatience"),
        ("cepetan dong", "impatience"),
    ],
)
def test_a_feeling_is_recognised(text: str, feeling: str) -> None:
    """Grief and injury among one's own people, insults and impatience are named."""
    assert read_feeling(text, TODAY).value == feeling


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kalau suami saya meninggal dapat apa?",
        "saya kecelakaan dapat apa?",
        "klo saya jatuh dari motor gimana",
        "ada satu relawan yang meninggal dunia",
        "ayah saya meninggal tahun 2010",
        "suami saya dulu kecelakaan",
        "saya jatuh cinta",
        "saya jatuh bangun usaha sendiri",
        "saya lagi patah hati",
        "prosesnya lama ga",
        "anjir ganteng banget",
        "jualan daging babi",
        "ternak anjing",
        "penjual susu",
        "tukang gali makam",
        "cepat lambat tergantung orderan sama cuaca di jalan",
        "budi santoso",
        "lanjut",
    ],
)
def test_talk_about_it_is_no_feeling(text: str) -> None:
    """What might happen, was long ago, happened to strangers, or is a trade, is no distress and no insult."""
    assert read_feeling(text, TODAY).value is None


@given(text=st.text(max_size=400))
def test_any_text_is_a_known_feeling_or_none(text: str) -> None:
    """Whatever is typed, one of the four is named, or none."""
    assert read_feeling(text, TODAY).value in {None, "bereaved", "hurt", "insult", "impatience"}
