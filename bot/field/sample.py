"""The invented agent of demo mode, so that the way from a forwarded link to a paid contribution can be tried."""

from __future__ import annotations

import datetime as dt

from storage.agents import keep_agent, keep_code, known_code
from storage.database import Database
from storage.sealing import KeyRing

SAMPLE = "CONTOH"
"""The code of the invented agent."""


async def keep_sample(database: Database, keys: KeyRing, name: str, now: dt.datetime) -> None:
    """Make the invented agent, once a database."""
    async with database.write() as connection:
        if await known_code(connection, SAMPLE):
            return
        data = {"name": name, "organisation": "Paguyuban Contoh", "letter": "CONTOH/2026", "member": "yes"}
        agent_id = await keep_agent(connection, keys, None, "agent", "", data, now, state="active")
        await keep_code(connection, SAMPLE, "agent", now, agent_id=agent_id)
