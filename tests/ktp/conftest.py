"""A reader of pictures whose process is a fake."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from bot.channels.pace import Limits
from bot.ktp.reader import Reader

JPEG = b"\xff\xd8\xff picture "
"""How a picture begins; what follows tells the fake process what to do."""
HASTY = Limits(overall=30.0, chat=1.0, chat_burst=30.0)
"""The pace of messages for a worker who answers faster than people do."""


@pytest_asyncio.fixture
async def reader() -> AsyncIterator[Reader]:
    """The reader, ended after the test."""
    made = Reader(limit=30.0, module="tests.ktp.fake_child")
    yield made
    await made.close()
