"""The wish to go on elsewhere, and codes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.moving import draw
from conversations.reading.moving import code_in, spelled, wants_to_move


@pytest.mark.parametrize(
    "text",
    ["pindah", "Pindah ke WA dong kak", "mau lanjut di hp lain", "lanjutin di telegram ya", "pindahin ke laptop"],
)
def test_the_wish_is_read(text: str) -> None:
    """A message that asks for another channel or phone, and nothing else, is the wish to move."""
    assert wants_to_move(text)


@pytest.mark.parametrize(
    "text",
    ["", "lanjut", "saya pindah kerja", "wa", "nomor wa saya 0812", "pindah rumah ke bandung", "lanjut daftar", "hp"],
)
def test_talk_is_left_alone(text: str) -> None:
    """A story with such a word in it, and a bare "lanjut", ask for nothing of the kind."""
    assert not wants_to_move(text)


@pytest.mark.parametrize(
    "text", ["KTMR47391", "ktmr 47391", "KTMR-47391 ", "Kode KTMR 47391", "pindah_KTMR47391", "Pindah KTMR47391"]
)
def test_a_code_is_read_however_it_is_typed(text: str) -> None:
    """Gaps, small letters and the word before it do not matter."""
    assert code_in(text) == "KTMR47391"


@pytest.mark.parametrize(
    "text", ["", "KTMR", "AGEN7", "KAMU12345", "0812 3456 7890", "B 1234 XYZ", "KTMR 473911", "٤" * 9]
)
def test_nothing_else_is_a_code(text: str) -> None:
    """Words with vowels, plates, phone numbers and agents' codes are none."""
    assert code_in(text) is None


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    """Whatever is typed, a code has the shape of one."""
    assert isinstance(wants_to_move(text), bool)
    assert (code := code_in(text)) is None or re.fullmatch(r"[A-Z]{4}\d{5}", code)


def test_a_drawn_code_is_read_as_it_is_spelled() -> None:
    """What is shown can be typed, and no two drawings are alike."""
    drawn = [draw() for _ in range(200)]
    assert [code_in(spelled(code)) for code in drawn] == drawn
    assert len(set(drawn)) == 200
