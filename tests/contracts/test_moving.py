"""One enrolment on several channels: begun in Telegram, gone on with in WhatsApp and the web, ended in Telegram."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
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
from tests.fakes.emulator import TOKEN, EmulatedPhone, NotInstalledError, emulator
from tests.fakes.graph_api import FakeGraphApi

CODE = re.compile(r"[A-Z]{4} \d{5}")


class Phones(NamedTuple):
    """What one worker holds: three apps, and the program behind them."""

    jamin: Jamin
    telegram: Phone
    whatsapp: Phone
    web: Phone


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
        web = await stack.enter_async_context(WebPhone.at(jamin.root))
        yield Phones(jamin, telegram, WhatsAppPhone(api), web)


async def code(phone: Phone) -> str:
    """Ask for a code; it comes with a way into the other channels."""
    before = len(phone.heard())
    await phone.say("pindah")
    found = CODE.search((await phone.hears("Kode pindah", after=before)).text)
    assert found is not None
    return found[0]


async def test_one_enrolment_on_three_channels(phones: Phones) -> None:
    """The worker goes on with each answer kept, and one person is enrolled once."""
    jamin, telegram, whatsapp, web = phones
    await telegram.start()
    await telegram.hears("Halo")
    await telegram.picks("Saya sendiri")
    await telegram.asks("narik ojol")
    await telegram.picks("Pelanggan/usaha sendiri")
    await whatsapp.say(await code(telegram))
    await whatsapp.hears("sekarang di sini")
    await whatsapp.picks("18–64 th, WNI, ada KTP")
    await whatsapp.asks("2 juta")
    await whatsapp.picks("JKK + JKM")
    await whatsapp.picks("Ya, setuju")
    await whatsapp.asks(NIK)
    await web.start((await code(whatsapp)).replace(" ", ""))
    await web.hears("sekarang di sini")
    await web.asks("Siti Aminah")
    await web.picks("17 Agustus 1990")
    shown = len(telegram.heard())
    await telegram.say(await code(web))
    await telegram.hears("sekarang di sini", after=shown)
    await telegram.asks("0812 3456 7890")
    await telegram.tap("Benar, daftarkan")
    assert "Siti Aminah" in (await telegram.hears("Kode bayar")).text
    async with jamin.database.read() as connection:
        enrolled = (await connection.execute(sa.select(enrolments.c.chat_id))).scalars().all()
        channel = (await connection.execute(sa.select(chats.c.channel).where(chats.c.id == enrolled[0]))).scalar_one()
    assert len(enrolled) == 1
    assert channel == "telegram"
    assert "dilanjutkan di web" in (await whatsapp.asks("halo")).text
    await web.say("halo")
    await web.hears("dilanjutkan di Telegram")
    assert not [heard for heard in web.heard() if "Siti" in heard.text]
