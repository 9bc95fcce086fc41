"""`python -m bot erasures`: the list of what was erased, and erasing it again in a database that was restored."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Iterable

import typer

from bot.settings import Settings
from storage.database import Database, open_database
from storage.erasures import Erased, listed, replay
from storage.migrate import migrate


class ListError(ValueError):
    """A line of the list is not as `erasures list` writes it."""


async def list_erasures(settings: Settings) -> None:
    """Print a line for each chat that was erased: a digest and when."""
    async with _opened(settings) as database, database.read() as connection:
        for one in await listed(connection):
            typer.echo(str(one))


async def replay_erasures(settings: Settings, lines: Iterable[str]) -> None:
    """Erase again what the lines name; nobody may be served meanwhile.

    Raises:
        ListError: a line is no erasure; nothing was erased.
    """
    known = [_parsed(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    async with _opened(settings) as database:
        again = await replay(database, known, dt.datetime.now(dt.UTC))
        await database.shorten_log()
    typer.echo(f"{again} erased again, of {len(known)} on the list")


def _parsed(number: int, line: str) -> Erased:
    try:
        return Erased.parse(line)
    except ValueError:
        told = f"line {number} is not as `python -m bot erasures list` writes it; nothing was erased"
        raise ListError(told) from None


@contextlib.asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    database = open_database(settings.database)
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()
