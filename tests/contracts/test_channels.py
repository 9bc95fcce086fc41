"""What every channel promises, whatever lies between the worker and us."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import sqlalchemy as sa

from bot.app import Jamin, running
from bot.clock import Clock
from bot.settings import Settings
from bot.web_app import bound
from storage.tables import inbound
from tests.contracts.phones import PATIENCE, Phone, TelegramPhone, TerminalPhone, WebPhone, WhatsAppPhone
from tests.databases import Sqlite
from tests.fakes import graph_api
from tests.fakes.bot_api import TOKEN, FakeBotApi
from tests.fakes.emulator import TOKEN as EMULATED_TOKEN
from tests.fakes.emulator import EmulatedPhone, NotInstalledError, emulator, hook_is_set
from tests.fakes.graph_api import FakeGraphApi

AT = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
NIK = "3273011708900001"
STRANGE = ("x" * 4000, "👩🏽‍🌾" * 400, "a\0b", "\u202eterbalik", "<b>&amp;*_`[", "?", "\u200e")


def whatsapp_settings(api: FakeGraphApi) -> dict[str, Any]:
    """Return the settings for the number at that Graph API."""
    return {
        "whatsapp_token": graph_api.TOKEN,
        "whatsapp_phone_id": graph_api.NUMBER,
        "whatsapp_app_secret": graph_api.APP_SECRET,
        "whatsapp_verify_token": graph_api.VERIFY,
        "whatsapp_api_url": api.url,
    }


class Site:
    """Where the program of one test lives."""

    def __init__(self, home: Path, database_url: str) -> None:
        self._home = home
        self._database_url = database_url

    @contextlib.asynccontextmanager
    async def jamin(self, *, public: bool = False, **settings: Any) -> AsyncIterator[Jamin]:
        """Run the program; `public` tells it where it can be reached from outside."""
        listener = bound("127.0.0.1", 0)
        if public:
            settings["public_url"] = f"http://127.0.0.1:{listener.getsockname()[1]}"
        given = Settings(mode="demo", home=self._home, database_url=self._database_url, **settings)
        async with running(given, Clock(AT), listener) as jamin:
            yield jamin


Opened = AsyncIterator[tuple[Jamin, Phone]]


@contextlib.asynccontextmanager
async def terminal(site: Site) -> Opened:
    """The terminal."""
    async with site.jamin() as jamin:
        yield jamin, TerminalPhone(jamin)


@contextlib.asynccontextmanager
async def web_chat(site: Site) -> Opened:
    """The web chat."""
    async with site.jamin() as jamin, WebPhone.at(jamin.root) as phone:
        yield jamin, phone


@contextlib.asynccontextmanager
async def telegram_polling(site: Site) -> Opened:
    """Telegram without a public address."""
    async with FakeBotApi().running() as api, site.jamin(telegram_token=TOKEN, telegram_api_url=api.url) as jamin:
        yield jamin, TelegramPhone(api)


@contextlib.asynccontextmanager
async def telegram_webhook(site: Site) -> Opened:
    """Telegram with a public address."""
    async with (
        FakeBotApi().running() as api,
        site.jamin(public=True, telegram_token=TOKEN, telegram_api_url=api.url) as jamin,
    ):
        yield jamin, TelegramPhone(api)


@contextlib.asynccontextmanager
async def emulated_polling(site: Site) -> Opened:
    """Telegram as others imitate it, without a public address."""
    async with (
        emulator() as url,
        site.jamin(telegram_token=EMULATED_TOKEN, telegram_api_url=url) as jamin,
        EmulatedPhone.at(url) as phone,
    ):
        yield jamin, phone


@contextlib.asynccontextmanager
async def emulated_webhook(site: Site) -> Opened:
    """Telegram as others imitate it, with a public address."""
    async with (
        emulator() as url,
        site.jamin(public=True, telegram_token=EMULATED_TOKEN, telegram_api_url=url) as jamin,
        EmulatedPhone.at(url) as phone,
    ):
        async with asyncio.timeout(PATIENCE):
            while not await hook_is_set(url):
                await asyncio.sleep(0.02)
        yield jamin, phone


@contextlib.asynccontextmanager
async def whatsapp(site: Site) -> Opened:
    """WhatsApp, to a number that people see."""
    async with whatsapp_of(site, "6281234567890") as opened:
        yield opened


@contextlib.asynccontextmanager
async def whatsapp_by_id(site: Site) -> Opened:
    """WhatsApp, with somebody who hides their number."""
    async with whatsapp_of(site, "ID.13491208655302741918") as opened:
        yield opened


@contextlib.asynccontextmanager
async def whatsapp_of(site: Site, person: str) -> Opened:
    """WhatsApp with one person."""
    async with FakeGraphApi().running() as api, site.jamin(**whatsapp_settings(api)) as jamin:
        api.hook = f"{jamin.root}/webhooks/whatsapp"
        yield jamin, WhatsAppPhone(api, person)


CHANNELS: dict[str, Callable[[Site], AbstractAsyncContextManager[tuple[Jamin, Phone]]]] = {
    "terminal": terminal,
    "web": web_chat,
    "telegram by polling": telegram_polling,
    "telegram by webhook": telegram_webhook,
    "whatsapp": whatsapp,
    "whatsapp without a number": whatsapp_by_id,
    "emulator by polling": emulated_polling,
    "emulator by webhook": emulated_webhook,
}


@pytest_asyncio.fixture(params=CHANNELS)
async def opened(request: pytest.FixtureRequest, tmp_path: Path, sqlite: Sqlite) -> Opened:
    """The program with one channel, and a worker at the other end of it."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            opened = await stack.enter_async_context(CHANNELS[request.param](Site(tmp_path / "home", sqlite.fresh())))
        except NotInstalledError:
            pytest.skip("npm cannot fetch telegram-test-api here")
        yield opened


