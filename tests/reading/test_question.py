"""Telling questions from answers."""

import pytest

from conversations.reading import is_question


@pytest.mark.parametrize(
    "text",
    [
        "kalo jatoh dari motor dapet apa",
        "emang bayarnya berapa",
        "bisa ga",
        "petani bisa ikut gak kak",
        "ini penipuan bukan",
        "piye carane",
        "naon ieu",
        "cara klaim",
        "saya mau tanya",
        "siapa",
        "boleh?",
        "lupa bayar masih aktif ga",
    ],
)
def test_questions_are_seen_without_a_question_mark(text: str) -> None:
    """Question words, "kalo …" and a closing "ga" make a question, in regional words too."""
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "Siti Aminah",
        "jualan apa aja",
        "gak apa apa",
        "1,5jt sebulan",
        "tukang ojek",
        "tidak",
        "saya tidak",
        "3 maret 85",
        "iya",
        "belum",
        "bisa dihubungi no 081200000123",
        "Bandung",
        "",
        "sepertinya tidak",
    ],
)
def test_answers_are_no_questions(text: str) -> None:
    """Names, jobs, amounts, dates, places and a bare no are answers."""
    assert not is_question(text)
