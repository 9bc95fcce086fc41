"""The composition root of the reference backend."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import aiohttp
from aiohttp import web

from bot.backend.reference import pages
from bot.backend.reference.api import api
from bot.backend.reference.courier import Courier
from bot.backend.reference.database import Database
from bot.backend.reference.faults import FaultBox
from bot.backend.reference.office import OFFICE, Office


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def reference_app(
    path: Path,
    secret: str,
    *,
    public_url: Callable[[], str],
    webhook_url: Callable[[], str | None] = lambda: None,
    clock: Callable[[], dt.datetime] = _now,
) -> web.Application:
    """Return the reference backend, to run alone or to mount under a prefix with `add_subapp`.

    Args:
        path: its SQLite file, made when the application starts.
        secret: the bearer token it asks for and the key it signs webhooks with.
        public_url: where people reach it, prefix included; asked whenever a bill tells where to pay.
        webhook_url: where webhooks go; while it returns None they wait.
        clock: what time it is (aware); moving it moves expiry and contribution months.

    Raises:
        ValueError: an empty secret.
    """
    if not secret:
        raise ValueError("the reference backend needs a secret that is not empty")
    office = Office(path, secret, clock, public_url, webhook_url, FaultBox())
    app, v1 = web.Application(), api()
    app[OFFICE] = v1[OFFICE] = office
    app.add_routes(pages.ROUTES)
    app.add_subapp("/v1", v1)
    app.on_shutdown.append(office.faults.leave)
    app.cleanup_ctx.append(_at_work)
    return app


async def _at_work(app: web.Application) -> AsyncIterator[None]:
    """Keep the file open and the courier running while the application is."""
    office = app[OFFICE]
    office.database = await Database.open(office.path)
    async with aiohttp.ClientSession() as session:
        courier = asyncio.create_task(Courier(office, session).run())
        yield
        courier.cancel()
        with suppress(asyncio.CancelledError):
            await courier
    await office.database.close()


async def webhooks_waiting(app: web.Application) -> bool:
    """Tell whether something happened that the other side has not been told yet."""
    async with app[OFFICE].books() as books:
        return bool(await books.all("SELECT 1 FROM deliveries LIMIT 1"))
