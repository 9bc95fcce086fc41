"""One enrolment on several channels: begun in Telegram, gone on with in WhatsApp and the web, ended in Telegram."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio
import sqlalchemy as sa

from bot.app import Jamin
from storage.tables import chats, enrolments
from tests.contracts.phones import Phone, WebPhone, WhatsAppPhone
from tests.contracts.test_channels import NIK, Site, whatsapp_settings
from tests.databases import Sqlite
from tests.e2e.transcript import Transcript
from tests.fakes.emulator import TOKEN, EmulatedPhone, NotInstalledError, emulator
from tests.fakes.graph_api import FakeGraphApi

CODE = re.compile(r"[A-Z]{4} \d{5}")


class Writing:
    """A phone whose talk is written down."""

    def __init__(self, phone: Phone, channel: str, transcript: Transcript) -> None:
        self._phone = phone
        self._channel = channel
        self._transcript = transcript

    def begin(self) -> None:
        """Note that the worker takes this phone in hand."""
        self._transcript.note(self._channel)

    async def asks(self, text: str, part: str = "") -> str:
        """Type something; return what is said to it, that with `part` where several messages come."""
        self._transcript.says(text)
        return await self._hears(self._phone.say(text), part)

    async def picks(self, label: str, part: str = "") -> str:
        """Tap something; return what is said to it."""
        self._transcript.taps(label)
        await self._phone.until(lambda: next((h for h in self._phone.heard() if label in h.labels), None))
        return await self._hears(self._phone.tap(label), part)

    async def opens(self, code: str, part: str) -> str:
        """Open the chat, through a link that carries a code; return what is said first."""
        return await self._hears(self._phone.start(code), part)

    async def code(self) -> str:
        """Ask for a code."""
        found = CODE.search(await self.asks("pindah", "Kode pindah"))
        assert found is not None
        return found[0]

    async def _hears(self, said: Awaitable[None], part: str) -> str:
        before = len(self._phone.heard())
        await said
        heard = await self._phone.hears(part, after=before)
        self._transcript.hears(heard.text, heard.labels)
        return heard.text


class Phones(NamedTuple):
    """What one worker holds: three apps, and the program behind them."""

    jamin: Jamin
    page: WebPhone
    telegram: Writing
    whatsapp: Writing
    web: Writing
    transcript: Transcript


@pytest_asyncio.fixture
async def phones(tmp_path: Path, sqlite: Sqlite) -> AsyncIterator[Phones]:
    """The program with all channels open."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            url = await stack.enter_async_context(emulator())
        except NotInstalledError:
            pytest.skip("npm cannot fetch telegram-test-api here")
        api = await stack.enter_async_context(FakeGraphApi().running())
        site = Site(tmp_path / "home", sqlite.fresh())
        jamin = await stack.enter_async_context(
            site.jamin(telegram_token=TOKEN, telegram_api_url=url, **whatsapp_settings(api))
        )
        api.hook = f"{jamin.root}/webhooks/whatsapp"
        telegram = await stack.enter_async_context(EmulatedPhone.at(url))
        page = await stack.enter_async_context(WebPhone.at(jamin.root))
        transcript = Transcript("one enrolment, on Telegram, WhatsApp, the web and Telegram again")
        yield Phones(
            jamin,
            page,
            Writing(telegram, "Telegram", transcript),
            Writing(WhatsAppPhone(api), "WhatsApp", transcript),
            Writing(page, "web chat", transcript),
            transcript,
        )


async def test_one_enrolment_on_three_channels(phones: Phones) -> None:
    """The worker goes on with each answer kept, and one person is enrolled once; the old addresses know only where."""
    jamin, page, telegram, whatsapp, web, transcript = phones
    telegram.begin()
    await telegram.opens("", "Halo")
    await telegram.picks("Saya sendiri")
    await telegram.asks("narik ojol")
    await telegram.picks("Pelanggan/usaha sendiri")
    code = await telegram.code()
    whatsapp.begin()
    await whatsapp.asks(code, "sekarang di sini")
    await whatsapp.picks("18–64 th, WNI, ada KTP")
    await whatsapp.asks("2 juta")
    await whatsapp.picks("JKK + JKM")
    await whatsapp.picks("Ya, setuju")
    await whatsapp.asks(NIK, "nama lengkap")
    code = await whatsapp.code()
    web.begin()
    await web.opens(code.replace(" ", ""), "sekarang di sini")
    await web.asks("Siti Aminah")
    await web.picks("17 Agustus 1990")
    code = await web.code()
    telegram.begin()
    await telegram.asks(code, "sekarang di sini")
    await telegram.asks("0812 3456 7890")
    assert "Siti Aminah" in await telegram.picks("Benar, daftarkan", "Kode bayar")
    async with jamin.database.read() as connection:
        enrolled = (await connection.execute(sa.select(enrolments.c.chat_id))).scalars().all()
        channel = (await connection.execute(sa.select(chats.c.channel).where(chats.c.id == enrolled[0]))).scalar_one()
    assert len(enrolled) == 1
    assert channel == "telegram"
    whatsapp.begin()
    assert "dilanjutkan di web" in await whatsapp.asks("halo")
    await page.say("halo")
    await page.hears("dilanjutkan di Telegram")
    assert not [heard for heard in page.heard() if "Siti" in heard.text]
    transcript.check("moved")
