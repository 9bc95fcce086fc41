"""Known vulnerabilities of what is locked, asked with pip-audit, whose silence is not taken for good news.

pip-audit calls a package that the advisory service does not tell of "skipped" and ends well. So an audit counts only if
every locked package was told of.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

from tests.supply.parts import LOCKS

PATIENCE = 600
CLEAN, VULNERABLE, UNANSWERED = 0, 1, 2


class Verdict(NamedTuple):
    """What an audit came to: `status` to end with, and a line for each thing to do."""

    status: int
    lines: tuple[str, ...]


def audited(lock: str, names: Iterable[str]) -> Verdict:
    """Ask about a lock, whose packages are `names`."""
    asked = ("-m", "pip_audit", "--requirement", str(LOCKS / f"{lock}.txt"), "--disable-pip", "--require-hashes")
    command = [sys.executable, *asked, "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return Verdict(UNANSWERED, ("the advisory service did not answer in time: nothing was audited",))
    if "No module named pip_audit" in done.stderr:
        return Verdict(UNANSWERED, ("this needs pip-audit: .venv/bin/python -m pip install pip-audit",))
    return verdict(done.stdout, names)


def verdict(answer: str, names: Iterable[str]) -> Verdict:
    """Judge what pip-audit printed; anything but an answer about every package is none."""
    try:
        told: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Verdict(UNANSWERED, ("the advisory service was not reached, or refused: nothing was audited",))
    answered = {one["name"].lower().replace("_", "-") for one in told if "skip_reason" not in one and "vulns" in one}
    unknown = sorted(set(names) - answered)
    if unknown:
        return Verdict(
            UNANSWERED, (f"nobody told of {len(unknown)} packages, so this is no audit: {', '.join(unknown)}",)
        )
    found = tuple(_line(one, vulnerability) for one in told for vulnerability in one["vulns"])
    return (
        Verdict(VULNERABLE, found) if found else Verdict(CLEAN, (f"{len(answered)} packages, none known vulnerable",))
    )


def _line(one: dict[str, Any], vulnerability: dict[str, Any]) -> str:
    fixed = ", ".join(vulnerability.get("fix_versions") or ()) or "no version yet"
    return f"{one['name']} {one['version']}: {vulnerability['id']}, mended in {fixed}"
