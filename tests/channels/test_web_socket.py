"""The wire of the web chat: nothing lost, nothing doubled, nobody held up."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSCloseCode, WSMsgType, WSServerHandshakeError
from hypothesis import given
from hypothesis import strategies as st
from msgspec import DecodeError

from bot.channels.web import socket as web_socket
from bot.channels.web.frames import MAX_FRAME, Hello, Tapped, Typed, from_page
from bot.channels.web.identity import name_of
from conversations.messages import Address, Message, Start, Tap, Text
from tests.browser.memory_door import FORM, HELLO, MemoryDoor
from tests.channels.web_site import Site, cookie, site, socket

Frame = dict[str, Any]


@pytest.fixture
def door() -> MemoryDoor:
    """Give a door of its own to each test."""
    return MemoryDoor()


@pytest.fixture
async def page(door: MemoryDoor) -> AsyncIterator[Site]:
    """Open the page in a browser without a socket yet."""
    async with site(door) as client:
        await client.get("/")
        yield client


async def greet(client: Site, after: int = 0, code: str = "") -> ClientWebSocketResponse:
    """Open a socket and say hello."""
    ws = await socket(client)
    await ws.send_json({"t": "hello", "chat": name_of(cookie(client)), "after": after, "code": code})
    return ws


async def until(ws: ClientWebSocketResponse, kind: str) -> list[Frame]:
    """Return the frames up to and with the first of `kind`."""
    frames = [await ws.receive_json()]
    while frames[-1]["t"] != kind:
        frames.append(await ws.receive_json())
    return frames


def texts(frames: list[Frame]) -> list[str]:
    """Return what the lines among `frames` say."""
    return [frame["text"] for frame in frames if frame["t"] == "message"]


def typed(text: str) -> Frame:
    """Return a fresh frame with words."""
    return {"t": "text", "id": str(uuid.uuid4()), "text": text}


async def test_a_new_chat_is_started_and_shown(page: Site, door: MemoryDoor) -> None:
    """The first hello of a chat brings our hello with its buttons and progress, then the sign that all is there."""
    line, ready = await until(await greet(page), "ready")
    assert line == {
        "t": "message",
        "seq": 1,
        "from": "us",
        "text": HELLO.text,
        "buttons": [{"label": b.label, "value": b.value, "url": b.url} for b in HELLO.buttons],
        "progress": [1, 3],
        "id": "",
        "picture": "",
        "lang": "id",
    }
    assert ready == {"t": "ready"}
    assert [incoming.what for incoming in door.taken] == [Start()]


async def test_a_chat_is_started_once(page: Site, door: MemoryDoor) -> None:
    """Two tabs opened at the same moment and a reload start one chat."""
    await asyncio.gather(*(until(ws, "ready") for ws in [await greet(page), await greet(page)]))
    await until(await greet(page), "ready")
    assert len(door.taken) == 1


async def test_a_link_starts_once_for_each_code(page: Site, door: MemoryDoor) -> None:
    """The code of a link comes in even where the chat has lines already, and only once."""
    for code in ("", "AB12", "AB12"):
        await until(await greet(page, code=code), "ready")
    assert [incoming.what for incoming in door.taken] == [Start(), Start("AB12")]


async def test_a_full_door_delays_the_start(page: Site, door: MemoryDoor) -> None:
    """A chat that cannot be started now is started when there is room."""
    door.busy += [0.01, 0.01]
    assert texts(await until(await greet(page), "ready")) == [HELLO.text]


async def test_words_and_taps_come_in(page: Site, door: MemoryDoor) -> None:
    """A tap and words reach the door under their ids, as what they are."""
    ws = await greet(page)
    tap = {"t": "tap", "id": str(uuid.uuid4()), "value": "self"}
    words = typed("Siti <b>")
    for frame in (tap, words):
        await ws.send_json(frame)
        assert (await until(ws, "ack"))[-1] == {"t": "ack", "id": frame["id"]}
    assert [(i.id, i.what) for i in door.taken[1:]] == [(tap["id"], Tap("self")), (words["id"], Text("Siti <b>"))]


async def test_no_acknowledgement_before_the_commit(page: Site, door: MemoryDoor) -> None:
    """While the commit is held back the page is told that an answer is being made, and nothing else."""
    ws = await greet(page)
    await until(ws, "ready")
    door.committed.clear()
    await ws.send_json(typed("halo"))
    assert await ws.receive_json() == {"t": "typing"}
    with pytest.raises(TimeoutError):
        await ws.receive_json(timeout=0.05)
    door.committed.set()
    assert (await until(ws, "ack"))[-1]["t"] == "ack"


async def test_what_is_sent_again_counts_once(page: Site, door: MemoryDoor) -> None:
    """A frame sent again under its id, on the same or a new socket, is acknowledged and changes nothing."""
    frame = typed("halo")
    for ws in (await greet(page), await greet(page)):
        for _ in range(2):
            await ws.send_json(frame)
            await until(ws, "ack")
    assert door.said(door.address, "me") == ["halo"]


async def test_a_page_that_comes_back_gets_what_it_missed(page: Site, door: MemoryDoor) -> None:
    """After a break exactly the lines above `after` come, in order, the worker's own with their id."""
    ws = await greet(page)
    frame = typed("halo")
    await ws.send_json(frame)
    await until(ws, "ack")
    await ws.close()
    door.add(door.address, "staff", Message("Saya Rina."))
    lines = (await until(await greet(page, after=1), "ready"))[:-1]
    assert [(line["seq"], line["from"], line["id"]) for line in lines] == [
        (2, "me", frame["id"]),
        (3, "us", ""),
        (4, "staff", ""),
    ]


