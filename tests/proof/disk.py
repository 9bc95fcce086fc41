"""A disk that gets really full while people enrol: the program says so, loses nothing, and goes on when there is room.

The disk is a small file system in memory, which only root may mount; elsewhere the run says that it was not played.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import aiohttp
import asyncpg

from storage.database import open_database
from storage.migrate import migrate
from tests.crash.fleet import Fleet, Worker
from tests.crash.ledger import Tally, balanced
from tests.crash.phones import Messenger, Phone
from tests.databases import cluster, restart, stop
from tests.proof.kills import numbers
from tests.proof.report import Report

PEOPLE = 30
MEGABYTES = 256
FULL_FOR = 10.0
"""Seconds that the disk stays full after the program has noticed."""
NOTICED_IN = 120.0
BALLAST = "ballast"


class NotAllowedError(Exception):
    """This account may not mount a file system."""


async def nothing() -> None:
    """Do nothing: that is all that has to be done."""


class Store(NamedTuple):
    """A database on a disk; `use_up` makes it need room soon, `mend` is what is left to staff once there is room."""

    url: str
    use_up: Callable[[], Coroutine[None, None, None]] = nothing
    mend: Callable[[], Coroutine[None, None, None]] = nothing


class Kind(NamedTuple):
    """What lies on the small disk, how many processes work on it, and what /readyz may say then."""

    name: str
    workers: int
    words: tuple[str, ...]
    put: Callable[[ExitStack, Path], Store]


class Found(NamedTuple):
    """What was seen; `back` are the seconds from room on the disk until every process was ready."""

    said: tuple[str, ...]
    acknowledged: int
    back: float
    tally: Tally


# --- the disk --------------------------------------------------------------------------------------------------------


@contextmanager
def small_disk() -> Iterator[Path]:
    """Mount a small file system while the block lasts.

    Raises:
        NotAllowedError: with the words of `mount`.
    """
    place = Path(tempfile.mkdtemp(prefix="disk-", dir="/tmp"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=755", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(command, capture_output=True, text=True, check=False)
        if mounted.returncode:
            raise NotAllowedError(mounted.stderr.strip())
        try:
            yield place
        finally:
            subprocess.run(["umount", str(place)], check=True)
    finally:
        place.rmdir()


def fill(disk: Path) -> None:
    """Leave no room at all."""
    with (disk / BALLAST).open("ab", buffering=0) as ballast:
        for size in (1 << 20, 1 << 12):
            with contextlib.suppress(OSError):
                while True:
                    ballast.write(bytes(size))


# --- what lies on it -------------------------------------------------------------------------------------------------


def sqlite(_stack: ExitStack, disk: Path) -> Store:
    """Put the file and its log there."""
    url = f"sqlite:///{disk}/jamin.db"
    asyncio.run(_migrated(url))
    return Store(url)


def tables(stack: ExitStack, disk: Path) -> Store:
    """Put PostgreSQL's tables there, its log elsewhere."""
    data = stack.enter_context(cluster(durable=True))
    place = disk / "tables"
    place.mkdir(mode=0o700)
    shutil.chown(place, Path(data).stat().st_uid, Path(data).stat().st_gid)
    server = f"postgresql://postgres@/postgres?host={data}"
    asyncio.run(_asked(server, f"CREATE TABLESPACE small LOCATION '{place}'", "CREATE DATABASE jamin TABLESPACE small"))
    url = f"postgresql://postgres@/jamin?host={data}"
    asyncio.run(_migrated(url))
    return Store(url)


def log(stack: ExitStack, disk: Path) -> Store:
    """Put PostgreSQL's log there, its tables elsewhere. Without room for it the server ends itself; then its service
    manager has to start it again."""
    data = stack.enter_context(cluster(durable=True))
    stop(data)
    subprocess.run(["cp", "-a", f"{data}/pg_wal", str(disk)], check=True)
    shutil.rmtree(f"{data}/pg_wal")
    Path(data, "pg_wal").symlink_to(disk / "pg_wal")
    restart(data)
    asyncio.run(_asked(f"postgresql://postgres@/postgres?host={data}", "CREATE DATABASE jamin"))
    url = f"postgresql://postgres@/jamin?host={data}"
    asyncio.run(_migrated(url))
    return Store(url, lambda: _use_up_log(url), lambda: asyncio.to_thread(restart, data))


KINDS = (
    Kind("SQLite", 1, ("database: full",), sqlite),
    Kind("PostgreSQL's tables", 2, ("database: full",), tables),
    Kind("PostgreSQL's log", 2, ("database: full", "database: away"), log),
)


