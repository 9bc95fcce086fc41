"""After many enrolments nobody's NIK, phone or name is in any file, log, figure or desk page; erased keys are gone."""

from __future__ import annotations

import asyncio
import contextlib
import io
import re
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, quote_plus

import aiohttp
import sqlalchemy as sa
import structlog
from argon2 import PasswordHasher
from sqlalchemy.engine import make_url

from bot.app import Jamin
from conversations.messages import Text
from storage.operators import Operator, keep_operator
from storage.tables import cases, chats, people
from tests.databases import Sqlite
from tests.proof.report import Report
from tests.proof.site import site
from tests.shell.worker import Worker

PEOPLE = 100
AT_ONCE = 8
PASSWORD = "sandi-pilihan-sendiri"
SYLLABLES = ("ka", "ru", "mi", "lo", "ta", "se", "wi", "ba", "do", "ni")
LETTERS = re.compile(r'name="proof" value="([0-9a-f]+)"')


class Somebody(NamedTuple):
    """An invented worker; no two share a NIK, a phone or the second word of a name."""

    nik: str
    name: str
    phone: str

    @property
    def traces(self) -> tuple[bytes, ...]:
        """What must be found nowhere, however it is written."""
        told = (self.nik, self.phone[1:], self.name, self.name.split()[1])
        written = {form for text in told for form in (text, text.lower(), text.upper(), quote(text), quote_plus(text))}
        return tuple(form.encode() for form in written)


class Found(NamedTuple):
    """What a scan came to: how many bytes of what were looked at, what was found where, and how many were erased."""

    looked_at: dict[str, int]
    faults: list[str]
    erased: int


def somebody(number: int) -> Somebody:
    """One of up to 8,999."""
    word = "".join(SYLLABLES[int(digit)] for digit in f"{number:04d}").capitalize()
    return Somebody(f"327301170890{number:04d}", f"Siti {word}", f"0812{34560000 + number}")


async def scanned(home: Path, database_url: str, people_: int) -> Found:
    """Enrol people in the whole program, let staff read, erase some; look through all that was left behind."""
    everybody = [somebody(number) for number in range(1, people_ + 1)]
    with logged() as log:
        async with site(home, database_url) as jamin:
            workers = [Worker(jamin, jamin.clock, one.nik) for one in everybody]
            for start in range(0, people_, AT_ONCE):
                some = zip(workers[start : start + AT_ONCE], everybody[start : start + AT_ONCE], strict=True)
                await asyncio.gather(*(enrol(worker, one) for worker, one in some))
            places = {"desk": await desk_pages(jamin), "figures": await figures(jamin)}
            keys = await wrapped_keys(jamin, workers[: people_ // 4])
            places |= {f"{name} while it ran": content for name, content in files(home, database_url).items()}
            await jamin.database.shorten_log()
            left = files(home, database_url)
    places |= {"log": log.getvalue().encode()} | left
    faults = [*traces_in(places, everybody), *(f"an erased key is in {where}" for where in having(left, keys))]
    return Found({where: len(content) for where, content in places.items()}, faults, len(keys))


async def enrol(worker: Worker, one: Somebody) -> None:
    """Go from hello to an accepted enrolment; then ask for staff, telling it all once more."""
    await worker.answer_until("remind", nik=Text(one.nik), name=Text(one.name), phone=Text(one.phone))
    await worker.say(Text("petugas"))
    await worker.say(Text(f"NIK saya {one.nik}, HP {one.phone}"))


async def wrapped_keys(jamin: Jamin, workers: Sequence[Worker]) -> list[bytes]:
    """Have some erased; return the wrapped keys they had."""
    before = await _keys(jamin)
    for worker in workers:
        await worker.say(Text("hapus data saya"))
        await worker.tap("yes")
    return sorted(before - await _keys(jamin))


async def _keys(jamin: Jamin) -> set[bytes]:
    async with jamin.database.read() as connection:
        found = [await connection.execute(sa.select(table.c.data_key)) for table in (chats, people)]
    return {key for rows in found for key in rows.scalars() if key}


def traces_in(places: dict[str, bytes], everybody: Iterable[Somebody]) -> Iterator[str]:
    """Say where somebody is found; not whom."""
    for where, content in places.items():
        known = [one for one in everybody for trace in one.traces if trace in content and not _may(where, trace)]
        if known:
            yield f"{len(known)} traces in {where}"


def _may(where: str, trace: bytes) -> bool:
    """Staff see the names of those they talk to; numbers never."""
    return where == "desk" and not trace.isdigit()


def having(places: dict[str, bytes], keys: Iterable[bytes]) -> Iterator[str]:
    """Name the places that hold one of the keys."""
    return (where for where, content in places.items() if any(key in content for key in keys))


# --- what is looked at -----------------------------------------------------------------------------------------------


def files(home: Path, database_url: str) -> dict[str, bytes]:
    """Read every file that the program made: databases, their logs, secrets."""
    database = Path(make_url(database_url).database or "")
    own = {
        f"database{path.name.removeprefix(database.name)}": path for path in database.parent.glob(f"{database.name}*")
    }
    found = own | {path.name: path for path in home.rglob("*")}
    return {name: path.read_bytes() for name, path in sorted(found.items()) if path.is_file()}


@contextlib.contextmanager
def logged() -> Iterator[io.StringIO]:
    """Catch the log as it would be written, to the last detail."""
    log = io.StringIO()
    lines = structlog.WriteLoggerFactory(log)
    structlog.configure(logger_factory=lines, processors=[structlog.processors.JSONRenderer()])
    try:
        yield log
    finally:
        structlog.reset_defaults()


async def figures(jamin: Jamin) -> bytes:
    """Return what Prometheus reads."""
    async with aiohttp.ClientSession() as http, http.get(f"{jamin.root}/metrics") as answer:
        return await answer.read()


async def desk_pages(jamin: Jamin) -> bytes:
    """Read as an operator what staff see: the queue and every case with its transcript."""
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    async with jamin.database.write() as connection:
        await keep_operator(connection, Operator("sari", "sari", hashed, "operator", must_change=False), jamin.clock())
        numbers = list((await connection.execute(sa.select(cases.c.number))).scalars())
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        page = await _read(http, f"{jamin.root}/desk/masuk")
        [proof] = LETTERS.findall(page.decode())
        form = {"proof": proof, "name": "sari", "password": PASSWORD}
        async with http.post(f"{jamin.root}/desk/masuk", data=form) as answer:
            signed_in = await answer.read()
        pages = [await _read(http, f"{jamin.root}/desk/kasus/{number}") for number in numbers]
    if not all(b"NIK saya" in page for page in pages):
        raise LookupError("a transcript was not shown")
    return signed_in + b"".join(pages)


async def _read(http: aiohttp.ClientSession, url: str) -> bytes:
    async with http.get(url) as answer:
        return await answer.read()


def run(scale: float) -> Report:
    """Play the run."""
    number, started = max(4, round(PEOPLE * scale)), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        url = Sqlite(Path(folder)).fresh()
        found = asyncio.run(scanned(Path(folder) / "home", url, number))
    sizes = ", ".join(f"{where} {size >> 10} kB" for where, size in found.looked_at.items())
    figures = (
        ("enrolments", str(number)),
        ("looked at", sizes),
        ("keys destroyed by erasing, looked for", str(found.erased)),
        ("seconds", f"{time.monotonic() - started:.0f}"),
    )
    return Report("Nobody is found in what was left behind", figures, tuple(found.faults))
