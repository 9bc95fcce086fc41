"""Telegram, against a Bot API as strict as the real one: nothing is lost, nothing is said twice, nothing leaks."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
import sqlalchemy as sa

from bot.app import Jamin, running
from bot.channels.links import is_public
from bot.channels.telegram.hook import PATH, SECRET_HEADER
from bot.channels.telegram.keyboards import Sharing, keyboard
from bot.channels.telegram.profile import LIMITS
from bot.clock import Clock
from bot.settings import Settings
from bot.web_app import bound
from bot.wording import load_speech
from conversations.messages import Address, Incoming, Message, Shown, StaffSaid
from conversations.reading.language import LANGUAGES
from storage.database import Database
from storage.tables import inbound, outbox
from tests.channels.test_telegram_updates import IGNORED
from tests.databases import Postgres
from tests.fakes.bot_api import LONGEST_TEXT, TOKEN, FakeBotApi, RefusalError

AT = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
SECRET = "rahasia-penuh"
NIK = "3273011708900001"
PATIENCE = 15.0
SHARE = Sharing("Kirim nomor", "Bagikan lokasi")


@pytest_asyncio.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    """Telegram."""
    async with FakeBotApi().running() as api:
        yield api


@pytest.fixture
def shared_url(postgres: Postgres) -> str:
    """A database that several processes may use."""
    return postgres.fresh()


@contextlib.asynccontextmanager
async def program(api: FakeBotApi, home: Path, database_url: str, *, hook: bool = False) -> AsyncIterator[Jamin]:
    """Run the program with a bot at that Telegram."""
    listener = bound("127.0.0.1", 0)
    root = f"http://127.0.0.1:{listener.getsockname()[1]}" if hook else ""
    settings = Settings(
        mode="demo",
        home=home,
        database_url=database_url,
        public_url=root,
        telegram_token=TOKEN,
        telegram_api_url=api.url,
        telegram_secret=SECRET,
    )
    async with running(settings, Clock(AT), listener) as jamin:
        yield jamin


@pytest_asyncio.fixture
async def polled(api: FakeBotApi, tmp_path: Path, database_url: str) -> AsyncIterator[Jamin]:
    """The program, polling."""
    async with program(api, tmp_path / "home", database_url) as jamin:
        yield jamin


@pytest_asyncio.fixture
async def hooked(api: FakeBotApi, tmp_path: Path, database_url: str) -> AsyncIterator[Jamin]:
    """The program, with a webhook that Telegram knows."""
    async with program(api, tmp_path / "home", database_url, hook=True) as jamin:
        await until(lambda: bool(api.webhook))
        yield jamin


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


async def heard(api: FakeBotApi, chat: int, count: int) -> list[str]:
    """Wait until a worker has that many messages; return their texts."""
    await until(lambda: len(api.sent[chat]) >= count)
    return [message["text"] for message in api.sent[chat]]


async def kinds(database: Database) -> list[str]:
    """Return the kinds of what was taken in."""
    async with database.read() as connection:
        return list((await connection.execute(sa.select(inbound.c.kind).order_by(inbound.c.line))).scalars())


async def states(database: Database) -> list[str]:
    """Return the states of the replies."""
    async with database.read() as connection:
        rows = sa.select(outbox.c.state).where(outbox.c.lane == "reply").order_by(outbox.c.line)
        return list((await connection.execute(rows)).scalars())


class TestTalk:
    """What a worker sees."""

    async def test_a_tap_is_answered_and_its_keys_disappear(self, polled: Jamin, api: FakeBotApi) -> None:
        """A tapped button stops waiting at once, and nobody can tap it again."""
        api.say(7, "/start")
        await heard(api, 7, 1)
        api.press(7, "Saya sendiri")
        await heard(api, 7, 2)
        await until(lambda: len(api.answered) == 1 and api.sent[7][0]["reply_markup"] == {})

    async def test_a_message_with_the_nik_is_deleted(self, polled: Jamin, api: FakeBotApi) -> None:
        """Once a NIK is read, the message that held it leaves the chat; others stay."""
        await to_the_nik(api)
        api.say(7, "sebentar ya")
        await heard(api, 7, 10)
        typed = api.say(7, f"ini {NIK}")
        await until(lambda: bool(api.deleted))
        assert api.deleted == [(7, typed["message"]["message_id"])]

    async def test_a_group_is_pointed_to_the_private_chat_once(self, polled: Jamin, api: FakeBotApi) -> None:
        """In a group one sentence says where to go, however often the bot is spoken to."""
        group = {"chat": {"id": -5, "type": "group", "title": "RT 05"}, "from": {"id": 7, "is_bot": False}}
        for number in range(3):
            api.bring(message={"message_id": number, "date": 1, "text": "/start", **group})
        api.say(7, "halo")
        await heard(api, 7, 1)
        await until(lambda: bool(api.sent[-5]))
        assert len(api.sent[-5]) == 1
        assert "t.me/JaminUjiBot" in api.sent[-5][0]["text"]
        assert await kinds(polled.database) == ["text"]

    async def test_a_long_message_arrives_in_parts(self, polled: Jamin, api: FakeBotApi) -> None:
        """What is longer than a message is cut between words, and the keys stand below the last part."""
        api.say(7, "/start")
        await heard(api, 7, 1)
        words = "padi " * 1200
        address = Address("telegram", TOKEN.partition(":")[0], "7")
        await polled.turns.take(Incoming(address, "case 1", StaffSaid("perkara", "Rina", words.strip()[:4096])))
        texts = await heard(api, 7, 3)
        assert all(len(text) <= LONGEST_TEXT for text in texts)
        assert sum(text.count("padi") for text in texts) == 819

    async def test_the_profile_is_shown(self, polled: Jamin, api: FakeBotApi) -> None:
        """At the start the bot gets its menu and its descriptions, for phones in each language that is offered."""
        await until(lambda: len([method for method, _ in api.calls if method == "setMyShortDescription"]) == 4)
        menus = {given.get("language_code"): given["commands"] for method, given in api.calls if "Commands" in method}
        assert list(menus) == [None, "en", "jv", "su"]
        assert "Talk to our staff" in menus["en"]
        assert not api.refused


async def to_the_nik(api: FakeBotApi) -> None:
    """Answer until the NIK is asked for, with the ninth message."""
    api.say(7, "/start")
    said = ["Saya sendiri", "narik ojol", "Pelanggan/usaha sendiri", "18–64 th, WNI, ada KTP", "2 juta"]
    for number, text in enumerate(said, start=1):
        await heard(api, 7, number)
        api.say(7, text)
    for number, label in enumerate(["JKK + JKM", "Ya, setuju"], start=6):
        await heard(api, 7, number)
        api.press(7, label)
    await heard(api, 7, 8)
    api.say(7, "kenapa minta NIK?")
    await heard(api, 7, 9)


class TestBringing:
    """Polling and webhooks."""

    async def test_the_offset_moves_behind_the_commit(self, polled: Jamin, api: FakeBotApi) -> None:
        """Telegram is told "received" only for what the database holds."""
        update = api.say(7, "/start")
        await until(lambda: api.confirmed > update["update_id"])
        assert await kinds(polled.database) == ["start"]

    async def test_what_came_while_we_were_away_is_taken(
        self, api: FakeBotApi, tmp_path: Path, database_url: str
    ) -> None:
        """What workers wrote while the program was down is answered, once, when it is up."""
        async with program(api, tmp_path / "home", database_url):
            api.say(7, "/start")
            await heard(api, 7, 1)
        again = api.say(7, "saya sendiri")
        api.bring_again(again)
        async with program(api, tmp_path / "home", database_url) as jamin:
            await heard(api, 7, 2)
            await until(lambda: api.confirmed > again["update_id"])
            assert await kinds(jamin.database) == ["start", "text"]
        assert len(api.sent[7]) == 2

    async def test_polling_goes_on_when_telegram_counts_anew(self, polled: Jamin, api: FakeBotApi) -> None:
        """Numbers that start again lower, as they do after a quiet week, are not missed."""
        api.say(7, "/start")
        await heard(api, 7, 1)
        await until(lambda: api.confirmed > 0)
        api.bring(update_id=11, message=api.message(7, text="saya sendiri"))
        await heard(api, 7, 2)

    @pytest.mark.parametrize(
        ("headers", "body", "status"),
        [
            ({}, b'{"update_id": 1}', 403),
            ({SECRET_HEADER: "guess"}, b'{"update_id": 1}', 403),
            ({SECRET_HEADER: "r\u00e4tsel"}, b'{"update_id": 1}', 403),
            ({SECRET_HEADER: SECRET}, b"", 400),
            ({SECRET_HEADER: SECRET}, b"{", 400),
            ({SECRET_HEADER: SECRET}, b"\xff\xfe", 400),
            ({SECRET_HEADER: SECRET}, b"[]", 400),
            ({SECRET_HEADER: SECRET}, b'{"update_id": "1"}', 400),
            ({SECRET_HEADER: SECRET}, b'{"update_id": 1}', 200),
        ],
        ids=range(9),
    )
    async def test_forged_and_malformed_are_refused(
        self, hooked: Jamin, headers: dict[str, str], body: bytes, status: int
    ) -> None:
        """A forged update is 403, one that is no update 400; neither is a turn."""
        async with (
            aiohttp.ClientSession() as http,
            http.post(hooked.root + PATH, data=body, headers=headers) as answer,
        ):
            assert answer.status == status
        assert await kinds(hooked.database) == []

    async def test_strange_updates_are_taken_without_a_trace(
        self, hooked: Jamin, api: FakeBotApi, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Whatever Telegram brings is answered 200, is no turn unless a worker said something, and leaks nothing."""
        async with aiohttp.ClientSession(headers={SECRET_HEADER: SECRET}) as http:
            for number, update in enumerate(IGNORED, start=100):
                async with http.post(hooked.root + PATH, json={"update_id": number, **update}) as answer:
                    assert answer.status == 200, update
            said = api.message(7, text=f"halo, NIK saya {NIK}, HP 0812-3456-7890")
            for _ in range(3):
                async with http.post(hooked.root + PATH, json={"update_id": 99, "message": said}) as answer:
                    assert answer.status == 200
        assert await kinds(hooked.database) == ["text"]
        printed = capsys.readouterr()
        assert not [secret for secret in (NIK, "0812", TOKEN, SECRET) if secret in printed.out + printed.err]

    async def test_while_stopping_telegram_is_asked_to_come_again(self, hooked: Jamin, api: FakeBotApi) -> None:
        """An update that is not taken is refused with a time to come again, so that nothing is lost."""
        await hooked.turns.stop()
        async with aiohttp.ClientSession(headers={SECRET_HEADER: SECRET}) as http:
            update = {"update_id": 1, "message": api.message(7, text="halo")}
            async with http.post(hooked.root + PATH, json=update) as answer:
                assert (answer.status, answer.headers["Retry-After"]) == (503, "1")


