"""The long runs in small: what `make proof` shows in full, the suite shows each time."""

from __future__ import annotations

from pathlib import Path

from tests.databases import Sqlite
from tests.proof.fuzz import fuzzed
from tests.proof.hostile import ATTACKS, MAY_GROW, attacked
from tests.proof.scan import scanned, somebody, traces_in


async def test_hostile_requests_find_no_fault(tmp_path: Path, sqlite: Sqlite) -> None:
    """Every kind of attack meets a refusal, never a fault, never anybody's data, and memory stays what it was."""
    course, grown = await attacked(tmp_path / "home", sqlite.fresh(), 20 * len(ATTACKS))
    assert course.faults == []
    assert len(course.statuses) > 5
    assert grown < MAY_GROW


async def test_fuzzed_updates_find_no_fault(sqlite: Sqlite) -> None:
    """Updates made to break us are refused or answered; no turn raises, and nobody hears of somebody else."""
    course, grown = await fuzzed(sqlite.fresh(), 600)
    assert course.faults == {}
    assert {"refused as no update", "problem", "answered"} <= course.outcomes.keys()
    assert grown < MAY_GROW


async def test_nobody_is_found_in_what_is_left_behind(tmp_path: Path, sqlite: Sqlite) -> None:
    """After enrolments, talks with staff and erasures no file, log, figure or desk page holds anybody's NIK, phone or
    name, and no erased key is left."""
    found = await scanned(tmp_path / "home", sqlite.fresh(), 4)
    assert found.faults == []
    assert found.erased == 2
    assert {"desk", "figures", "log", "database", "reference.db", "database-wal while it ran"} <= found.looked_at.keys()
    assert found.looked_at["database-wal while it ran"] > found.looked_at["database-wal"] == 0


def test_the_scan_finds_what_is_there() -> None:
    """Planted, a number and a name are found, however they are written; staff may see a name, no number."""
    siti = somebody(1234)
    for planted in (siti.nik, "+62" + siti.phone[1:], siti.name.lower(), siti.name.replace(" ", "%20")):
        assert list(traces_in({"log": f"a {planted} b".encode()}, [siti]))
    assert not list(traces_in({"desk": siti.name.encode()}, [siti]))
    assert list(traces_in({"desk": siti.nik.encode()}, [siti]))
