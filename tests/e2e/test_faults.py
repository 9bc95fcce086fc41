"""Whatever the backend or our own process suffers during an enrolment, each worker is enrolled exactly once."""

from __future__ import annotations

import asyncio
import datetime as dt
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from bot.app import Jamin, running
from bot.backend.reference.faults import Faults
from bot.backend.reference.office import OFFICE, Office
from bot.clock import Clock
from bot.settings import Settings
from bot.web_app import bound
from conversations.messages import Message, Start
from storage.deliveries import has_live_handoffs
from storage.tables import contributions, enrolments
from tests.e2e.chatting import LOOK_EVERY, PATIENCE, WebWorker, Worker
from tests.e2e.form import Move, whole, worker
from tests.e2e.programs import Server, free_port, kill, start

WORKERS = 3
SECRET = "between the two"
NOON = dt.datetime(2026, 11, 21, 5, tzinfo=dt.UTC)

FAULTS = {
    "latency_ms": Faults(latency_ms=250),
    "error_every": Faults(error_every=3, error_status=503),
    "reject_429_every": Faults(reject_429_every=3),
    "lose_answer_every": Faults(lose_answer_every=3),
    "async_outcome_s": Faults(async_outcome_s=0.5),
    "webhook_duplicate": Faults(webhook_duplicate=True),
    "webhook_delay_ms": Faults(webhook_delay_ms=300),
    "webhook_drop_first": Faults(webhook_drop_first=True),
}
"""Each switch turned on alone, by the name under which the backend counts how often it was felt."""


@asynccontextmanager
async def served(home: Path, database_url: str = "", **settings: object) -> AsyncIterator[Jamin]:
    """Run the whole program in this process."""
    chosen = Settings.model_validate({"mode": "demo", "home": home, "database_url": database_url, **settings})
    listener = bound("127.0.0.1", 0)
    async with running(chosen, Clock(NOON), listener) as jamin:
        yield jamin


def office(jamin: Jamin) -> Office:
    """The embedded backend."""
    assert jamin.embedded is not None
    return jamin.embedded[OFFICE]


async def enrol(jamin: Jamin, number: int) -> Worker:
    """Enrol a worker, wait for the receipt, pay, and wait until that is told."""
    somebody = Worker(jamin, f"worker {number}")
    await somebody.take(Start())
    await somebody.go(whole(worker(number)))
    await somebody.until("remind", "KPJ")
    await somebody.go((Move("remind", "no"), Move("member", "simulate")))
    await somebody.until("member", "🎉")
    return somebody


async def check_once(workers: list[Worker], home: Path) -> None:
    """Check both sides' books, and that nobody was told anything twice."""
    assert counted(home) == (len(workers), len(workers))
    async with workers[0].jamin.database.read() as connection:
        states = (await connection.execute(sa.select(enrolments.c.state))).scalars().all()
        months = (await connection.execute(sa.select(contributions.c.enrolment_id))).scalars().all()
    assert states == ["accepted"] * len(workers)
    assert len(months) == len(set(months)) == len(workers)
    for somebody in workers:
        heard = await somebody.heard()
        assert [sum(1 for message in heard if is_(message)) for is_ in (a_receipt, a_payment)] == [1, 1]


def counted(home: Path) -> tuple[int, int]:
    """How many enrolments and paid bills the reference backend has in its own file."""
    with sqlite3.connect(home / "reference.db") as books:
        [[accepted]] = books.execute("SELECT count(*) FROM enrolments WHERE status = 'accepted'")
        [[paid]] = books.execute("SELECT count(*) FROM bills WHERE status = 'paid'")
    books.close()
    return accepted, paid


def a_receipt(message: Message) -> bool:
    """Tell whether a message is a receipt."""
    return "(KPJ)" in message.text


def a_payment(message: Message) -> bool:
    """Tell whether a message says that a payment was recorded."""
    return "🎉" in message.text


