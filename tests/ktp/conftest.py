"""A reader of pictures whose process is a fake."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from bot.ktp.reader import Reader

JPEG = b"\xff\xd8\xff picture "
"""How a picture begins; what follows tells the fake process what to do."""


@pytest_asyncio.fixture
async def reader() -> AsyncIterator[Reader]:
    """The reader, ended after the test."""
    made = Reader(limit=30.0, module="tests.ktp.fake_child")
    yield made
    await made.close()