async def test_two_tabs_show_the_same_chat(page: Site) -> None:
    """What is said in one tab appears in the other."""
    one, other = await greet(page), await greet(page)
    await until(one, "ready")
    await until(other, "ready")
    await one.send_json(typed("dari tab satu"))
    assert (await other.receive_json())["text"] == "dari tab satu"
    assert (await other.receive_json())["text"] == FORM[1].text


async def test_a_page_ahead_of_an_erased_chat_starts_over(page: Site, door: MemoryDoor) -> None:
    """Where the page's last line is erased it is told to clear, and gets all lines there are."""
    await until(await greet(page), "ready")
    frames = await until(await greet(page, after=99), "ready")
    assert [frame["t"] for frame in frames] == ["reset", "message", "ready"]
    assert texts(frames) == [HELLO.text]


async def test_a_full_door_says_when_to_come_back(page: Site, door: MemoryDoor) -> None:
    """What is not taken is not acknowledged; sent again it is."""
    ws = await greet(page)
    await until(ws, "ready")
    door.busy.append(2.5)
    frame = typed("halo")
    await ws.send_json(frame)
    assert (await until(ws, "busy"))[-1] == {"t": "busy", "retry": 2.5}
    await ws.send_json(frame)
    await until(ws, "ack")


async def test_a_flood_is_slowed_down(page: Site, door: MemoryDoor) -> None:
    """Beyond the burst a chat is told to wait, and the door sees none of it."""
    ws = await greet(page)
    await until(ws, "ready")
    for _ in range(11):
        await ws.send_json(typed("x"))
    assert (await until(ws, "busy"))[-1]["retry"] > 0
    assert door.said(door.address, "me") == ["x"] * 10


MALFORMED = (
    "",
    "{",
    "null",
    "[]",
    '{"t":"sing"}',
    '{"t":"text","id":"1","text":"x"}',
    '{"t":"text","text":"x"}',
    '{"t":"text","id":"7b6f0e5e-2f0a-4a56-9d0e-0a3a64f0f5aa","text":7}',
    '{"t":"text","id":"7b6f0e5e-2f0a-4a56-9d0e-0a3a64f0f5aa","text":"' + "x" * 4_001 + '"}',
    '{"t":"text","id":"7b6f0e5e-2f0a-4a56-9d0e-0a3a64f0f5aa","text":"\\ud800"}',
    '{"t":"hello","chat":"x"}',
)


async def test_malformed_frames_are_refused_and_harm_nothing(page: Site, door: MemoryDoor) -> None:
    """Each frame that cannot be read is answered with "bad", text or binary, and the talk goes on."""
    ws = await greet(page)
    await until(ws, "ready")
    for data in MALFORMED:
        await ws.send_str(data)
        assert await ws.receive_json() == {"t": "bad", "reason": "frame"}
    await ws.send_bytes(b"\xff\x00")
    assert await ws.receive_json() == {"t": "bad", "reason": "frame"}
    await ws.send_json(typed("masih di sini"))
    await until(ws, "ack")


