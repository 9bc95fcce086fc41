"""The whole program behind its webhook: real enrolments, at a rate and flat out, from a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import msgspec

from tests.bench.load import SECRET
from tests.bench.server import STUBBED
from tests.bench.table import Table, Target, quantile
from tests.databases import Postgres, cluster
from tests.e2e.programs import ROOT, environment, free_port

PHASES = ("50x5", "300x20", "0x10")
"""A rate and its seconds each: to warm up, the target, flat out."""
MOST = 0.1
"""Seconds within which 99 of 100 updates are to be acknowledged at the target's rate."""
_SAMPLE = re.compile(r"^(jamin_batch_size|jamin_commit_seconds)_(sum|count)(?:\{[^}]*\})? (\S+)$", re.MULTILINE)
_RSS = re.compile(r"^VmRSS:\s+(\d+)", re.MULTILINE)


class Phase(NamedTuple):
    """What one load saw: updates a second, the seconds until each was acknowledged, and what a batch then was."""

    rate: float
    seconds: list[float]
    refused: int
    batch: float
    commit: float


class Server(NamedTuple):
    """The server's process and where it listens; `api` is the port where it looks for the Bot API."""

    process: subprocess.Popen[bytes]
    url: str
    api: int

    def scrape(self) -> dict[str, float]:
        """Read the sums and counts of batches."""
        with urlopen(f"{self.url}/metrics") as answer:
            text = answer.read().decode()
        return {f"{name}_{kind}": float(value) for name, kind, value in _SAMPLE.findall(text)}

    def resident(self) -> float:
        """Return the megabytes the process holds in memory."""
        found = _RSS.search(Path(f"/proc/{self.process.pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0

    def is_ready(self) -> bool:
        """Tell whether it takes messages."""
        try:
            with urlopen(f"{self.url}/readyz") as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


@contextmanager
def server(database: str, home: Path, *, stubbed: bool = False) -> Iterator[Server]:
    """Run the server on a database until the block ends; `stubbed` has it say that everything was sent at once."""
    port, api = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    telegram = {"telegram_token": "1:bench", "telegram_secret": SECRET, "telegram_api_url": f"http://127.0.0.1:{api}"}
    settings = environment(mode="demo", home=str(home), database_url=database, public_url=url, **telegram)
    command = (sys.executable, "-m", "tests.bench.server", "serve", "--port", str(port))
    settings |= {STUBBED: "yes"} if stubbed else {}
    process = subprocess.Popen(command, cwd=ROOT, env=settings, stderr=subprocess.DEVNULL)
    try:
        yield Server(process, url, api)
    finally:
        process.terminate()
        process.wait(30)


def wait_until_ready(running: Server) -> None:
    """Wait until it takes messages."""
    while not running.is_ready():
        time.sleep(0.02)


def loaded(database: str, home: Path, *, stubbed: bool) -> tuple[list[Phase], float, float]:
    """Run all phases; return them, and the server's megabytes before and after."""
    with server(database, home, stubbed=stubbed) as running:
        wait_until_ready(running)
        light = running.resident()
        command = (sys.executable, "-m", "tests.bench.load", str(running.api), running.url, *PHASES)
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as load:
            assert load.stdout is not None
            before, phases = running.scrape(), []
            for line in load.stdout:
                after = running.scrape()
                phases.append(_phase(msgspec.json.decode(line), before, after))
                before = after
        return phases, light, running.resident()


def _phase(told: dict[str, Any], before: dict[str, float], after: dict[str, float]) -> Phase:
    grown = {name: after[name] - before[name] for name in after}
    batches = grown["jamin_batch_size_count"] or 1.0
    batch, commit = grown["jamin_batch_size_sum"] / batches, grown["jamin_commit_seconds_sum"] / batches
    return Phase(len(told["seconds"]) / told["took"], told["seconds"], told["refused"], batch, commit)


def over_http() -> Table:
    """Measure both databases, with sending stubbed and with all that is sent on the same machine."""
    found = {}
    with tempfile.TemporaryDirectory() as folder, cluster(durable=True) as host:
        postgres = Postgres(host)
        for stubbed, said in ((True, "sending stubbed"), (False, "sent over HTTP")):
            urls = {"SQLite": f"sqlite:///{folder}/{stubbed}.db", "PostgreSQL": postgres.fresh()}
            for name, url in urls.items():
                found[f"{name}, {said}"] = loaded(url, Path(folder) / f"{name} {stubbed}", stubbed=stubbed)
    return Table(
        "Over HTTP: the real program, whole enrolments through Telegram's webhook",
        ("", "updates a second", "p50", "p95", "p99", "refused", "a batch", "its commit", "memory"),
        [row for name, measured in found.items() for row in _rows(name, *measured)],
        "Milliseconds from the moment an update was due until its turn was committed and acknowledged. The load comes "
        "from a process of its own that does not wait for answers (open loop), on the same cores. Sending stubbed: as "
        "in the other parts, a reply counts as sent at once. Sent over HTTP: to a Bot API that the load's process "
        "plays, with Telegram's own limit of 30 messages a second lifted. Memory: megabytes resident before the first "
        "message and after the last.",
        [_target(name, phases[1]) for name, (phases, _, _) in found.items()],
    )


def _target(name: str, phase: Phase) -> Target:
    p99 = quantile(phase.seconds, 0.99)
    return Target(f"p99 under {MOST * 1000:.0f} ms at 300 a second, {name}", f"{p99 * 1000:.0f} ms", p99 < MOST)


def _rows(name: str, phases: list[Phase], light: float, heavy: float) -> Iterator[tuple[str, ...]]:
    for said, phase in zip(("at 300 a second", "flat out"), phases[1:], strict=True):
        parts = (f"{quantile(phase.seconds, part) * 1000:.0f}" for part in (0.5, 0.95, 0.99))
        batch, memory = f"{phase.batch:.1f}", f"{light:.0f} → {heavy:.0f}"
        commit = f"{phase.commit * 1000:.1f} ms"
        yield f"{name}, {said}", f"{phase.rate:.0f}", *parts, str(phase.refused), batch, commit, memory
