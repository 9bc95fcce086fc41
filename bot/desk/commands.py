"""What the commands `operators` and `audit` do: the same as the desk's pages, for somebody at the machine itself."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec

from bot.clock import Clock
from bot.desk.accounts import COMMAND, Accounts
from bot.settings import Settings
from storage import audit
from storage.database import Database, open_database
from storage.migrate import migrate
from storage.operators import Operator, all_operators


async def changed(settings: Settings, change: Callable[[Accounts], Awaitable[str | None]]) -> str | None:
    """Change an account; what is returned is told to nobody else.

    Raises:
        AccountError: it cannot be changed that way.
    """
    async with _opened(settings) as database:
        return await change(Accounts(database, Clock(), COMMAND))


async def listed(settings: Settings) -> list[str]:
    """Return everybody, each as a line of JSON."""
    async with _opened(settings) as database, database.read() as connection:
        return [_line(operator) for operator in await all_operators(connection)]


def _line(operator: Operator) -> str:
    shown = {
        "name": operator.name,
        "role": operator.role,
        "capacity": operator.capacity,
        "disabled": operator.disabled_at is not None,
        "must_change_password": operator.must_change,
        "second_factor": operator.totp_since is not None,
    }
    return msgspec.json.encode(shown).decode()


async def verified(settings: Settings, known: audit.Known | None) -> tuple[audit.Checked, str]:
    """Check the trail; return what became of it, and the same as a line of JSON."""
    async with _opened(settings) as database, database.read() as connection:
        checked = await audit.check(connection, known)
    shown = {"rows": checked.rows, "known": f"{checked.rows}:{checked.head.hex()}", "broken": checked.broken}
    return checked, msgspec.json.encode(shown).decode()


def known_row(text: str) -> audit.Known:
    """Read "NUMBER:DIGEST", as `verified` writes it.

    Raises:
        ValueError: it is written in any other way.
    """
    number, _, digest = text.partition(":")
    return audit.Known(int(number), bytes.fromhex(digest))


@contextlib.asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = open_database(settings.database)
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()
