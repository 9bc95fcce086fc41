"""Links to the one-time page."""

from __future__ import annotations

import aiohttp

from bot.app import Jamin
from conversations.messages import Text
from tests.shell.worker import Worker

NIK = "3273011708900001"


def link(worker: Worker) -> str:
    """The one-time link under the last message."""
    return next(button.url for button in worker.last.buttons if "/privat/" in button.url)


async def fetch(url: str, nik: str = "") -> int:
    """Open the page, or send a NIK on it: the status."""
    async with aiohttp.ClientSession() as session:
        asked = session.post(url, data={"nik": nik, "id": "x"}) if nik else session.get(url)
        async with asked as answer:
            return answer.status


async def test_a_nik_typed_on_the_page_answers_the_question(jamin: Jamin, worker: Worker) -> None:
    """What is typed on the page counts as if typed in the chat, and the page is over with that."""
    await worker.answer_until("nik")
    url = link(worker)
    assert await fetch(url) == 200
    assert await fetch(url, NIK) == 200
    assert [message.step for message in await worker.chat.news()] == ["name"]
    assert await fetch(url) == 410


async def test_the_page_dies_with_the_question(worker: Worker) -> None:
    """Once the NIK was typed in the chat the link leads nowhere."""
    await worker.answer_until("nik")
    url = link(worker)
    await worker.say(Text(NIK))
    assert await fetch(url, NIK) == 410


async def test_a_guessed_link_leads_nowhere(jamin: Jamin) -> None:
    """A token that we did not make, or made otherwise, opens nothing."""
    assert await fetch(f"{jamin.root}/privat/gAAAAABguessed") == 410


async def test_the_link_holds_nothing_personal(worker: Worker) -> None:
    """Neither the chat's address nor the asking can be read from the link."""
    await worker.answer_until("nik")
    assert worker.address.address not in link(worker)
