"""The commands for who runs the desk."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from tests.databases import Sqlite


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite: Sqlite) -> None:
    """A migrated database of this test's own."""
    monkeypatch.setenv("JAMIN_HOME", str(tmp_path))
    monkeypatch.setenv("JAMIN_DATABASE_URL", sqlite.fresh())


def run(*words: str) -> Result:
    """Run a command."""
    return CliRunner().invoke(cli, words)


def listed() -> list[dict[str, object]]:
    """Return what `operators list` prints."""
    return [msgspec.json.decode(line) for line in run("operators", "list").stdout.splitlines()]


def test_an_account_from_beginning_to_end() -> None:
    """An operator is added, changed, disabled and let in again; passwords are printed alone, nothing else is."""
    added = run("operators", "add", "Sari", "--role", "supervisor")
    assert (added.exit_code, len(added.stdout.strip())) == (0, 19)
    assert listed() == [
        {
            "name": "sari",
            "role": "supervisor",
            "capacity": 8,
            "disabled": False,
            "must_change_password": True,
            "second_factor": False,
        }
    ]
    renewed = run("operators", "password", "sari")
    assert renewed.stdout != added.stdout
    for words, field, value in (
        (("role", "sari", "auditor"), "role", "auditor"),
        (("disable", "sari"), "disabled", True),
        (("enable", "sari"), "disabled", False),
        (("totp-reset", "sari"), "second_factor", False),
    ):
        assert (run("operators", *words).stdout, listed()[0][field]) == ("", value)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "sari", "--role", "editor"), "already"),
        (("add", "budi", "--role", "boss"), "operator, supervisor, editor"),
        (("add", "(command)", "--role", "editor"), "begins with a letter"),
        (("role", "sari", "boss"), "operator, supervisor, editor"),
        (("role", "sari", "editor"), "only administrator"),
        (("disable", "sari"), "only administrator"),
        (("password", "tuti"), "no operator"),
    ],
)
def test_what_cannot_be_is_refused(words: tuple[str, ...], told: str) -> None:
    """Refused arguments end with 2 and a word on stderr about what to do, and change nothing."""
    run("operators", "add", "sari", "--role", "administrator")
    before = listed()
    refused = run("operators", *words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert told in refused.stderr
    assert listed() == before


def test_the_trail_is_checked_by_command() -> None:
    """A whole trail ends with 0 and prints a row to write down; one that lacks that row ends with 1 and names it."""
    run("operators", "add", "sari", "--role", "administrator")
    whole = run("audit", "verify")
    printed = msgspec.json.decode(whole.stdout)
    assert (whole.exit_code, printed["rows"], printed["broken"]) == (0, 1, None)
    run("operators", "add", "budi", "--role", "operator")
    assert run("audit", "verify", "--known", printed["known"]).exit_code == 0
    cut = run("audit", "verify", "--known", f"9:{'00' * 32}")
    assert (cut.exit_code, msgspec.json.decode(cut.stdout)["broken"]) == (1, 9)
    assert run("audit", "verify", "--known", "sembilan").exit_code == 2
