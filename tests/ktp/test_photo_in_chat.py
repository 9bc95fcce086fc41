"""A picture through the whole program: from the chat or the one-time page to the fields, and no trace of it left."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
import sqlalchemy as sa

from bot import app
from bot.app import Jamin, running
from bot.channels.web import private
from bot.clock import Clock
from bot.ktp.reader import Reader
from bot.settings import Settings
from bot.web_app import bound
from conversations.messages import Photo, Text
from storage.tables import media, metadata, outbox
from tests.chat import HERE
from tests.databases import Sqlite
from tests.ktp.conftest import JPEG
from tests.shell.worker import Worker


@pytest.fixture
def clock() -> Clock:
    """A clock that begins on a November afternoon in Jakarta."""
    return Clock(HERE)


@pytest.fixture
def settings(sqlite: Sqlite, tmp_path: Path) -> Settings:
    """A demo that reads pictures."""
    return Settings(mode="demo", home=tmp_path / "home", database_url=sqlite.fresh(), ktp_photo=True)


@pytest_asyncio.fixture
async def jamin(settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Jamin]:
    """The running program, with a fake that reads pictures."""
    monkeypatch.setattr(app, "Reader", lambda: Reader(limit=30.0, module="tests.ktp.fake_child"))
    async with running(settings, clock, bound("127.0.0.1", 0)) as parts:
        yield parts


@pytest.fixture
def worker(jamin: Jamin, clock: Clock) -> Worker:
    """A worker's chat."""
    return Worker(jamin, clock)


Shown = Callable[[bytes], Photo]


@pytest.fixture
def shown(jamin: Jamin, tmp_path: Path) -> Shown:
    """Lay a picture on the shelf; gives what comes into the chat."""

    def lay(picture: bytes) -> Photo:
        (tmp_path / "foto.jpg").write_bytes(picture)
        return Photo(jamin.shelf.put(tmp_path / "foto.jpg"))

    return lay


async def test_a_bad_picture_brings_advice_and_a_good_one_the_receipt(worker: Worker, shown: Shown) -> None:
    """What would help is said and the question stays open; what was read is shown, a phone number says yes to it, and
    the review is next."""
    await worker.answer_until("nik", occupation="ojek_online", income="third")
    assert "gelap" in await worker.say(shown(JPEG + b"dark"))
    assert worker.last.step == "nik"
    assert "3273 0117 0890 0001" in await worker.say(shown(JPEG))
    await worker.say(Text("0812 3456 7890"))
    assert "KPJ" in await worker.tap("yes")


async def test_nothing_of_the_picture_is_stored(jamin: Jamin, worker: Worker, shown: Shown) -> None:
    """Neither the picture nor its name is kept anywhere, and what was asked is forgotten with the answer."""
    await worker.answer_until("nik")
    await worker.say(shown(JPEG))
    async with jamin.database.read() as connection:
        assert (await connection.execute(sa.select(sa.func.count()).select_from(media))).scalar() == 0
        asked = sa.select(outbox.c.state, outbox.c.payload).where(outbox.c.channel == "reading")
        for table in metadata.sorted_tables:
            rows = (await connection.execute(sa.select(table))).all()
            assert not any(JPEG in value for row in rows for value in row if isinstance(value, bytes))
        assert [tuple(row) for row in await connection.execute(asked)] == [("done", None)]


async def test_a_picture_on_the_one_time_page_never_enters_the_chat(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read on a picture sent on the page is shown in the chat; a bad one gets its advice on the page, and one
    larger than any phone's is refused."""
    await worker.answer_until("nik")
    url = next(button.url for button in worker.last.buttons if "/privat/" in button.url)
    async with aiohttp.ClientSession() as http:
        assert 'type="file"' in await (await http.get(url)).text()
        with monkeypatch.context() as small:
            small.setattr(private, "LARGEST_PHOTO", 100)
            assert (await http.post(url, data=_form(JPEG + bytes(100)))).status == 413
        dark = await http.post(url, data=_form(JPEG + b"dark"))
        assert (dark.status, "gelap" in await dark.text()) == (400, True)
        assert (await http.post(url, data=_form(JPEG + bytes(2**21)))).status == 200
        assert (await http.post(url, data=_form(JPEG))).status == 410
    assert [message.step for message in await worker.chat.news()] == ["ktp"]


def _form(picture: bytes) -> aiohttp.FormData:
    form = aiohttp.FormData({"id": "x"})
    form.add_field("photo", io.BytesIO(picture), filename="foto.jpg", content_type="image/jpeg")
    return form


async def test_without_the_extra_typing_is_offered(
    settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the package is missing the program starts, and says kindly that pictures are not read here."""
    monkeypatch.setattr(app, "can_read", lambda: False)
    async with running(settings, clock, bound("127.0.0.1", 0)) as parts:
        worker = Worker(parts, clock)
        assert "foto KTP" not in await worker.answer_until("nik")
        assert "Ketik saja" in await worker.say(Photo("foto"))
