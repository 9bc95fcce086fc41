"""The command that turns what is stored to a new master key."""

from __future__ import annotations

import contextlib

import typer

from bot.opening import load_keys
from bot.settings import Settings
from storage.database import open_database
from storage.rotation import left, rotate


async def rotate_until_done(settings: Settings) -> None:
    """Turn everything to the first key, telling of each chunk.

    Raises:
        KeysError: a key that rows need is not in JAMIN_KEYS.
    """
    keys = load_keys(settings)
    async with contextlib.AsyncExitStack() as stack:
        database = open_database(settings.database)
        stack.push_async_callback(database.close)
        async for progress in rotate(database, keys):
            typer.echo(f"{progress.table}: {progress.rows} turned to key {keys.first}")
        async with database.read() as connection:
            typer.echo(f"{await left(connection, keys)} left; keep the old key in JAMIN_KEYS for a week")
