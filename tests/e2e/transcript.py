"""Whole chats as they were on the real program, kept under docs/transcripts.

`> ` is typed and `> [Label]` tapped, `# ` is what happened around the chat, `< ` is what Jamin says, `= ` where the
chat stood then. `UPDATE=1 pytest tests/e2e` writes the files anew. Otherwise only the way is compared, since sentences,
codes and dates change: what happened, and where the chat stood after it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

FOLDER = Path(__file__).parent.parent.parent / "docs" / "transcripts"


class Transcript:
    """The lines of one chat, written down as it goes; `turns` and `typed` count what the worker did."""

    def __init__(self, title: str) -> None:
        self.lines = [f"# {title}"]
        self.turns = self.typed = 0

    def note(self, what: str) -> None:
        """Write down what happened around the chat."""
        self.lines += ["", f"# {what}"]

    def says(self, text: str) -> None:
        """The worker types."""
        self.turns, self.typed = self.turns + 1, self.typed + 1
        self.lines += ["", f"> {text if len(text) <= 200 else f'{text[:40]}… ({len(text)} characters)'}"]

    def taps(self, label: str) -> None:
        """The worker taps a button."""
        self.turns += 1
        self.lines += ["", f"> [{label}]"]

    def hears(self, text: str, labels: Iterable[str]) -> None:
        """Jamin says something."""
        self.lines += [f"< {row}".rstrip() for row in text.splitlines()]
        shown = " ".join(f"[{label}]" for label in labels)
        self.lines += [f"  {shown}"] if shown else []

    def stands(self, where: str) -> None:
        """The chat stands at a question."""
        self.lines.append(f"= {where}")

    def check(self, name: str) -> None:
        """Compare the way with the one in the file, or write the file anew."""
        file = FOLDER / f"{name}.txt"
        if os.environ.get("UPDATE"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(self.lines) + "\n", encoding="utf-8")
        assert way(self.lines) == way(file.read_text(encoding="utf-8").splitlines())


def way(lines: Sequence[str]) -> list[str]:
    """Where a chat went: what happened around it and where it stood, without a word that was said."""
    return [line for line in lines if line.startswith(("# ", "= "))]
