"""What the tests of storage share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from bot.outbox import Outbox
from bot.turns import Turns
from conversations.turn import Facts, Lacking
from storage.database import Database
from storage.media import keep_medium
from storage.sealing import KeyRing
from tests import toy
from tests.storage.living import ACCEPTED, CONTENT, DECIDED, PAID, PICTURE, Life, leave_the_rest


async def _fetch(_needs: Lacking, facts: Facts) -> Facts:
    return facts


@pytest_asyncio.fixture
async def life(database: Database, keys: KeyRing) -> AsyncIterator[Life]:
    """An enrolled, insured chat with an open case."""
    delivery = Outbox(database, keys, {}, holder="test", clock=lambda: toy.NOW)
    turns = Turns(database, keys, toy.CORE, delivery, clock=lambda: toy.NOW, fetch=_fetch)
    await turns.start()
    life = Life(turns)
    await life.happen("halo", "check", "consent", "submit", ACCEPTED, PAID, "case")
    await life.happen("apply", DECIDED, "event", "pass on")
    async with database.write() as connection:
        assert await keep_medium(connection, keys, 1, PICTURE, CONTENT, toy.NOW)
    yield life
    await turns.stop()


@pytest_asyncio.fixture
async def whole_life(life: Life, database: Database, keys: KeyRing) -> Life:
    """The same, with everything else that a chat can leave behind."""
    async with database.write() as connection:
        await leave_the_rest(connection, keys)
    return life
