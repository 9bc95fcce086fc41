"""The page with everything we hold, and a consent that is withdrawn."""

from __future__ import annotations

import re

import aiohttp
import sqlalchemy as sa

from bot.app import Jamin
from bot.clock import Clock
from bot.held_pages import PARTS, parts
from conversations.messages import Incoming, Say, Text
from storage.audit import entries
from storage.export import export_chat
from storage.tables import consents, outbox
from tests.shell.worker import Worker

NIK = "3273011708900001"


async def link(worker: Worker) -> str:
    """Ask for one's data; the link in the answer."""
    found = re.search(r"http\S+/data/\S+", await worker.say(Text("data saya")))
    assert found is not None
    return found[0]


async def post(url: str, **form: str) -> tuple[int, str]:
    """Press the page's button: status and text."""
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as answer:
        return answer.status, await answer.text()


async def get(url: str) -> tuple[int, str]:
    """Open a page: status and text."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def test_everything_held_is_shown_once(jamin: Jamin, worker: Worker) -> None:
    """Looking at the link shows nothing and spends nothing; pressing the button shows all, once, and is audited."""
    await worker.answer_until("remind")
    url = await link(worker)
    status, page = await get(url)
    assert (status, NIK in page) == (200, False)
    status, page = await post(url)
    assert status == 200
    assert all(held in page for held in (NIK, "Siti Aminah", "+6281234567890", "narik ojol"))
    assert (await post(url))[0] == 410
    async with jamin.database.read() as connection:
        assert [(entry.who, entry.act) for entry in await entries(connection)] == [("worker", "held_shown")]


async def test_every_part_that_is_exported_has_a_heading(jamin: Jamin, worker: Worker) -> None:
    """What the export gained the page shows too, under words of its own; pictures are in the file alone."""
    await worker.answer_until("whom")
    async with jamin.database.read() as connection:
        held = await export_chat(connection, jamin.keys, 1)
    assert set(held) == set(PARTS)
    assert all(jamin.speech.say(Say(f"held.part.{name}")) for name in PARTS)
    full = {name: [{"kind": "satu", "content": "huruf"}] for name in held}
    shown = {part.name: str(part.rows) for part in parts(full)}
    assert [name for name, rows in shown.items() if "huruf" not in rows] == ["media"]
    assert shown.keys() == held.keys()


async def test_the_copy_is_a_file_for_machines(worker: Worker) -> None:
    """The page's other button gives the same as JSON, once."""
    await worker.answer_until("remind")
    page = (await post(await link(worker)))[1]
    again = re.search(r'action="([^"]+)"', page)
    assert again is not None
    url = (await link(worker)).partition("/data/")[0] + again[1]
    status, text = await post(url, **{"as": "json"})
    assert (status, NIK in text, text.startswith("{")) == (200, True, True)
    assert (await post(url, **{"as": "json"}))[0] == 410


async def test_a_guessed_or_an_old_link_shows_nothing(jamin: Jamin, worker: Worker, clock: Clock) -> None:
    """A token we did not make opens nothing, and neither does somebody else's chat."""
    await worker.answer_until("remind")
    for url in (f"{jamin.root}/data/gAAAAABguessed", f"{jamin.root}/data/ditebak-é", (await link(worker))[:-4]):
        assert (await get(url))[0] == 410
        assert (await post(url))[0] == 410


async def test_what_waits_to_be_handed_on_is_taken_back(jamin: Jamin, worker: Worker) -> None:
    """After a withdrawn consent nothing about the person waits for the backend, and the proof of it is kept."""
    await worker.answer_until("phone")
    await jamin.outbox.stop()
    for n, text in enumerate(("0812 3456 7890", "cabut persetujuan", "cabut")):
        if n == 1:
            assert await waiting(jamin) == 1
        await jamin.turns.take(Incoming(worker.address, f"typed {n}", Text(text)))
    assert await waiting(jamin) == 0
    async with jamin.database.read() as connection:
        given = await connection.execute(sa.select(consents.c.given).order_by(consents.c.id.desc()).limit(3))
        assert list(given.scalars()) == [False, False, False]


async def waiting(jamin: Jamin) -> int:
    """Count what waits to be handed on."""
    async with jamin.database.read() as connection:
        live = await connection.execute(sa.select(sa.func.count()).where(outbox.c.lane == "handoff"))
        return int(live.scalar_one())
