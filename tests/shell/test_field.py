"""The agents' doors: the page a stranger lands on, the papers, and what became of those who came."""

from __future__ import annotations

import re

import aiohttp
import pytest

from bot.app import Jamin
from bot.clock import Clock
from bot.field.sample import SAMPLE
from conversations.flows.apply import LESSONS, QUIZ
from conversations.messages import AgencyDecided, Start, Tap, Text
from tests.shell.worker import Worker

COUNT = re.compile(r"<td[^>]*>(\d+)</td>")
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"}


async def get(jamin: Jamin, path: str, cookies: dict[str, str] | None = None) -> tuple[aiohttp.ClientResponse, bytes]:
    """Fetch a page without following where it leads."""
    async with (
        aiohttp.ClientSession(cookies=cookies, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session,
        session.get(jamin.root + path, allow_redirects=False, headers=PHONE) as answer,
    ):
        return answer, await answer.read()


async def test_a_stranger_lands_on_a_page_that_says_who_invites(jamin: Jamin) -> None:
    """The page of a link names the agent, what is on record, how to check, and leads on into the chat."""
    answer, body = await get(jamin, f"/d/{SAMPLE.lower()}")
    page = body.decode()
    assert answer.status == 200
    assert all(said in page for said in ("Bu Rini", "CONTOH/2026", "175", f"/?kode={SAMPLE}", "og:title"))


@pytest.mark.parametrize("path", ["/d/GUESSED", "/d/' OR 1=1"])
async def test_a_guessed_code_leads_to_the_chat_alone(jamin: Jamin, path: str) -> None:
    """An unknown code opens no page and is not carried on."""
    answer, _ = await get(jamin, path)
    assert answer.status == 404 or answer.headers["Location"] == "/"


@pytest.mark.parametrize("paper", ["poster.pdf", "selebaran.pdf", "kartu.pdf", "qr.png"])
async def test_papers_are_printed_for_codes_that_stand_for_somebody(jamin: Jamin, paper: str) -> None:
    """Poster, leaflet, card and QR code come as files; for a guessed code there are none."""
    answer, body = await get(jamin, f"/d/{SAMPLE}/{paper}")
    assert answer.status == 200
    assert body.startswith((b"%PDF", b"\x89PNG"))
    assert (await get(jamin, f"/d/GUESSED/{paper}"))[0].status == 404


async def test_the_page_counts_what_came_of_the_link(jamin: Jamin, worker: Worker) -> None:
    """Somebody who came by the link, enrolled, agreed and paid is counted, and named by their first name alone."""
    await get(jamin, f"/d/{SAMPLE}")
    await worker.say(Start(SAMPLE))
    await worker.answer_until("remind")
    await worker.tap("yes")
    await worker.tap("simulate")
    page = (await get(jamin, "/field"))[1].decode()
    assert COUNT.findall(page) == ["1"] * 6
    assert "Siti" in page
    assert "Rahayu" not in page


async def test_a_code_of_nobody_is_no_agent(jamin: Jamin, worker: Worker) -> None:
    """A forged code brings no question about an agent."""
    await worker.say(Start("GUESSED"))
    await worker.answer_until("nik")
    assert "agent_sees" not in {message.step for message in worker.heard}


async def test_a_forged_link_to_an_agents_page_opens_nothing(jamin: Jamin) -> None:
    """Neither a made-up link nor a made-up cookie shows anybody's figures; the demo's own page stays the sample's."""
    answer, body = await get(jamin, "/field/gAAAAAforged")
    assert (answer.status, b"Hasil" in body) == (403, True)
    assert "Set-Cookie" not in answer.headers
    page = (await get(jamin, "/field", {"jamin_field": "forged"}))[1].decode()
    assert "Bu Rini" in page


async def test_what_an_agent_filled_in_is_the_workers_alone(jamin: Jamin, clock: Clock, worker: Worker) -> None:
    """The worker takes over by the code, once, and enrols; the agent's chat keeps nothing of what was filled in."""
    agent = Worker(jamin, clock, "wati")
    await approved(agent)
    await agent.say(Tap("!agency"))
    await agent.tap("assist")
    await agent.answer_until("passing_on", whom="other")
    code = re.search(r"kode ([A-Z0-9]{8})", await agent.tap("own_phone"))
    assert code is not None
    kept = await agent.say(Text("data saya"))
    await worker.say(Start(code[1]))
    await worker.answer_until("remind")
    assert "Siti" not in kept
    assert not {"nik", "name", "phone"} & {message.step for message in worker.heard}
    assert "tidak Jamin kenal" in await Worker(jamin, clock, "lain").say(Start(code[1]))


async def approved(agent: Worker) -> None:
    """Let somebody apply, and staff approve."""
    await agent.say(Text("jadi agen"))
    await agent.answer_until("agent_promise", **APPLICATION)
    await agent.tap("yes")
    decided = AgencyDecided("active", "WATI7777", "agent", by="Rina")
    await agent.say(decided)


APPLICATION: dict[str, str | Text] = {
    "agent_role": "agent",
    "agent_member": "yes",
    "agent_name": Text("Wati Suryani"),
    "agent_organisation": Text("Paguyuban Ojek"),
    "agent_area": Text("Kota Bandung"),
    "agent_letter": Text("12/PO/2026"),
    "agent_photo": "without",
    **{f"lesson_{n}": "next" for n in range(1, LESSONS + 1)},
    **dict(QUIZ),
}
