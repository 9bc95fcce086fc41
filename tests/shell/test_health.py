"""Is it alive, can it work."""

from __future__ import annotations

import aiohttp

from bot.app import Jamin


async def status(jamin: Jamin, path: str) -> int:
    """Fetch a page: its status."""
    async with aiohttp.ClientSession() as session, session.get(jamin.root + path) as answer:
        return answer.status


async def test_a_running_program_is_alive_and_ready(jamin: Jamin) -> None:
    """All three doors answer."""
    assert [await status(jamin, path) for path in ("/healthz", "/readyz", "/metrics")] == [200, 200, 200]


async def test_a_program_that_takes_nothing_is_alive_but_not_ready(jamin: Jamin) -> None:
    """While it starts or stops, a load balancer is told to ask elsewhere."""
    await jamin.turns.stop()
    assert [await status(jamin, path) for path in ("/healthz", "/readyz")] == [200, 503]


async def test_a_database_that_cannot_be_written_is_not_ready(jamin: Jamin) -> None:
    """A lost database shows in /readyz with its kind of fault."""
    async with jamin.database.write() as connection:
        await connection.exec_driver_sql("DROP TABLE leases")
    assert await status(jamin, "/readyz") == 503