async def _migrated(url: str) -> None:
    database = open_database(url)
    await migrate(database)
    await database.close()


async def _asked(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def _use_up_log(url: str) -> None:
    """Begin one file of the log after the other until there is no room for one, as hours of work would."""
    with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        connection = await asyncpg.connect(url)
        while True:
            await connection.execute("SELECT pg_switch_wal()")
            await asyncio.sleep(0.1)


# --- the course ------------------------------------------------------------------------------------------------------


async def play(kind: Kind, store: Store, disk: Path, home: Path, people: int) -> Found:
    """Let people enrol, fill the disk when they are in the middle, make room, and balance the books at the end."""
    messenger = Messenger()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(messenger.running())
        fleet = await stack.enter_async_context(Fleet(home, store.url, messenger.url, kind.workers).running())
        http = await stack.enter_async_context(aiohttp.ClientSession())
        hook = f"{fleet.url}/webhooks/whatsapp"
        phones = [Phone(messenger, http, hook, number) for number in numbers(people)]
        enrolling = asyncio.gather(*(phone.enrol() for phone in phones))
        while acknowledged(phones) < 4 * people:
            await asyncio.sleep(0.05)
        said, meanwhile = await full(store, disk, fleet.workers, phones)
        (disk / BALLAST).unlink()
        started = time.monotonic()
        await store.mend()
        await asyncio.gather(*(worker.ready() for worker in fleet.workers))
        back = time.monotonic() - started
        await enrolling
        return Found(said, meanwhile, back, await balanced(fleet, messenger, phones, enrolled=True))


def acknowledged(phones: list[Phone]) -> int:
    """Count the messages that were told to be received."""
    return sum(len(phone.said) for phone in phones)


async def full(store: Store, disk: Path, workers: list[Worker], phones: list[Phone]) -> tuple[tuple[str, ...], int]:
    """Fill the disk, and keep it full until the program has noticed and for a while longer; return what it said of it,
    and how many messages were still acknowledged after that."""
    fill(disk)
    async with asyncio.timeout(NOTICED_IN):
        using = asyncio.create_task(store.use_up())
        while not (said := await faults(workers)):
            fill(disk)
            await asyncio.sleep(0.1)
    before = acknowledged(phones)
    for _ in range(int(FULL_FOR)):
        await asyncio.sleep(1.0)
        said |= await faults(workers)
    using.cancel()
    return tuple(sorted(said)), acknowledged(phones) - before


async def faults(workers: list[Worker]) -> set[str]:
    """Ask all whether they are ready; return what they complain of."""
    async with aiohttp.ClientSession() as http:
        found = set()
        for worker in workers:
            async with http.get(f"{worker.url}/readyz") as answer:
                found.add(str((await answer.json()).get("fault", "")))
    return found - {""}


def run(scale: float) -> Report:
    """Play the run, on each kind of disk."""
    figures: list[tuple[str, str]] = []
    wrong: list[str] = []
    try:
        for kind in KINDS:
            with tempfile.TemporaryDirectory() as home, small_disk() as disk, ExitStack() as stack:
                store = kind.put(stack, disk)
                sys.stderr.write(f"{kind.name}\n")
                found = asyncio.run(play(kind, store, disk, Path(home), max(8, round(PEOPLE * scale))))
            figures += _figures(kind, found)
            wrong += [f"{kind.name}: {fault}" for fault in _wrong(kind, found)]
    except NotAllowedError as error:
        figures.append(("not played", f"this account may not mount a small disk: {error}"))
    return Report("A full disk", tuple(figures), tuple(wrong))


def _figures(kind: Kind, found: Found) -> Iterator[tuple[str, str]]:
    tally = found.tally
    yield f"**{kind.name}** on a disk of {MEGABYTES} MB, {kind.workers} of our processes", ""
    yield "— `/readyz` said", ", ".join(found.said)
    yield f"— messages acknowledged in {FULL_FOR:.0f} full seconds after that", f"{found.acknowledged}"
    yield "— seconds from room on the disk until all were ready", f"{found.back:.1f}"
    yield "— enrolments begun, at the backend", f"{tally.phones}, {tally.accepted}"
    yield "— messages taken, each once and in order", f"{tally.said:,}"
    yield "— replies that arrived, in order", f"{tally.replies:,}"
    yield "— copies of them", f"{tally.copies}"


def _wrong(kind: Kind, found: Found) -> Iterator[str]:
    yield from found.tally.faults
    if not set(found.said) & set(kind.words):
        yield f"/readyz said {', '.join(found.said)}"
