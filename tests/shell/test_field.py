"""The agents' door of the demo."""

from __future__ import annotations

import aiohttp

from bot.app import Jamin
from bot.field import SAMPLE
from conversations.messages import Start
from tests.shell.worker import Worker


async def get(jamin: Jamin, path: str) -> tuple[str, str]:
    """Fetch a page: where it leads, and its text."""
    async with aiohttp.ClientSession() as session, session.get(jamin.root + path, allow_redirects=False) as answer:
        return answer.headers.get("Location", ""), await answer.text()


async def test_an_agents_link_leads_to_the_chat_with_the_code(jamin: Jamin) -> None:
    """A known code is carried into the chat, an unknown one is dropped."""
    assert (await get(jamin, f"/d/{SAMPLE.lower()}"))[0] == f"/?kode={SAMPLE}"
    assert (await get(jamin, "/d/GUESSED"))[0] == "/"


async def test_the_page_counts_what_came_of_the_link(jamin: Jamin, worker: Worker) -> None:
    """Somebody who came through the link, enrolled and paid is counted, and named nowhere."""
    await worker.say(Start(SAMPLE))
    await worker.answer_until("remind")
    await worker.tap("yes")
    await worker.tap("simulate")
    page = (await get(jamin, "/field"))[1]
    assert page.count("1 orang") == 2
    assert "Siti" not in page


async def test_a_code_of_nobody_is_no_agent(jamin: Jamin, worker: Worker) -> None:
    """A forged code brings no question about an agent."""
    await worker.say(Start("GUESSED"))
    await worker.answer_until("nik")
    assert "agent_sees" not in {message.step for message in worker.heard}
