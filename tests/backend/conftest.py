"""Fixtures of the backend's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.backend.running import Running, running


@pytest_asyncio.fixture
async def reference(tmp_path: Path) -> AsyncIterator[Running]:
    """A running reference backend, mounted under a prefix."""
    async with running(tmp_path / "reference.sqlite") as started:
        yield started
