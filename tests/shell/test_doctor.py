"""Looking over an installation names what is wrong, and what to do."""

from __future__ import annotations

import os
import time
from pathlib import Path

import sqlalchemy as sa

from bot.app import Jamin
from bot.doctor import examine
from bot.settings import Settings
from conversations.retention import BACKUP_DAYS
from storage.database import open_database
from storage.migrate import migrate
from storage.sealing import KeyRing
from storage.tables import audit, chats
from tests.shell.worker import Worker


async def said(settings: Settings) -> str:
    """All that is found, in words."""
    return "\n".join(map(str, await examine(settings)))


async def test_a_healthy_demo_has_nothing_wrong(jamin: Jamin, worker: Worker) -> None:
    """A fresh demo is told to be one, and that the first operator has yet to change the password given."""
    await worker.answer_until("review")
    found = await examine(jamin.settings)
    assert [finding for finding in found if finding.grade == "wrong"] == []
    assert any("demo mode" in finding.what for finding in found)


async def test_keys_that_do_not_fit_are_named(jamin: Jamin, worker: Worker) -> None:
    """With another master key than the database was sealed with, the setting is named."""
    await worker.answer_until("whom")
    other = jamin.settings.model_copy(update={"keys": KeyRing.make()})
    assert "wrong: JAMIN_KEYS" in await said(other)


async def test_rows_under_an_older_key_are_counted(jamin: Jamin, worker: Worker) -> None:
    """After a new key was put first, the command that turns the rest to it is named."""
    await worker.answer_until("whom")
    held = (jamin.settings.home / "master.key").read_text().strip()
    both = jamin.settings.model_copy(update={"keys": f"{KeyRing.make('k2')},{held}"})
    assert "keys rotate" in await said(both)


async def test_a_broken_audit_trail_is_grave(jamin: Jamin, worker: Worker) -> None:
    """A row that somebody slipped in is found by its number."""
    row = {"n": 1, "at": jamin.clock(), "who": "x", "act": "x", "subject": "x", "previous": b"", "digest": b""}
    async with jamin.database.write() as connection:
        await connection.execute(sa.insert(audit).values(row))
    assert "broken from row 1" in await said(jamin.settings)


async def test_files_open_to_others_are_named(jamin: Jamin) -> None:
    """A key file that others may read is named with the command that closes it."""
    (jamin.settings.home / "master.key").chmod(0o644)
    assert "chmod go=" in await said(jamin.settings)


async def test_a_backup_that_outlived_its_time_is_named(jamin: Jamin) -> None:
    """A copy older than the rule is to be deleted, for it holds what was erased since."""
    folder = jamin.settings.home / "backups"
    folder.mkdir()
    for name, days in (("old", BACKUP_DAYS + 1), ("new", 1)):
        (folder / name).touch()
        long_ago = time.time() - days * 86_400
        os.utime(folder / name, (long_ago, long_ago))
    found = await said(jamin.settings)
    assert f"{folder / 'old'} holds what was erased" in found
    assert f"{folder / 'new'} holds" not in found


async def test_an_old_schema_is_named(tmp_path: Path) -> None:
    """A database that was never migrated is told to be started once."""
    settings = Settings(mode="demo", home=tmp_path, database_url=f"sqlite:///{tmp_path / 'old.db'}")
    database = open_database(settings.database)
    await migrate(database)
    async with database.write() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
        assert await connection.scalar(sa.select(sa.func.count()).select_from(chats)) == 0
    await database.close()
    assert "older schema" in await said(settings)
