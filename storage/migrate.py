"""Bringing a database to the newest schema when the program starts (law 13).

Two processes may start at once: the first takes a lock for the length of the migration, the other then finds nothing to
do. Migrations expand first and contract in a later release, since two versions run side by side during an upgrade.
"""

from __future__ import annotations

from importlib.resources import files

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import Database

_LOCK = 0x6A616D696E
"""The advisory lock of PostgreSQL that a migration holds; any number that nobody else uses in this database."""


async def migrate(database: Database) -> None:
    """Run the migrations that this database lacks, all of them in one transaction."""
    async with database.write() as connection:
        if not database.is_sqlite:
            await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        await connection.run_sync(_upgrade)


async def is_newest(database: Database) -> bool:
    """Tell whether a database has the schema of this version."""
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    async with database.read() as connection:
        return await connection.run_sync(lambda c: MigrationContext.configure(c).get_current_revision()) == newest


def _upgrade(connection: sa.Connection) -> None:
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def configuration() -> Config:
    """Return Alembic's configuration for these migrations; the caller adds the connection as an attribute."""
    config = Config()
    config.set_main_option("script_location", str(files("storage") / "migrations"))
    return config
