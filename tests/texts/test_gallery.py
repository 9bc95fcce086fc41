"""The gallery: every step of every flow, in every language, on each channel."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from bot import wording
from bot.cli import cli
from bot.texts import gallery
from bot.texts.gallery import language, rendered
from bot.texts.screens import screens, shown
from bot.wording import load_speech
from conversations.messages import Message, Shown

CHANNELS = ["telegram", "whatsapp", "web", "terminal"]


def test_every_step_is_on_the_page_in_every_language(tmp_path: Path) -> None:
    """One command writes one page with every step of every flow in four languages; drafts are marked as such."""
    written = CliRunner().invoke(cli, ["gallery", "--out", str(tmp_path / "new")])
    assert written.exit_code == 0
    page = Path(written.output.strip()).read_text(encoding="utf-8")
    steps = {(flow.name, step.name) for flow, step, _ in wording.prompts()}
    shown_once = {(screen.flow, screen.step) for screen in screens(load_speech())}
    assert shown_once == steps
    assert page.count("<article>") >= 4 * len(steps)
    assert page.count('class="draft"') == 4
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """The command names the option that mends it."""
    (tmp_path / "file").touch()
    refused = CliRunner().invoke(cli, ["gallery", "--out", str(tmp_path / "file")])
    assert refused.exit_code == 2
    assert "--out" in refused.output


def test_a_screen_is_shaped_by_each_channel() -> None:
    """Long labels or many become a list on WhatsApp, keys in Telegram, chips in the web, numbers in the terminal."""
    buttons = tuple(Shown(f"Pilihan yang agak panjang {n}"[:24], f"1:x:{n}") for n in range(2))
    found = list(shown(Message("Yang mana?", buttons, "enrolment", "whom"), load_speech()))
    assert [shape.channel for shape in found] == CHANNELS
    assert [shape.look for shape in found] == ["keys", "rows", "chips", "lines"]
    assert found[1].opens == load_speech().phrases["whatsapp.choose"]
    assert found[3].choices[0].startswith("[1]")


def test_words_that_are_missing_are_seen() -> None:
    """A sentence without words of its own is marked, so that an editor sees what is still Indonesian."""
    one = gallery.Sentence("nik.ask", "data", "Ketik NIK", "")
    page = rendered((language("en")._replace(sentences=(one,), flows=()),))
    assert 'class="none"' in page
    assert "Ketik NIK" in page
