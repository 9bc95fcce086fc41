"""The approved answers and their index, read once."""

from __future__ import annotations

import pytest

from bot.ask import load_entries
from conversations.answers.entry import Entry
from conversations.answers.index import Index


@pytest.fixture(scope="session")
def entries() -> dict[str, Entry]:
    """All approved answers by id."""
    return {entry.id: entry for entry in load_entries()}


@pytest.fixture(scope="session")
def index(entries: dict[str, Entry]) -> Index:
    """The index over all of them."""
    return Index.of(entries.values())