class TestDelivering:
    """When the sending side has troubles."""

    async def test_refusals_are_outlived_in_order(self, polled: Jamin, api: FakeBotApi) -> None:
        """After 429s, 500s and lost connections every reply arrives, in order, and none twice that was refused."""
        busy = RefusalError(429, "Too Many Requests: retry after 1", retry_after=1)
        broken = RefusalError(500, "Internal Server Error")
        api.failures.extend([busy, broken, broken, busy])
        api.say(7, "/start")
        api.say(7, "saya sendiri")
        async with asyncio.timeout(PATIENCE):
            while len(api.sent[7]) < 2:
                polled.clock.forward(1)
                await asyncio.sleep(0.1)
        texts = await heard(api, 7, 2)
        assert "Halo" in texts[0]
        assert len(set(texts)) == len(api.sent[7]) == 2

    async def test_a_minute_of_silence_is_obeyed(self, polled: Jamin, api: FakeBotApi) -> None:
        """A 429 with a minute's wait holds the chat for that minute, and then everything arrives in order."""
        api.failures.append(RefusalError(429, "Too Many Requests: retry after 60", retry_after=60))
        api.say(7, "/start")
        await until(lambda: api.refused[429] == 1)
        api.say(7, "saya sendiri")
        await until(lambda: api.confirmed > 500_002)
        polled.clock.forward(50)
        api.say(8, "/start")
        await heard(api, 8, 1)
        assert not api.sent[7]
        polled.clock.forward(11)
        texts = await heard(api, 7, 2)
        assert "Halo" in texts[0]

    async def test_a_lost_answer_is_the_only_reason_for_a_copy(self, polled: Jamin, api: FakeBotApi) -> None:
        """Where the connection breaks after Telegram took the message, it is sent once more."""
        api.failures.append("lost")
        api.say(7, "/start")
        texts = await heard(api, 7, 2)
        assert texts[0] == texts[1]

    async def test_a_block_is_noted_and_nothing_is_tried_again(self, polled: Jamin, api: FakeBotApi) -> None:
        """A worker who blocked the bot is not written to again; the chat notes that they left."""
        api.blocked.add(7)
        api.say(7, "/start")
        await until(lambda: api.refused[403] == 1)
        async with asyncio.timeout(PATIENCE):
            while await states(polled.database) != ["dead"]:
                await asyncio.sleep(0.02)
        assert await kinds(polled.database) == ["start", "left"]

    async def test_one_process_at_a_time_holds_a_bot(self, api: FakeBotApi, tmp_path: Path, shared_url: str) -> None:
        """Of two processes on one database only one asks for updates, and both answer as one."""
        async with (
            program(api, tmp_path / "home", shared_url) as first,
            program(api, tmp_path / "home", shared_url) as second,
        ):
            api.say(7, "/start")
            await heard(api, 7, 1)
            held = [jamin.messengers["telegram"].channels for jamin in (first, second)]
        assert sorted(map(len, held)) == [0, 1]
        assert len(api.sent[7]) == 1


