"""Small things done after the commit as well as it goes, never stored and never waited for (law 5)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import structlog

MOST = 256
"""Chores at a time; under a flood they are the first to be left out."""

log = structlog.get_logger(__name__)


class Chores:
    """Runs chores in the background: what fails is logged by its kind and forgotten."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def do(self, *chores: Awaitable[object]) -> None:
        """Do these, one after the other, soon."""
        if len(self._tasks) < MOST:
            task = asyncio.create_task(self._done(chores))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return
        for chore in chores:
            if asyncio.iscoroutine(chore):
                chore.close()

    async def _done(self, chores: tuple[Awaitable[object], ...]) -> None:
        for chore in chores:
            try:
                await chore
            except Exception as error:
                log.info("chore_failed", error=type(error).__name__)

    async def stop(self, grace: float = 2.0) -> None:
        """Let what runs end within `grace` seconds."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
