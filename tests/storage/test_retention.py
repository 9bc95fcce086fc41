"""What was kept for long enough goes: every table has a rule, and what a rule says is done."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from prometheus_client import CollectorRegistry

from bot.purging import Purging
from conversations.retention import BACKUP_DAYS, ERASURE_DAYS, REMINDER_DAYS
from storage.database import Database
from storage.erasure import erase_chat
from storage.retention import CHUNK, RULES, Rule, purge_some
from storage.sealing import KeyRing
from storage.tables import broadcast_chats, chats, inbound, media, metadata, openings, outbox
from storage.transcript import lines_after
from tests import toy
from tests.storage.living import ADDRESS, Life

DAY = dt.timedelta(days=1)
PRIVACY = Path(__file__).parent.parent.parent / "docs" / "privacy.md"


def rule(what: str) -> Rule:
    """The rule of that name."""
    return next(rule for rule in RULES if rule.what == what)


async def rows(database: Database, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    """Count rows."""
    async with database.read() as connection:
        return int(await connection.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0)


async def purged(database: Database, now: dt.datetime) -> None:
    """Let the job do all that is due."""
    await Purging(database, lambda: now, CollectorRegistry()).round()


def test_every_table_has_a_rule() -> None:
    """A new table without an answer to "how long?" fails here, and so does a rule that two go by."""
    ruled = {table.name for rule in RULES for table in rule.tables}
    assert ruled == {table.name for table in metadata.sorted_tables}
    assert len({rule.what for rule in RULES}) == len(RULES)
    assert all(rule.why for rule in RULES)


def test_workers_are_told_the_same() -> None:
    """The table in docs/privacy.md has every rule with its days."""
    told = dict(re.findall(r"^\| ([a-z -]+) \| .* \| (\d+|kept) \|", PRIVACY.read_text(), re.MULTILINE))
    assert told == {rule.what: str(rule.days or "kept") for rule in RULES}


async def test_every_rule_runs_where_there_is_nothing(database: Database) -> None:
    """Each search is one that both databases understand."""
    assert [rule.what for rule in RULES if await purge_some(database, rule, toy.NOW)] == []


async def test_a_transcript_goes_whole_after_its_time(life: Life, database: Database, keys: KeyRing) -> None:
    """A year after it was said nothing of a talk is left, neither question nor answer; the session and people stay."""
    async with database.read() as connection:
        assert len(await lines_after(connection, keys, ADDRESS)) > 5
    await purged(database, toy.NOW + 365 * DAY)
    assert await rows(database, inbound) > 0
    await purged(database, toy.NOW + 366 * DAY)
    assert await rows(database, inbound) == 0
    assert await rows(database, outbox, outbox.c.state.not_in(("new", "sending", "held"))) == 0
    async with database.read() as connection:
        assert (await connection.scalar(sa.select(chats.c.session))) is not None


async def test_what_was_sent_goes_after_its_time(life: Life, database: Database) -> None:
    """A picture is there for thirty days and then is not."""
    await purged(database, toy.NOW + 30 * DAY)
    assert await rows(database, media) == 1
    await purged(database, toy.NOW + 31 * DAY)
    assert await rows(database, media) == 0


async def test_that_an_erased_message_was_taken_is_known_for_a_month(life: Life, database: Database) -> None:
    """Of an erased chat the proofs that messages were taken stay as long as messengers may bring them again."""
    await life.happen("erase")
    taken = await rows(database, inbound)
    await purged(database, toy.NOW + 7 * DAY)
    assert await rows(database, inbound) == taken
    await purged(database, toy.NOW + 31 * DAY)
    assert await rows(database, inbound) == 0


async def test_what_waits_to_be_sent_is_not_purged(life: Life, database: Database) -> None:
    """However old, a reply still to be sent stays until it is sent or given up."""
    async with database.write() as connection:
        await connection.execute(sa.update(outbox).values(state="held"))
    before = await rows(database, outbox)
    await purged(database, toy.NOW + 400 * DAY)
    assert await rows(database, outbox) == before


async def test_it_goes_in_small_batches_and_is_counted(database: Database) -> None:
    """One transaction deletes a few hundred rows at most, a round goes on until nothing is due, and figures say so."""
    many = [{"code": "RAPAT777", "at": toy.NOW} for _ in range(CHUNK + 1)]
    async with database.write() as connection:
        await connection.execute(sa.insert(openings), many)
    later = toy.NOW + 800 * DAY
    assert await purge_some(database, rule("openings"), later) == CHUNK
    figures = CollectorRegistry()
    await Purging(database, lambda: later, figures).round()
    assert await rows(database, openings) == 0
    assert figures.get_sample_value("jamin_purged_rows_total", {"what": "openings"}) == 1


async def test_rows_of_two_columns_are_told_apart(database: Database) -> None:
    """Where two columns name a row only the old one goes."""
    told: list[dict[str, Any]] = [
        {"broadcast_id": "a", "chat_id": n, "state": "told", "told_at": toy.NOW + n * DAY} for n in (1, 2)
    ]
    async with database.write() as connection:
        await connection.execute(sa.insert(broadcast_chats), told)
    await purged(database, toy.NOW + dt.timedelta(days=REMINDER_DAYS, hours=36))
    assert await rows(database, broadcast_chats, broadcast_chats.c.chat_id == 2) == 1
    assert await rows(database, broadcast_chats) == 1


async def test_an_erasure_is_remembered_longer_than_a_backup(life: Life, database: Database) -> None:
    """The list by which an old copy is cleaned outlives every copy."""
    assert ERASURE_DAYS > 2 * BACKUP_DAYS
    async with database.write() as connection:
        await erase_chat(connection, 1, toy.NOW)
    await purged(database, toy.NOW + BACKUP_DAYS * 2 * DAY)
    assert await rows(database, metadata.tables["erasures"]) == 1
