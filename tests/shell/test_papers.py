"""The addresses of pictures, and the page behind a proof's QR code."""

from __future__ import annotations

import aiohttp
import pytest

from bot.app import Jamin
from bot.clock import Clock
from bot.papers import Papers
from bot.papers.papers import PICTURE_LIVES
from bot.wording import load_speech
from conversations.messages import Address, Paper, Text
from storage.enrolments import enrolments_of
from storage.sealing import KeyRing
from tests.shell.worker import Worker

DAY = 86_400.0
CARD = Paper("card", 1)


async def fetch(url: str) -> tuple[int, str, bytes]:
    """Open an address: status, content type, body."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, answer.content_type, await answer.read()


async def proof(jamin: Jamin) -> str:
    """The address behind the QR code of the only enrolment's proof."""
    async with jamin.database.read() as connection:
        [enrolment] = await enrolments_of(connection, 1)
    return jamin.papers.proof_address(enrolment.id)


async def test_a_picture_is_drawn_at_its_address(jamin: Jamin, worker: Worker) -> None:
    """The address gives the picture in both forms, and no cache may keep it."""
    await worker.answer_until("remind")
    path = jamin.root + jamin.papers.picture_address(worker.address, CARD)
    assert (await fetch(path + ".png"))[:2] == (200, "image/png")
    assert (await fetch(path + ".pdf"))[:2] == (200, "application/pdf")
    async with aiohttp.ClientSession() as session, session.get(path + ".png") as answer:
        assert "no-store" in answer.headers["Cache-Control"]


async def test_an_address_tells_nothing_and_cannot_be_made(jamin: Jamin, worker: Worker) -> None:
    """Neither chat nor person can be read from an address, and one that we did not make leads nowhere."""
    await worker.answer_until("remind")
    path = jamin.papers.picture_address(worker.address, CARD)
    assert worker.address.address not in path
    assert jamin.papers.picture_address(worker.address, CARD) != path
    assert (await fetch(f"{jamin.root}/gambar/gAAAAABguessed.png"))[0] == 410


@pytest.mark.parametrize("paper", [Paper("card", 2), Paper("unheard of", 1), Paper("family", 9)])
async def test_a_picture_of_nobody_is_none(jamin: Jamin, worker: Worker, paper: Paper) -> None:
    """Somebody who is not in the chat, or a kind we do not know, has no picture."""
    await worker.answer_until("remind")
    assert await jamin.papers.drawn(worker.address, paper) is None
    assert await jamin.papers.drawn(Address("terminal", "jamin", "nobody"), CARD) is None


async def test_a_picture_is_gone_with_the_chat(jamin: Jamin, worker: Worker) -> None:
    """Once everything was erased neither the picture nor the proof's page knows anything."""
    await worker.answer_until("remind")
    page, path = await proof(jamin), jamin.root + jamin.papers.picture_address(worker.address, CARD)
    await worker.say(Text("hapus data saya"))
    await worker.tap("yes")
    assert (await fetch(path + ".png"))[0] == 410
    assert (await fetch(page))[0] == 404


async def test_an_address_lives_an_hour(jamin: Jamin, worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time an address is as good as forged."""
    await worker.answer_until("remind")
    token = jamin.papers.picture_address(worker.address, CARD).rpartition("/")[2]
    assert await jamin.papers.picture(token) is not None
    monkeypatch.setattr("bot.papers.papers.PICTURE_LIVES", -PICTURE_LIVES)
    assert await jamin.papers.picture(token) is None


async def test_the_page_of_a_proof_tells_only_whether_it_is_valid(jamin: Jamin, clock: Clock, worker: Worker) -> None:
    """A proof is valid in a month that is paid, and in no other; no name stands on its page."""
    await worker.answer_until("remind")
    page = await proof(jamin)
    assert "Tidak berlaku" in (await fetch(page))[2].decode()
    await worker.tap("no")
    await worker.tap("simulate")
    status, _, body = await fetch(page)
    assert status == 200
    assert "Masih berlaku" in body.decode()
    assert "Siti" not in body.decode()
    clock.forward(20 * DAY)
    assert "Tidak berlaku" in (await fetch(page))[2].decode()


async def test_a_guessed_proof_is_unknown(jamin: Jamin) -> None:
    """An address we never made is unknown."""
    assert (await fetch(f"{jamin.root}/sah/gAAAAABguessed"))[0] == 404


async def test_a_printed_proof_outlives_a_new_master_key(jamin: Jamin, worker: Worker) -> None:
    """An address that was printed before the master key was renewed still leads to its page."""
    await worker.answer_until("remind")
    async with jamin.database.read() as connection:
        [enrolment] = await enrolments_of(connection, 1)
    old = (jamin.settings.home / "master.key").read_text().strip()
    renewed = KeyRing.from_text(f"{KeyRing.make('k2')},{old}")
    token = jamin.papers.proof_address(enrolment.id).rpartition("/")[2]
    later = Papers(jamin.database, renewed, load_speech, jamin.clock, lambda: jamin.root, demo=True)
    assert await later.is_valid(token) is False
