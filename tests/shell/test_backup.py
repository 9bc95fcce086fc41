"""A copy made while people write is whole, and the program goes on from it."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.app import Jamin, running
from bot.clock import Clock
from bot.erasing import ListError, list_erasures, replay_erasures
from bot.web_app import bound
from conversations.messages import Address, Text
from storage.backup import BackupError, back_up
from storage.chats import chat_by_id
from storage.database import open_database
from storage.sealing import KeyRing
from storage.tables import chats
from tests.databases import PROGRAMS, Postgres
from tests.shell.worker import Worker


@pytest.fixture(autouse=True)
def _client_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's client programs are on the PATH."""
    monkeypatch.setenv("PATH", str(PROGRAMS), prepend=":")


def restored(copy: Path, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Do what the runbook says; return the URL of what was restored."""
    if copy.read_bytes().startswith(b"SQLite format 3"):
        return f"sqlite:///{copy.rename(tmp_path / 'restored.db')}"
    postgres: Postgres = request.getfixturevalue("postgres")
    url = postgres.empty()
    subprocess.run(["pg_restore", "--no-owner", f"--dbname={url}", str(copy)], check=True)
    return url


async def test_the_program_goes_on_from_a_copy(
    jamin: Jamin, worker: Worker, clock: Clock, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A worker in the middle of the form, whose chat is in the copy, is asked the next question after a restore."""
    await worker.answer_until("income")
    copy = tmp_path / "copy"
    writing = asyncio.create_task(Worker(jamin, clock, "budi").answer_until("income"))
    await asyncio.to_thread(back_up, jamin.settings.database, copy)
    await writing
    url = await asyncio.to_thread(restored, copy, tmp_path, request)
    settings = jamin.settings.model_copy(update={"database_url": url})
    async with running(settings, clock, bound("127.0.0.1", 0)) as again:
        siti = Worker(again, clock, "siti")
        await siti.say(Text("2 juta"))
    assert siti.last.step == "plan"
    assert siti.address == Address("terminal", "jamin", "siti")


async def test_who_was_erased_since_the_copy_is_erased_again(
    jamin: Jamin, worker: Worker, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """The copy still opens what was erased after it; with the kept list played to it nothing of that chat opens, and
    another chat is as it was."""
    await worker.answer_until("income")
    await Worker(jamin, jamin.clock, "budi").answer_until("income")
    await asyncio.to_thread(back_up, jamin.settings.database, tmp_path / "copy")
    await worker.say(Text("hapus data saya"))
    await worker.tap("yes")
    await list_erasures(jamin.settings)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    url = await asyncio.to_thread(restored, tmp_path / "copy", tmp_path, request)
    assert await readable(url, jamin.keys) == 2
    settings = jamin.settings.model_copy(update={"database_url": url})
    await replay_erasures(settings, lines)
    assert await readable(url, jamin.keys) == 1
    assert capsys.readouterr().out == "1 erased again, of 1 on the list\n"
    with pytest.raises(ListError, match="line 1"):
        await replay_erasures(settings, ["no digest"])


async def readable(url: str, keys: KeyRing) -> int:
    """Count the chats whose session opens."""
    database = open_database(url)
    async with database.read() as connection:
        ids = (await connection.execute(sa.select(chats.c.id))).scalars()
        opened = [await chat_by_id(connection, keys, one) for one in ids]
    await database.close()
    return len([chat for chat in opened if chat and chat.session])


def test_a_copy_never_overwrites(database_url: str, tmp_path: Path) -> None:
    """A file that is there is left alone."""
    (tmp_path / "copy").write_text("an older copy")
    with pytest.raises(BackupError, match="name a new file"):
        back_up(database_url, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "an older copy"


@pytest.mark.parametrize("url", ["sqlite:////nowhere/jamin.db", "postgresql://postgres@127.0.0.1:9/jamin"])
def test_nothing_is_left_of_a_copy_that_failed(url: str, tmp_path: Path) -> None:
    """A database that cannot be read leaves no file that looks like a copy."""
    with pytest.raises(BackupError, match=r"is not there|pg_dump refused"):
        back_up(url, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_missing_pg_dump_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PostgreSQL's client programs the message says what to install."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BackupError, match="pg_dump is not installed"):
        back_up("postgresql://postgres@127.0.0.1:9/jamin", tmp_path / "copy")
