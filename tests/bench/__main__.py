"""`python -m tests.bench [PART …]`: one run, one machine; prints the tables; a whole run keeps them in a dated file."""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.broadcast import broadcast
from tests.bench.contest import contest
from tests.bench.enrolment import core
from tests.bench.over_http import over_http
from tests.bench.people import people
from tests.bench.startup import startup
from tests.bench.table import Table, Target, balance

PARTS: dict[str, Callable[[], Table]] = {
    "core": core,
    "form": contest,
    "http": over_http,
    "broadcast": broadcast,
    "startup": startup,
    "people": people,
}
RESULTS = Path(__file__).parent.parent.parent / "docs" / "results"
_MODEL = re.compile(r"^model name\s*:\s*(.+)$", re.MULTILINE)


def main() -> None:
    """Measure the parts that are named, or all."""
    wanted = sys.argv[1:] or list(PARTS)
    if unknown := set(wanted) - PARTS.keys():
        sys.exit(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    targets: list[Target] = []
    told = [f"# Bench, {dt.datetime.now(dt.UTC):%Y-%m-%d}\n", f"`make bench`, {machine()}.\n"]
    for part in wanted:
        start, load = time.monotonic(), os.getloadavg()[0]
        table = PARTS[part]()
        targets += table.targets
        told.append(f"{table}\n({time.monotonic() - start:.0f} s; load of the machine before it {load:.1f})\n")
        sys.stdout.write(f"{told[-1]}\n")
        sys.stdout.flush()
        if wanted == list(PARTS):
            keep("\n".join((*told, str(balance(targets)))))
    sys.stdout.write(f"{balance(targets)}\n")


def keep(text: str) -> None:
    """Keep what a whole run has measured so far."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{dt.datetime.now(dt.UTC):%Y-%m-%d}-bench.md").write_text(text)


def machine() -> str:
    """Name the machine, in words that fit any."""
    info = Path("/proc/cpuinfo")
    found = _MODEL.search(info.read_text()) if info.exists() else None
    model = found[1] if found else platform.machine()
    return f"{os.cpu_count()} cores of {model}, {platform.system()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
