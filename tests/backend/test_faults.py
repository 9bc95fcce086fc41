"""Every fault, one by one: whoever retries with the same key ends up enrolled exactly once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import aiohttp
import msgspec
import pytest

from bot.backend.client import HttpBackend
from bot.backend.errors import BackendUnavailable
from bot.backend.reference.faults import Faults
from bot.backend.shapes import Order, Outcome, Paid
from tests.backend.running import HEADERS, SECRET, Running, order, person, until

ONE_BY_ONE = {
    "latency_ms": Faults(latency_ms=50),
    "error_every": Faults(error_every=2),
    "reject_429_every": Faults(reject_429_every=2),
    "timeout_every": Faults(timeout_every=2),
    "lose_answer_every": Faults(lose_answer_every=2),
}


async def insist(backend: HttpBackend, made: Order, key: str) -> Outcome:
    """Retry as the outbox does, until an answer comes."""
    while True:
        try:
            return await backend.enrol(made, key)
        except BackendUnavailable:
            continue


@pytest.mark.parametrize("name", ONE_BY_ONE)
async def test_each_worker_is_enrolled_exactly_once(reference: Running, name: str) -> None:
    """Under a fault, a retry with the same key enrols each worker once, with one KPJ and one bill."""
    hasty = HttpBackend(reference.session, reference.url, SECRET, timeout=0.5)
    orders = [order(person(serial)) for serial in range(1, 5)]
    await reference.switch(ONE_BY_ONE[name])
    outcomes = [await insist(hasty, made, made.reference) for made in orders]
    assert (await reference.triggered())[name] >= 1
    await reference.switch(Faults())
    for made, outcome in zip(orders, outcomes, strict=True):
        state = await reference.backend.enrolment(made.reference)
        assert state is not None
        assert [held.bill for held in state.bills] == [outcome.bill]
        assert state.kpj == outcome.kpj
    assert len({outcome.kpj for outcome in outcomes}) == len(orders)


@pytest.mark.parametrize(
    ("faults", "known", "retry_after"),
    [
        (Faults(error_every=1), True, None),
        (Faults(error_every=1, error_status=503), True, None),
        (Faults(reject_429_every=1, retry_after_s=7), True, 7.0),
        (Faults(timeout_every=1), False, None),
        (Faults(lose_answer_every=1), False, None),
    ],
)
async def test_the_caller_knows_what_it_knows(
    reference: Running, faults: Faults, known: bool, retry_after: float | None
) -> None:
    """429 and 5xx are known not to have worked; a timeout or a lost answer leaves it open."""
    await reference.switch(faults)
    hasty = HttpBackend(reference.session, reference.url, SECRET, timeout=0.3)
    with pytest.raises(BackendUnavailable) as unavailable:
        await hasty.enrol(order(), "key")
    assert (unavailable.value.known, unavailable.value.retry_after) == (known, retry_after)


async def test_a_refused_connection_is_known(unused_tcp_port: int) -> None:
    """Where nobody listens, nothing was done."""
    async with aiohttp.ClientSession() as session:
        nobody = HttpBackend(session, f"http://127.0.0.1:{unused_tcp_port}", SECRET)
        with pytest.raises(BackendUnavailable) as unavailable:
            await nobody.requirements()
    assert unavailable.value.known


@pytest.mark.parametrize(
    ("faults", "name", "copies"),
    [
        (Faults(webhook_duplicate=True), "webhook_duplicate", 2),
        (Faults(webhook_delay_ms=50), "webhook_delay_ms", 1),
        (Faults(webhook_drop_first=True), "webhook_drop_first", 1),
    ],
)
async def test_a_webhook_arrives_under_every_fault(reference: Running, faults: Faults, name: str, copies: int) -> None:
    """A webhook doubled, late or lost at first arrives, each copy under the same id."""
    await reference.switch(faults)
    outcome = await reference.backend.enrol(order(), "key")
    assert outcome.bill is not None
    await reference.backend.simulate_payment(outcome.bill.code, "pay")
    await until(lambda: len(reference.mailbox.events) == copies)
    assert all(isinstance(event, Paid) for event in reference.mailbox.events)
    assert len({event.id for event in reference.mailbox.events}) == 1
    assert (await reference.triggered())[name] >= 1


PROGRAM = """
import pathlib, sys
from bot.backend.reference import run_reference
run_reference(int(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3])
"""


def start(port: int, path: Path) -> subprocess.Popen[str]:
    """Start a reference backend as a process of its own and wait until it listens."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(port), str(path), SECRET], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    assert str(port) in process.stderr.readline()
    return process


def end(process: subprocess.Popen[str], signum: int) -> int:
    """Send a signal and return how the process ended."""
    os.kill(process.pid, signum)
    _, said = process.communicate(timeout=10)
    assert "Traceback" not in said
    return process.returncode


async def test_a_kill_between_work_and_answer_enrols_once(tmp_path: Path, unused_tcp_port: int) -> None:
    """A process killed after the work and before the answer gives, started again, the answer it would have given."""
    path, made = tmp_path / "reference.sqlite", order()
    url = f"http://127.0.0.1:{unused_tcp_port}"
    process = await asyncio.to_thread(start, unused_tcp_port, path)
    async with aiohttp.ClientSession() as session:
        backend = HttpBackend(session, url, SECRET, timeout=1)
        held_back = msgspec.json.encode(Faults(timeout_every=1))
        async with session.put(f"{url}/v1/faults", data=held_back, headers=HEADERS):
            pass
        with pytest.raises(BackendUnavailable) as unavailable:
            await backend.enrol(made, "key")
        assert not unavailable.value.known
        assert await asyncio.to_thread(end, process, signal.SIGKILL) == -signal.SIGKILL
        process = await asyncio.to_thread(start, unused_tcp_port, path)
        before = await backend.enrolment(made.reference)
        outcome = await backend.enrol(made, "key")
        again = await backend.enrol(made, "key")
        assert await asyncio.to_thread(end, process, signal.SIGTERM) == 0
    assert before is not None
    assert (outcome.kpj, outcome.bill) == (before.kpj, before.bills[0].bill)
    assert again == outcome