# --- the switches ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("switch", FAULTS)
async def test_each_fault_enrols_exactly_once(switch: str, database_url: str, tmp_path: Path) -> None:
    """With any one fault of the backend, workers who enrol at the same time are each enrolled, billed and told once."""
    async with served(tmp_path, database_url) as jamin:
        office(jamin).faults.set(FAULTS[switch])
        workers = await asyncio.gather(*(enrol(jamin, number) for number in range(1, WORKERS + 1)))
        assert office(jamin).faults.told().triggered.get(switch, 1) > 0
        await check_once(list(workers), tmp_path)


async def test_answers_that_never_come_enrol_exactly_once(tmp_path: Path) -> None:
    """Where the backend does the work and never answers, the hand-off is sent again after the client's patience."""
    async with served(tmp_path) as jamin:
        office(jamin).faults.set(Faults(timeout_every=6))
        workers = await asyncio.gather(*(enrol(jamin, number) for number in range(1, WORKERS + 1)))
        assert office(jamin).faults.told().triggered["timeout_every"] > 0
        await check_once(list(workers), tmp_path)


async def test_everything_at_once_enrols_exactly_once(database_url: str, tmp_path: Path) -> None:
    """Faults that come together do no more harm than alone."""
    together = Faults(
        latency_ms=20, error_every=5, reject_429_every=7, lose_answer_every=3, webhook_duplicate=True,
        webhook_delay_ms=50, webhook_drop_first=True,
    )  # fmt: skip
    async with served(tmp_path, database_url) as jamin:
        office(jamin).faults.set(together)
        workers = await asyncio.gather(*(enrol(jamin, number) for number in range(1, WORKERS + 1)))
        await check_once(list(workers), tmp_path)


async def test_a_late_waiting_takes_nothing_back(database_url: str, tmp_path: Path) -> None:
    """A hand-off whose first answer was lost is answered "waiting" once more after the webhook has said "accepted";
    accepted it stays, in the chat and in our books."""
    async with served(tmp_path, database_url) as jamin:
        somebody = Worker(jamin, "worker 1")
        await somebody.take(Start())
        await somebody.go(whole(worker(1))[:-1])
        await sent(jamin)
        office(jamin).faults.set(Faults(lose_answer_every=1, async_outcome_s=0.01))
        await somebody.do(Move("review", "yes"))
        await somebody.until("remind", "KPJ")
        office(jamin).faults.set(Faults())
        await sent(jamin)
        await somebody.go((Move("remind", "no"), Move("member", "simulate")))
        await somebody.until("member", "🎉")
        await check_once([somebody], tmp_path)


