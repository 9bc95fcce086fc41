"""A picture from a messenger: fetched there, read, shown, and taken by the yes of somebody who looked at it."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from bot import app
from bot.app import Jamin, running
from bot.clock import Clock
from bot.ktp.reader import Reader
from bot.settings import Settings
from bot.web_app import bound
from storage.tables import inbound
from tests.chat import HERE
from tests.contracts.phones import Phone, TelegramPhone, WhatsAppPhone
from tests.databases import Sqlite
from tests.fakes import bot_api, graph_api
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.graph_api import FakeGraphApi
from tests.ktp.conftest import HASTY, JPEG

BY_HAND = ("text", "tap", "photo", "contact", "start")
"""The kinds of incoming that a worker makes."""
CHAT, PERSON = 7001, "6281234567890"
TAPS = (
    *("Saya sendiri", "Ojek online", "Pelanggan/usaha sendiri", "18–64 th, WNI, ada KTP", "Rp2 juta–Rp3 juta"),
    *("JKK + JKM", "Ya, setuju"),
)


class Held(NamedTuple):
    """A worker's phone, how a picture is sent from it, which files the messenger was asked for, and who serves it."""

    phone: Phone
    send: Callable[[], object]
    fetched: Callable[[], list[str]]
    jamin: Jamin


@contextlib.asynccontextmanager
async def telegram(settings: Settings) -> AsyncIterator[Held]:
    """Telegram, which offers a picture in two sizes."""
    async with FakeBotApi().running() as api:
        api.files |= {"small": JPEG + b"dark", "large": JPEG}
        sizes = [{"file_id": "small"}, {"file_id": "large"}]
        given = settings.model_copy(update={"telegram_token": bot_api.TOKEN, "telegram_api_url": api.url})
        async with running(given, Clock(HERE), bound("127.0.0.1", 0)) as jamin:
            yield Held(TelegramPhone(api, CHAT), lambda: api.write(CHAT, photo=sizes), lambda: api.fetched, jamin)


@contextlib.asynccontextmanager
async def whatsapp(settings: Settings) -> AsyncIterator[Held]:
    """WhatsApp."""
    async with FakeGraphApi().running() as api:
        api.files["m1"] = JPEG
        there = {
            "whatsapp_token": graph_api.TOKEN,
            "whatsapp_phone_id": graph_api.NUMBER,
            "whatsapp_app_secret": graph_api.APP_SECRET,
            "whatsapp_verify_token": graph_api.VERIFY,
            "whatsapp_api_url": api.url,
        }
        async with running(settings.model_copy(update=there), Clock(HERE), bound("127.0.0.1", 0)) as jamin:
            api.hook = f"{jamin.root}/webhooks/whatsapp"
            image = {"id": "m1", "mime_type": "image/jpeg"}
            phone, files = WhatsAppPhone(api, PERSON), partial(filter, lambda path: path.startswith("/files/"))
            send = partial(api.write, PERSON, type="image", image=image)
            yield Held(phone, send, lambda: list(files(api.asked)), jamin)


@pytest.mark.parametrize(("messenger", "file"), [(telegram, "large"), (whatsapp, "/files/m1")])
async def test_turns_to_a_receipt_with_a_photo_eleven_or_fewer_typed_three_or_fewer(
    messenger: Callable[[Settings], AbstractAsyncContextManager[Held]],
    file: str,
    sqlite: Sqlite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Turns to a receipt with a photo: 11 or fewer, typed 3 or fewer. The picture is fetched from the messenger once,
    in its largest size, read, and what it says is shown whole before anything of it is taken."""
    for channel in ("telegram", "whatsapp"):
        monkeypatch.setattr(f"bot.channels.{channel}.LIMITS", HASTY)
    monkeypatch.setattr(app, "Reader", lambda: Reader(limit=30.0, module="tests.ktp.fake_child"))
    settings = Settings(mode="demo", home=tmp_path / "home", database_url=sqlite.fresh(), ktp_photo=True)
    async with messenger(settings) as (phone, send, fetched, jamin):
        await phone.asks("halo")
        for label in TAPS:
            asked = await phone.picks(label)
        assert "foto KTP" in asked.text
        send()
        shown = await phone.hears("NIK: 3273 0117 0890 0001")
        assert all(field in shown.text for field in ("Budi Santoso", "17 Agustus 1990", "Bandung", "laki-laki"))
        await phone.asks("0812 3456 7890")
        await phone.tap("Benar, daftarkan")
        assert "KPJ" in (await phone.hears("Pendaftaran Budi Santoso diterima")).text
        assert fetched() == [file]
        turns = await kinds(jamin)
    assert sum(turns[kind] for kind in BY_HAND) <= 11
    assert (turns["photo"], turns["text"] <= 3) == (1, True)


async def kinds(jamin: Jamin) -> Counter[str]:
    """How many incomings of each kind were taken."""
    async with jamin.database.read() as connection:
        return Counter((await connection.execute(sa.select(inbound.c.kind))).scalars().all())
