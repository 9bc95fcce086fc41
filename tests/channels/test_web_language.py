"""The language of a page: the chat's, else the browser's, and never one that is not offered."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web import Languages
from bot.channels.web.language import wished
from bot.texts.signing import spoken
from tests.browser.memory_door import MemoryDoor, key_and_values
from tests.channels.web_site import cookie, origin, site, socket

ALL = Languages(("id", "en", "jv", "su"), lambda _: key_and_values)


def language(header: str, chat: str = "", languages: Languages = ALL) -> str:
    """The language of a page that a browser asks for with a header."""
    return languages.of(make_mocked_request("GET", "/", headers={"Accept-Language": header}), chat)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", "id"),
        ("en-GB,en;q=0.9", "id"),
        ("in-ID", "id"),
        ("jw,id;q=0.5", "jv"),
        ("de-DE,en;q=0.4,su;q=0.8", "su"),
        ("en-US,en;q=0.9,jv;q=0.8", "jv"),
        ("fr, *;q=0.5", "id"),
        ("en;q=0,su", "su"),
    ],
)
def test_the_browser_is_asked_where_there_is_no_chat(header: str, found: str) -> None:
    """The dearest of our languages is taken, by its older codes too; for none of ours, and for the English that phones
    come with, it is Indonesian."""
    assert language(header) == found


def test_the_language_of_the_chat_comes_first() -> None:
    """Who speaks Javanese with us reads Javanese, whatever their phone is set to."""
    assert language("en-US", "jv") == "jv"


def test_a_draft_is_on_no_page_in_live_mode() -> None:
    """The same rule as in the chat: what nobody signed is neither followed nor kept."""
    live = ALL._replace(offered=spoken(demo=False))
    unsigned = [locale for locale in ALL.offered if locale not in live.offered]
    assert {language(locale, chat, live) for locale in unsigned for chat in ("", locale)} <= {"id"}


@given(st.text(), st.text(max_size=3))
def test_any_header_gives_a_language_that_is_offered(header: str, chat: str) -> None:
    """Nothing that a browser sends makes another page than one of ours."""
    assert len(wished(header)) <= 200
    assert ALL.known(chat) in ALL.offered


async def test_the_chat_page_is_in_the_language_of_its_chat() -> None:
    """A chat begins in Indonesian, and so does its page, whatever the browser asks for; then it follows the chat."""
    door = MemoryDoor((MemoryDoor().form[0],))
    async with site(door) as client:
        for _ in range(2):
            page = await (await client.get("/", headers={"Accept-Language": "su"})).text()
            assert '<html lang="id">' in page
            assert "su:" not in page
            async with await socket(client) as ws:
                await ws.send_json({"t": "hello", "chat": door_name(page)})
                await ws.receive_json()


def door_name(page: str) -> str:
    """The chat that a page was made for."""
    return page.partition('data-chat="')[2].partition('"')[0]


async def test_what_the_browser_tells_opens_the_chat() -> None:
    """The start of a chat carries the browser's language, so that it can be offered; one of no use carries nothing."""
    for header, told in (("en-US,en;q=0.9", "en"), ("de", "")):
        door = MemoryDoor()
        async with site(door) as client:
            page = await (await client.get("/")).text()
            headers = {**origin(client), "Accept-Language": header}
            async with client.ws_connect("/chat/ws", headers=headers) as ws:
                await ws.send_json({"t": "hello", "chat": door_name(page)})
                assert (await ws.receive_json())["lang"] == "id"
        assert [incoming.language for incoming in door.taken] == [told]


async def test_the_frame_of_another_language_is_nobodys() -> None:
    """The page's words in another language come without a chat and leave the device as it is."""
    async with site(MemoryDoor()) as client:
        await client.get("/")
        before = cookie(client)
        answer = await client.get("/chat/frame", params={"bahasa": "en", "perangkat": "bersama"})
        page = await answer.text()
        assert (answer.cookies, cookie(client)) == ({}, before)
        assert 'data-chat=""' in page
        assert "en:web.finish.short" in page
        assert '<html lang="id">' in await (await client.get("/chat/frame", params={"bahasa": "'x"})).text()
