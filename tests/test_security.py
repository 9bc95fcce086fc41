"""The threat model tells the truth about its tests."""

from __future__ import annotations

import re
from pathlib import Path

SECURITY = (Path(__file__).parent.parent / "docs" / "security.md").read_text()
ATTACKERS = (
    *("NIK harvesters", "fake agents", "curious staff", "a stolen laptop", "forged webhooks", "flooding"),
    *("prompt-like trickery", "link guessing", "export leaks"),
)
NAMED = re.compile(r"`tests/[\w/]+\.py` `[\w.]+`")


def rows() -> list[list[str]]:
    """The rows of the tables that name attacks."""
    told = SECURITY.partition("## What time windows")[0]
    lines = [line.strip("| ").split(" | ") for line in told.splitlines() if line.startswith("| ")]
    return [cells for cells in lines if cells[0] not in ("who", "attack", "---")]


def test_every_attack_names_the_test_that_refuses_it() -> None:
    """Each row ends with a test; that it is there the house's tests see."""
    assert len(rows()) > 35
    assert [cells for cells in rows() if not NAMED.fullmatch(cells[-1])] == []


def test_everybody_who_would_attack_is_named() -> None:
    """The attackers we reckon with have a row each, at least."""
    assert set(ATTACKERS) <= {cells[0] for cells in rows()}