class TestKeys:
    """The keys below a message."""

    def test_the_phone_is_shared_by_a_tap(self) -> None:
        """Where the number is asked for, one key shares it and the other choices stand beside it."""
        keys = keyboard(Message("HP?", (Shown("Sama", "1:phone:same"),), step="phone"), SHARE).to_dict()
        assert keys["keyboard"] == [[{"text": "Kirim nomor", "request_contact": True}], [{"text": "Sama"}]]

    def test_a_place_is_shared_by_a_tap(self) -> None:
        """Where a region is asked for, one key shares the position; the regions found stand below the message."""
        asked = keyboard(Message("Di mana?", step="home_region"), SHARE).to_dict()
        assert asked["keyboard"] == [[{"text": "Bagikan lokasi", "request_location": True}]]
        found = keyboard(Message("?", (Shown("Kota Bandung", "1:home_region:32.73"),), step="home_region"), SHARE)
        assert found.to_dict()["inline_keyboard"][0][0]["text"] == "Kota Bandung"

    @pytest.mark.parametrize(
        ("url", "public"),
        [
            ("https://daftar.example.org/privat/x", True),
            ("http://127.0.0.1:8080/privat/x", False),
            ("http://localhost/x", False),
            ("http://192.168.1.5/x", False),
            ("http://[::1]/x", False),
        ],
    )
    def test_links_that_lead_nowhere_are_left_out(self, url: str, public: bool) -> None:
        """A link no phone can open is no key: Telegram would refuse the whole message."""
        assert is_public(url) is public
        keys = keyboard(Message("?", (Shown("Buka", url=url), Shown("Ya", "1:a:b"))), SHARE).to_dict()
        assert len(keys["inline_keyboard"]) == 1 + public

    @pytest.mark.parametrize("locale", LANGUAGES)
    def test_the_profile_fits(self, locale: str) -> None:
        """Menu and descriptions are no longer than Telegram allows, in every language."""
        said = load_speech(locale).phrases
        assert [key for key, most in LIMITS.items() if not 0 < len(said[key]) <= most] == []
