"""Killed with a picture in its hands, the program reads it after the restart, says so once, and leaves none of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.app import running
from bot.clock import Clock
from bot.ktp.reader import Reader
from bot.settings import Settings
from bot.web_app import bound
from tests.chat import HERE
from tests.contracts.phones import PATIENCE, TelegramPhone
from tests.databases import Sqlite
from tests.fakes.bot_api import TOKEN, FakeBotApi
from tests.ktp.conftest import JPEG
from tests.ktp.test_messengers import TAPS

CHATS = {7001: "being read", 7002: "waiting"}
CONFIRMATION = "NIK: 3273 0117 0890 0001"


@contextlib.asynccontextmanager
async def killed_at_the_end(settings: Settings, scratch: Path) -> AsyncIterator[None]:
    """Run a server in a process of its own, which has no moment to tidy up."""
    arguments = ("-m", "tests.ktp.serving", settings.model_dump_json())
    environment = {**os.environ, "TMPDIR": str(scratch)}
    server = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment, stdout=PIPE)
    try:
        assert server.stdout is not None
        assert await server.stdout.readline()
        yield
    finally:
        server.kill()
        await server.communicate()


async def test_a_picture_outlives_a_kill_and_is_confirmed_once(
    sqlite: Sqlite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while one picture is read and another one waits: both are fetched again and read after the restart, each
    is shown once, and no file holds a byte of them, neither after the kill nor at the end."""
    monkeypatch.setattr(app, "Reader", lambda: Reader(limit=30.0, module="tests.ktp.fake_child"))
    async with FakeBotApi().running() as api:
        there: dict[str, Any] = {"telegram_token": TOKEN, "telegram_api_url": api.url}
        home, url = tmp_path / "home", sqlite.fresh()
        settings = Settings(mode="demo", home=home, database_url=url, ktp_photo=True, **there)
        phones = [TelegramPhone(api, chat) for chat in CHATS]
        async with killed_at_the_end(settings, tmp_path):
            for chat, phone in zip(CHATS, phones, strict=True):
                await asked_for_nik(phone)
                api.files[str(chat)] = JPEG + b"slow"
                api.write(chat, photo=[{"file_id": str(chat)}])
                await phone.hears("Fotonya sedang dibaca")
            async with asyncio.timeout(PATIENCE):
                while len(api.fetched) < len(CHATS):
                    await asyncio.sleep(0.01)
        assert not holding(JPEG, tmp_path)
        api.files = dict.fromkeys(api.files, JPEG)
        async with running(settings, Clock(HERE), bound("127.0.0.1", 0)):
            for phone in phones:
                await phone.hears(CONFIRMATION)
                await phone.asks("ya")  # Whatever was to be said before has been said by now.
        assert [sum(CONFIRMATION in heard.text for heard in phone.heard()) for phone in phones] == [1, 1]
        assert not holding(JPEG, tmp_path)


async def asked_for_nik(phone: TelegramPhone) -> None:
    """Come to the question for the NIK."""
    await phone.asks("halo")
    for label in TAPS:
        await phone.picks(label)


def holding(content: bytes, folder: Path) -> list[Path]:
    """The files below a folder that hold some bytes."""
    return [file for file in folder.rglob("*") if file.is_file() and content in file.read_bytes()]
