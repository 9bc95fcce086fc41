"""Plans to leave, told and not asked about."""

from __future__ import annotations

import datetime as dt

import pytest

from conversations.reading.leaving import read_leaving

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("mau cairkan JHT", "jht"),
        ("saya pengen ambil saldo jht", "jht"),
        ("cairkan jht", "jht"),
        ("tolong bantu klaim jht saya", "jht"),
        ("mw nyairin jht dong", "jht"),
        ("kontrak saya habis", "contract"),
        ("kontrak kerja sudah selesai bulan ini", "contract"),
        ("habis kontrak kak", "contract"),
        ("kena PHK", "contract"),
        ("saya baru resign", "contract"),
        ("aku sudah berhenti kerja", "contract"),
    ],
)
def test_a_plan_is_read(text: str, plan: str) -> None:
    """Taking out the JHT and a contract that is over are read in the words people use."""
    assert read_leaving(text, TODAY).value == plan


@pytest.mark.parametrize(
    "text",
    [
        "gimana cara cairkan jht?",
        "jht saya belum cair",
        "kapan jht bisa diambil",
        "kontrakan saya di Depok",
        "saya ambil penumpang di stasiun",
        "narik ojol",
        "mau ikut jht",
        "saya pernah kerja kontrak, lalu jualan, lalu narik ojol, sekarang kontrak saya habis dan mau ikut",
        "",
    ],
)
def test_questions_stories_and_other_words_are_no_plan(text: str) -> None:
    """What is asked, what is a story and what merely sounds alike is left to others."""
    assert read_leaving(text, TODAY).value is None