async def sent(jamin: Jamin) -> None:
    """Wait until no hand-off is on its way."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with jamin.database.read() as connection:
                if not await has_live_handoffs(connection):
                    return
            await asyncio.sleep(LOOK_EVERY)


async def test_a_backend_that_wants_more_is_given_it(tmp_path: Path) -> None:
    """Fields that the backend demands all of a sudden are asked for in the chat, then the worker is enrolled once."""
    async with served(tmp_path) as jamin:
        office(jamin).faults.set(Faults(requirements=("nik", "name", "birth_date", "phone", "email", "home_region")))
        somebody = Worker(jamin, "worker 1")
        await somebody.take(Start())
        await somebody.go(whole(worker(1))[:-1])
        await somebody.until("email")
        await somebody.go((Move("email", text="budi@contoh.id"), Move("home_region", text="kota bandung")))
        if (await somebody.last()).step == "home_region":
            await somebody.do(Move("home_region", "*"))
        await somebody.do(Move("review", "yes"))
        await somebody.until("remind", "KPJ")
        await somebody.go((Move("remind", "no"), Move("member", "simulate")))
        await somebody.until("member", "🎉")
        await check_once([somebody], tmp_path)


# --- a backend that goes away ----------------------------------------------------------------------------------------


async def test_a_backend_that_is_down_is_waited_for(tmp_path: Path) -> None:
    """A backend killed before the hand-off gets it when it is up again, and one killed after it still tells of the
    payment."""
    port, here = free_port(), bound("127.0.0.1", 0)
    root, away = f"http://127.0.0.1:{here.getsockname()[1]}", tmp_path / "away"
    there = {"home": str(away), "backend_secret": SECRET, "public_url": root}
    settings = Settings(
        mode="demo", home=tmp_path, backend="http", backend_url=f"http://127.0.0.1:{port}", backend_secret=SECRET
    )
    process = await start("backend", "--port", str(port), **there)
    try:
        await answering(f"{settings.backend_url}/registry")
        async with running(settings, Clock(), here) as jamin:
            somebody = Worker(jamin, "worker 1")
            await somebody.take(Start())
            await somebody.go(whole(worker(1))[:-1])
            await kill(process)
            await somebody.do(Move("review", "yes"))
            await refused_once(jamin)
            process = await start("backend", "--port", str(port), **there)
            await somebody.until("remind", "KPJ")
            await kill(process)
            await somebody.go((Move("remind", "no"), Move("member", "simulate")))
            process = await start("backend", "--port", str(port), **there)
            await somebody.until("member", "🎉")
            await check_once([somebody], away)
    finally:
        await kill(process)


async def answering(url: str) -> None:
    """Wait until somebody answers there."""
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as http:
        while True:
            try:
                async with http.get(url):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(LOOK_EVERY)


async def refused_once(jamin: Jamin) -> None:
    """Wait until a hand-off was tried in vain."""
    tried = sa.text("SELECT count(*) FROM outbox WHERE error IS NOT NULL")
    async with asyncio.timeout(PATIENCE):
        while True:
            async with jamin.database.read() as connection:
                if (await connection.execute(tried)).scalar_one():
                    return
            await asyncio.sleep(LOOK_EVERY)


# --- our own death ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", ["before the work", "after the work"])
async def test_killed_during_the_hand_off(moment: str, tmp_path: Path) -> None:
    """A server killed while it hands an enrolment off hands it off again when it is back, and it counts once."""
    fault = {"latency_ms": 2000} if moment == "before the work" else {"timeout_every": 2}
    async with Server(tmp_path) as server, browserless() as http:
        somebody = await WebWorker.open(http, server.url)
        await somebody.go(whole(worker(1))[:-1])
        await checked(tmp_path)
        await put_faults(http, server, fault)
        if "timeout_every" in fault:
            await http.get(f"{server.url}/backend/v1/requirements", headers=bearer())
        await somebody.do(Move("review", "yes"))
        await at_the_backend(tmp_path, done="timeout_every" in fault)
        await server.kill()
        await server.start()
        await somebody.connect()
        await somebody.until("(KPJ)")
        await somebody.close()
    assert counted(tmp_path) == (1, 0)
    assert sum("(KPJ)" in line["text"] for line in somebody.heard) == 1


def browserless() -> aiohttp.ClientSession:
    """A client that keeps the cookies of a bare IP address, as browsers do."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


def bearer() -> dict[str, str]:
    """What the backend wants to see."""
    return {"Authorization": f"Bearer {SECRET}"}


async def put_faults(http: aiohttp.ClientSession, server: Server, faults: dict[str, int]) -> None:
    """Set the switches of the embedded backend."""
    async with http.put(f"{server.url}/backend/v1/faults", json=faults, headers=bearer()) as answer:
        assert answer.status == 200, await answer.text()


async def checked(home: Path) -> None:
    """Wait until the identity check is through, so that the next request is the hand-off."""
    await rows(home / "jamin.db", "SELECT 1 FROM outbox WHERE state = 'done' AND lane = 'handoff'")


async def at_the_backend(home: Path, *, done: bool) -> None:
    """Wait until the hand-off is under way, or its work is done although nobody was told."""
    if done:
        await rows(home / "reference.db", "SELECT 1 FROM enrolments")
    else:
        await rows(home / "jamin.db", "SELECT 1 FROM outbox WHERE state = 'sending' AND lane = 'handoff'")


async def rows(file: Path, question: str) -> None:
    """Wait until a file answers a question with a row."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with sqlite3.connect(file) as books:
                found = books.execute(question).fetchall()
            books.close()
            if found:
                return
            await asyncio.sleep(LOOK_EVERY)
