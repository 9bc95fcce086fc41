"""Which process polls and sends for a channel account: the one that holds its lease (law 5)."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import structlog

from storage.database import Database
from storage.leases import hold, release

HELD_FOR = 30
"""Seconds a lease lasts; a process that dies is followed by another after that."""
RENEWED_EVERY = 10.0
WATCHED_EVERY = 2.0
"""Seconds after which a process without the lease asks for it again: its holder may have died or stopped."""

log = structlog.get_logger(__name__)


class Account:
    """The lease of one account, for example "telegram 123456"; `held` tells whether this process has it now."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._holder = database.process
        self._until = 0.0
        self._stopping = asyncio.Event()
        self._changed = asyncio.Event()

    @property
    def held(self) -> bool:
        """Whether this process has the account, by a clock that no other machine can move."""
        return time.monotonic() < self._until

    async def wait(self, *, held: bool) -> None:
        """Return as soon as the account is held, or no longer held."""
        while self.held is not held:
            self._changed.clear()
            await self._changed.wait()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Try to get and to keep the lease while the block lasts; give it back at the end."""
        task = asyncio.create_task(self._keeping())
        try:
            yield
        finally:
            # Not cancelled but left to end: a task cancelled inside a transaction can hang its driver.
            self._stopping.set()
            await task

    async def _keeping(self) -> None:
        while not self._stopping.is_set():
            await self._renew()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), RENEWED_EVERY if self.held else WATCHED_EVERY)
        self._until = 0.0
        self._changed.set()
        with contextlib.suppress(Exception):
            await release(self._database, self._name, self._holder)

    async def _renew(self) -> None:
        before = time.monotonic()
        try:
            if await hold(self._database, self._name, self._holder, HELD_FOR):
                self._until = before + HELD_FOR - 1
        except Exception as error:
            log.warning("lease_not_renewed", account=self._name, error=type(error).__name__)
        self._changed.set()
