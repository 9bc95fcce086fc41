"""What the tests of storage share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from bot.outbox import Outbox
from bot.turns import Turns
from conversations.turn import Facts, RankQuestion
from storage.database import Database
from storage.sealing import KeyRing
from tests import toy
from tests.storage.living import ACCEPTED, PAID, Life


async def _fetch(_needs: RankQuestion, facts: Facts) -> Facts:
    return facts


@pytest_asyncio.fixture
async def life(database: Database, keys: KeyRing) -> AsyncIterator[Life]:
    """An enrolled, insured chat with an open case."""
    delivery = Outbox(database, keys, {}, holder="test", clock=lambda: toy.NOW)
    turns = Turns(database, keys, toy.CORE, delivery, clock=lambda: toy.NOW, fetch=_fetch)
    await turns.start()
    life = Life(turns)
    await life.happen("halo", "check", "consent", "submit", ACCEPTED, PAID, "case")
    yield life
    await turns.stop()
