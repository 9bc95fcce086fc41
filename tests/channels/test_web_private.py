"""The one-time page for the NIK."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from bot.channels.web import Busy
from conversations.messages import Private
from tests.browser.memory_door import MemoryDoor
from tests.channels.web_site import ASKED, Site, site

NIK = "3175031290010001"


async def form_id(client: Site) -> str:
    """Open the page and return the id of its form."""
    found = re.search(r'name="id" value="([^"]+)"', await (await client.get("/privat/good")).text())
    assert found
    return found[1]


async def test_the_number_reaches_the_question_it_was_asked_for() -> None:
    """What is typed comes in for the chat and the asking that the token names, without its separators."""
    door = MemoryDoor()
    async with site(door) as client:
        id_ = await form_id(client)
        response = await client.post("/privat/good", data={"id": id_, "nik": "3175 0312.9001-0001"})
        assert response.status == 200
        (incoming,) = door.taken
        assert (incoming.address, incoming.what) == (ASKED.address, Private(ASKED.asking, NIK))


async def test_a_form_sent_twice_counts_once() -> None:
    """The same form posted again is taken once; a form opened anew may correct it."""
    door = MemoryDoor()
    async with site(door) as client:
        form = {"id": await form_id(client), "nik": NIK}
        await client.post("/privat/good", data=form)
        await client.post("/privat/good", data=form)
        assert len(door.taken) == 1
        await client.post("/privat/good", data={"id": await form_id(client), "nik": NIK})
        assert len(door.taken) == 2


@pytest.mark.parametrize("typed", ["", "123", NIK + "1", "tiga satu", "<b>3175031290010001", "٣" * 16])
async def test_anything_but_sixteen_digits_is_asked_again(typed: str) -> None:
    """A number that cannot be a NIK is refused kindly, is not repeated in the page, and reaches nobody."""
    door = MemoryDoor()
    async with site(door) as client:
        response = await client.post("/privat/good", data={"nik": typed})
        html = await response.text()
        assert response.status == 400
        assert "web.private.not_sixteen" in html
        assert not typed or typed not in html
        assert door.taken == []


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_page_that_has_had_its_time_says_so(method: str) -> None:
    """An unknown, expired or answered token gets no form."""
    door = MemoryDoor()
    async with site(door) as client:
        response = await client.request(method, "/privat/bad", data={"nik": NIK} if method == "POST" else None)
        assert response.status == 410
        assert "<form" not in await response.text()
        assert door.taken == []


async def test_a_full_house_asks_to_come_back() -> None:
    """When the door is full the page says so and keeps its form."""
    door = MemoryDoor()
    door.busy.append(1.2)
    async with site(door) as client:
        response = await client.post("/privat/good", data={"nik": NIK})
        assert (response.status, response.headers["Retry-After"]) == (503, "2")
        assert "<form" in await response.text()


async def test_guessing_is_slowed_down() -> None:
    """More numbers for one question than its limit allows are not taken."""
    door = MemoryDoor()
    async with site(door) as client:
        answers = await asyncio.gather(*(client.post("/privat/good", data={"nik": NIK}) for _ in range(40)))
        statuses = [answer.status for answer in answers]
        assert set(statuses) == {200, 503}
        assert len(door.taken) == statuses.count(200)


def parts(*names: str) -> tuple[bytes, str]:
    """A form in parts of these names, and its type."""
    part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n1\r\n'
    return ("".join(map(part.format, names)) + "--x--\r\n").encode(), "multipart/form-data; boundary=x"


@pytest.mark.parametrize("names", [("id", "nik", "else"), ("id", "photo", "photo"), ("nik", "nik")])
async def test_parts_that_our_form_has_not_are_refused(names: tuple[str, ...]) -> None:
    """A part without end, or one sent again and again, is not read: the page answers at once."""
    door = MemoryDoor()
    async with site(door) as client:
        body, kind = parts(*names)
        response = await client.post("/privat/good", data=body, headers={"Content-Type": kind})
        assert response.status == 400
        assert door.taken == []


async def test_a_form_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body in parts that comes to a halt keeps nobody waiting."""
    monkeypatch.setattr("bot.channels.web.private.UPLOADING", 0.05)

    async def halting() -> AsyncIterator[bytes]:
        yield parts("id")[0].removesuffix(b"--x--\r\n")
        await asyncio.sleep(30)

    async with site(MemoryDoor()) as client:
        response = await client.post("/privat/good", data=halting(), headers={"Content-Type": parts()[1]})
        assert response.status == 408


def test_busy_says_how_long() -> None:
    """The refusal of a full door reads as a sentence."""
    assert str(Busy(1.5)) == "full for 1.5 s"
