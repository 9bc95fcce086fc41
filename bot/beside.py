"""Opening what a command needs that runs beside the server: the same database, brought up to date, and the keys."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import NamedTuple

from bot.opening import load_keys
from bot.settings import Settings
from storage.database import Database, open_database
from storage.migrate import migrate
from storage.sealing import KeyRing


class Opened(NamedTuple):
    """An installation's database and keys."""

    database: Database
    keys: KeyRing


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Opened]:
    """Open them while the block lasts.

    Raises:
        KeysError, DatabaseUrlError: a setting is not as it must be; the message says which.
    """
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys, database = load_keys(settings), open_database(settings.database)
    try:
        await migrate(database)
        yield Opened(database, keys)
    finally:
        await database.close()
