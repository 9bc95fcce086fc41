"""The long runs in small: what `make proof` shows in full, the suite shows each time."""

from __future__ import annotations

from pathlib import Path

from tests.databases import Sqlite
from tests.proof.hostile import ATTACKS, MAY_GROW, attacked


async def test_hostile_requests_find_no_fault(tmp_path: Path, sqlite: Sqlite) -> None:
    """Every kind of attack meets a refusal, never a fault, never anybody's data, and memory stays what it was."""
    course, grown = await attacked(tmp_path / "home", sqlite.fresh(), 20 * len(ATTACKS))
    assert course.faults == []
    assert len(course.statuses) > 5
    assert grown < MAY_GROW