@pytest.fixture
def phone(opened: tuple[Jamin, Phone]) -> Phone:
    """The worker's phone."""
    return opened[1]


@pytest.fixture
def jamin(opened: tuple[Jamin, Phone]) -> Jamin:
    """The program."""
    return opened[0]


async def turns_taken(jamin: Jamin) -> int:
    """Count what was taken in."""
    async with jamin.database.read() as connection:
        return int((await connection.execute(sa.select(sa.func.count()).select_from(inbound))).scalar_one())


async def to_the_nik(phone: Phone) -> None:
    """Answer until the NIK is asked for."""
    await phone.start()
    await phone.hears("Halo")
    await phone.picks("Saya sendiri")
    await phone.asks("narik ojol")
    await phone.picks("Pelanggan/usaha sendiri")
    await phone.picks("18–64 th, WNI, ada KTP")
    await phone.asks("2 juta")
    await phone.picks("JKK + JKM")
    await phone.picks("Ya, setuju")


class TestChannelContract:
    """Every channel."""

    async def test_a_whole_enrolment(self, phone: Phone) -> None:
        """A worker enrols from the first hello to the payment code, in whatever way they came; the proof of status is
        told in words everywhere, and where pictures can be shown it comes as one too."""
        await to_the_nik(phone)
        await phone.asks(NIK)
        await phone.asks("Siti Aminah")
        await phone.picks("17 Agustus 1990")
        before = len(phone.heard())
        await phone.asks("0812 3456 7890")
        assert "JKK + JKM" in (await phone.hears("Siti Aminah", after=before)).text
        await phone.tap("Benar, daftarkan")
        receipt = await phone.hears("Kode bayar")
        assert "Siti Aminah" in receipt.text
        shown = len(await phone.pictures())
        await phone.say("kartu")
        assert "Siti Aminah" in (await phone.hears("Bukti status")).text
        found = (await phone.pictures())[shown:]
        assert [file[:4] for file in found] in ([], [b"\x89PNG", b"%PDF"])
        assert found or not phone.shows_pictures

    async def test_what_comes_twice_is_taken_once(self, phone: Phone, jamin: Jamin) -> None:
        """An update that is delivered again changes nothing and is answered by nothing."""
        if not phone.brings_again:
            pytest.skip("nothing comes twice here")
        await phone.start()
        await phone.hears("Halo")
        await phone.picks("Saya sendiri")
        before, taken = len(phone.heard()), await turns_taken(jamin)
        await phone.again()
        await phone.again()
        await phone.asks("narik ojol")
        assert len(phone.heard()) == before + 1
        assert await turns_taken(jamin) == taken + 1

    async def test_an_old_button_changes_nothing(self, phone: Phone) -> None:
        """A button of a question that is over is answered kindly with where the chat is now."""
        await phone.start()
        await phone.hears("Halo")
        await phone.picks("Saya sendiri")
        await phone.asks("narik ojol")
        asked = await phone.picks("Pelanggan/usaha sendiri")
        before = len(phone.heard())
        await phone.tap_old("Saya sendiri")
        again = await phone.hears_more(before)
        assert again.labels == asked.labels

    async def test_what_can_not_be_read_is_said(self, phone: Phone) -> None:
        """A voice message is answered with a request for words, and the question stays open."""
        await phone.start()
        hello = await phone.hears("Halo")
        if not await phone.send_voice():
            pytest.skip("nothing but words can be sent here")
        said = await phone.hears("pesan suara")
        assert said.labels == hello.labels

    async def test_any_text_is_answered(self, phone: Phone) -> None:
        """However long or strange a text is, the worker hears something kind."""
        await phone.start()
        await phone.hears("Halo")
        for text in STRANGE:
            assert (await phone.asks(text)).text.strip()

    async def test_answers_keep_their_order(self, phone: Phone, jamin: Jamin) -> None:
        """What is typed fast is answered in the order it was typed."""
        await phone.start()
        await phone.hears("Halo")
        for text in ("saya sendiri", "narik ojol"):
            await phone.say(text)
        await phone.until(lambda: next((h for h in phone.heard() if "Pelanggan/usaha sendiri" in h.labels), None))
        assert await turns_taken(jamin) == 3
