"""Is it alive, can it work: `/healthz`, `/readyz`."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa
from aiohttp import web

from bot.turns import Turns
from storage.database import Database, complaint

PATIENCE = 2.0
"""Seconds the database may take to answer."""


def add_health(app: web.Application, database: Database, turns: Turns) -> None:
    """Add the two routes."""

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def ready(_: web.Request) -> web.Response:
        fault = await _fault(database, turns)
        if fault:
            return web.json_response({"status": "unready", "fault": fault}, status=503)
        return web.json_response({"status": "ok"})

    app.add_routes([web.get("/healthz", alive), web.get("/readyz", ready)])


async def _fault(database: Database, turns: Turns) -> str:
    """Say what keeps us from working, "" where nothing does.

    A disk that is full or a database that is read-only still reads well, and may even take a small write. So what the
    last batch met counts first.
    """
    if not turns.is_open:
        return "not taking: the program is starting or stopping"
    if turns.trouble:
        return f"database: {turns.trouble}"
    try:
        async with asyncio.timeout(PATIENCE), database.write() as connection:
            await connection.execute(sa.text("UPDATE leases SET until = until WHERE name = 'nobody'"))
    except Exception as error:
        return f"database: {complaint(error)}"
    return ""
