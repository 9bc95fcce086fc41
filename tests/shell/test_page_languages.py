"""The pages around a chat, as the running program answers them, in the language of whoever reads them."""

from __future__ import annotations

import re

import aiohttp

from bot.app import Jamin
from bot.field.sample import SAMPLE
from conversations.messages import Text
from tests.shell.worker import Worker

LANG = re.compile(r'<html lang="(\w+)">')


async def language(url: str, browser: str, *, method: str = "GET", robot: bool = False) -> str:
    """The language of a page that a browser set to another one is given."""
    headers = {"Accept-Language": browser, "User-Agent": "TelegramBot (like TwitterBot)" if robot else "Mozilla/5.0"}
    async with aiohttp.ClientSession(headers=headers) as http, http.request(method, url) as answer:
        found = LANG.search(await answer.text())
        assert found, url
        return found[1]


async def test_pages_behind_a_chat_are_in_its_language(jamin: Jamin, worker: Worker) -> None:
    """The one-time page and the page of all we hold follow the chat, also when it went over to another language after
    the link was made."""
    await worker.say(Text("english please"))
    await worker.answer_until("nik")
    private = next(button.url for button in worker.last.buttons if "/privat/" in button.url)
    assert await language(private, "id") == "en"
    held = re.search(r"http\S+/data/\S+", await worker.say(Text("data saya")))
    assert held is not None
    await worker.say(Text("pakai bahasa jawa"))
    assert await language(held[0], "id") == "jv"
    assert await language(held[0], "id", method="POST") == "jv"
    assert await language(held[0], "id", method="POST") == "jv"


async def test_pages_without_a_chat_follow_the_browser(jamin: Jamin) -> None:
    """Whoever lands, scans a proof or comes too late is met in the language that they chose for their phone; an agent's
    own page has none of these; a preview is made for people of whom nothing is known."""
    everywhere = (f"/d/{SAMPLE}", "/privat/forged", "/data/forged", "/sah/forged")
    assert {await language(jamin.root + path, "su-ID,su") for path in everywhere} == {"su"}
    assert await language(f"{jamin.root}/d/{SAMPLE}", "en", robot=True) == "id"
    assert [await language(f"{jamin.root}/field", browser) for browser in ("en-US", "jv")] == ["id", "id"]
