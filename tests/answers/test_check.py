"""What the check of the approved answers accepts and refuses."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from bot.ask import load_entries
from conversations.answers.check import check
from conversations.answers.entry import TOPICS, Entry

TODAY = dt.date(2026, 11, 21)

GOOD = Entry(
    id="payment-where",
    topic="payment",
    label="Tempat bayar",
    questions="bayar dimana\ncara bayar\nmau bayar",
    answer="Tanya {call}, Kak.",
    facts=("contact.call",),
)


@pytest.mark.parametrize("today", [TODAY, dt.date(2027, 1, 1), dt.date(2027, 4, 1)])
def test_every_approved_answer_passes(today: dt.date) -> None:
    """No answer has a fault today, after the first discount has ended, and after the last has."""
    assert check(load_entries(), today) == []


def test_every_topic_has_answers() -> None:
    """Each topic of the door `ask` has some answers of its own."""
    assert {entry.topic for entry in load_entries()} == set(TOPICS)


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (replace(GOOD, answer="Tanya {nobody}."), "unknown placeholder {nobody}"),
        (replace(GOOD, answer="Untuk Kakak {my_pair}, perkiraan."), "{my_pair} has no value"),
        (replace(GOOD, answer="Bayar Rp 16800 saja."), "'Rp 1' is typed"),
        (replace(GOOD, answer="Bayar 16.800 saja."), "'16.800' is typed"),
        (replace(GOOD, answer="Potongan 50%."), "'%' is typed"),
        (replace(GOOD, answer="Setelah 3 bulan."), "'3 bulan' is typed"),
        (replace(GOOD, answer="Sampai Maret 2027."), "'Maret 2027' is typed"),
        (replace(GOOD, facts=()), "no source"),
        (replace(GOOD, facts=("made.up",)), "unknown fact 'made.up'"),
        (replace(GOOD, facts=("payment.fine",)), "tells plainly"),
        (replace(GOOD, answer="Menurut kami {call}.", also=("Tanggal {due_day}.",)), "tells an amount plainly"),
        (replace(GOOD, valid_until=dt.date(2026, 11, 20)), "was valid until 2026-11-20"),
        (replace(GOOD, operator=True), "left to an operator"),
        (replace(GOOD, topic="weather"), "unknown topic"),
        (replace(GOOD, label="x" * 25), "a label has 1 to 24"),
        (replace(GOOD, questions="satu\ndua"), "fewer than 3 phrasings"),
    ],
)
def test_a_fault_is_named_with_file_and_entry(entry: Entry, fault: str) -> None:
    """Each kind of fault is one line that begins with the file and the entry."""
    (line,) = check([entry], TODAY)
    assert line.startswith(f"{entry.topic}.toml: payment-where: ")
    assert fault in line


def test_an_id_is_used_once() -> None:
    """Two entries with one id are a fault, because a button could mean either."""
    assert check([GOOD, GOOD], TODAY) == ["payment-where: 2 entries have this id"]


def test_no_phrasing_belongs_to_two_answers() -> None:
    """What people ask leads to one answer only."""
    phrasings = [phrasing for entry in load_entries() for phrasing in entry.phrasings]
    assert len(phrasings) == len(set(phrasings))