@given(st.one_of(st.text(), st.binary()))
def test_whatever_comes_is_a_frame_or_refused(data: str | bytes) -> None:
    """Reading a frame gives one of three or a decoding error, and nothing else."""
    try:
        frame = from_page.decode(data)
    except DecodeError:
        return
    assert isinstance(frame, Hello | Typed | Tapped)


async def test_a_frame_too_big_ends_the_talk(page: Site, door: MemoryDoor) -> None:
    """More than 16 kB in a frame closes the socket before anything is read from it."""
    ws = await greet(page)
    await until(ws, "ready")
    await ws.send_str("x" * (MAX_FRAME + 1))
    assert (await ws.receive()).type is WSMsgType.CLOSE
    assert ws.close_code == WSCloseCode.MESSAGE_TOO_BIG


@pytest.mark.parametrize("first", ["", "{}", '{"t":"tap","id":"7b6f0e5e-2f0a-4a56-9d0e-0a3a64f0f5aa","value":"x"}'])
async def test_hello_comes_first(page: Site, door: MemoryDoor, first: str) -> None:
    """A socket that opens with anything else is told so and closed."""
    ws = await socket(page)
    await ws.send_str(first)
    assert await ws.receive_json() == {"t": "bad", "reason": "hello"}
    assert (await ws.receive()).type is WSMsgType.CLOSE
    assert door.taken == []


async def test_a_socket_left_before_hello_is_no_fault(page: Site, door: MemoryDoor) -> None:
    """Opening a socket and closing it at once reaches nobody."""
    await (await socket(page)).close()
    assert door.taken == []


async def test_a_page_of_another_chat_is_gone(page: Site, door: MemoryDoor) -> None:
    """When the cookie is lost or names another chat than the page, the page is told that its chat is gone."""
    shown = name_of(cookie(page))
    page.session.cookie_jar.clear()
    for _ in ("no cookie", "another cookie"):
        ws = await socket(page)
        await ws.send_json({"t": "hello", "chat": shown})
        assert await ws.receive_json() == {"t": "bad", "reason": "gone"}
        await page.get("/")
    assert door.taken == []


@pytest.mark.parametrize("wrong", [None, "null", "https://elsewhere.example"])
async def test_another_site_cannot_open_the_socket(page: Site, wrong: str | None) -> None:
    """The handshake fails unless our own page asks."""
    headers = {"Origin": wrong} if wrong else {}
    with pytest.raises(WSServerHandshakeError) as refused:
        await page.ws_connect("/chat/ws", headers=headers)
    assert refused.value.status == 403


async def test_a_page_that_does_not_read_holds_up_nobody(
    page: Site, door: MemoryDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tab that reads nothing is dropped, while the other one gets every line."""
    monkeypatch.setattr(web_socket, "SEND_SECONDS", 0.2)
    deaf, hearing = await greet(page), await greet(page)
    await until(hearing, "ready")
    for _ in range(120):
        door.add(door.address, "us", Message("x" * 100_000))
    for _ in range(120):
        assert (await hearing.receive_json())["t"] == "message"
    await door.left.wait()
    await hearing.send_json(typed("masih di sini"))
    await until(hearing, "ack")
    deaf._response.close()  # the test's own end of a connection that the server has cut


async def test_a_server_that_stops_says_goodbye(door: MemoryDoor) -> None:
    """At shutdown open pages are told that we go away, so that they come back soon."""
    async with site(door) as client:
        await client.get("/")
        ws = await greet(client)
        await until(ws, "ready")
        closing = asyncio.create_task(client.server.close())
        assert (await ws.receive()).data == WSCloseCode.GOING_AWAY
        await closing


async def test_a_chat_is_known_by_its_digest(page: Site, door: MemoryDoor) -> None:
    """The address that the door sees is made from the secret and does not hold it."""
    await until(await greet(page), "ready")
    assert door.address == Address("web", "jamin", name_of(cookie(page)))
    assert cookie(page) not in door.address.address
