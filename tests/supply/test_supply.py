"""What we are built from is known, free to use, and audited or not, never audited by silence."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.supply.audit import CLEAN, UNANSWERED, VULNERABLE, verdict
from tests.supply.parts import UNKNOWN, bill, parts

FREE = re.compile(r"MIT|BSD|Apache|ISC|PSF|MPL|LGPL|Python|CNRI", re.IGNORECASE)
"""Licences under which whoever runs this may do so, and change it, without opening anything of their own."""
ELSEWHERE = {"colorama", "tzdata"}
"""Packages for other systems, which are not installed here."""


def test_every_part_that_is_served_is_free_to_use() -> None:
    """Each package of the lock says its licence, and it is one that binds nobody who merely runs it."""
    told = {part.name: part.licence for part in parts("run") if part.name not in ELSEWHERE}
    assert {name: licence for name, licence in told.items() if not FREE.search(licence)} == {}
    assert UNKNOWN not in told.values()
    assert not [name for name, licence in told.items() if re.search(r"(?<!L)GPL", licence)]


def test_the_bill_names_each_part_once_with_its_hashes() -> None:
    """A bill of materials holds every package of the lock, exact, and names no host."""
    made = bill("run")
    components: list[dict[str, Any]] = made["components"]
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert len({one["bom-ref"] for one in components}) == len(components) > 30
    assert all(one["properties"] and one["licenses"] for one in components)
    assert "://" not in json.dumps(made)


def answer(*dependencies: dict[str, Any]) -> str:
    """What pip-audit prints."""
    return json.dumps({"dependencies": list(dependencies), "fixes": []})


FINE = {"name": "aiohttp", "version": "3.14", "vulns": []}
HOLE = {"id": "CVE-2026-1", "fix_versions": ["3.15"], "aliases": [], "description": ""}


@pytest.mark.parametrize(
    ("printed", "status", "said"),
    [
        (answer(FINE), CLEAN, "none known"),
        (answer(FINE | {"vulns": [HOLE]}), VULNERABLE, "aiohttp 3.14: CVE-2026-1, mended in 3.15"),
        (answer({"name": "aiohttp", "skip_reason": "Dependency not found on PyPI"}), UNANSWERED, "1 packages"),
        (answer(), UNANSWERED, "aiohttp"),
        ("", UNANSWERED, "not reached"),
        ("No known vulnerabilities found", UNANSWERED, "not reached"),
        ("[]", UNANSWERED, "not reached"),
    ],
)
def test_silence_is_no_audit(printed: str, status: int, said: str) -> None:
    """Only an answer about every package counts; no answer is loud, and not taken for good news."""
    found = verdict(printed, ["aiohttp"])
    assert found.status == status
    assert said in found.lines[0]
