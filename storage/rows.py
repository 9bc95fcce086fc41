"""Many rows in one statement, as fast as each driver can.

SQLite runs one prepared statement per row inside the driver; PostgreSQL gets one array a column and unnests them.
Values go to the driver as they are: moments are microseconds (`tables.stored`).
"""

# ruff: noqa: S608 - every name in these statements comes from `tables.py`, every value is bound.

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Row = tuple[Any, ...]
_POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call]


def insert_into(connection: AsyncConnection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT, as this database writes it."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


class Insert:
    """Inserts rows whose values follow `columns`; `conflict` is an ON CONFLICT clause, if any."""

    def __init__(self, table: sa.Table, *columns: str, conflict: str = "") -> None:
        into = f"INSERT INTO {table.name} ({', '.join(columns)})"
        places = ", ".join(f"?{n}" for n in range(1, len(columns) + 1))
        self._sqlite = f"{into} VALUES ({places}) {conflict}"
        self._postgres = f"{into} SELECT * FROM {_unnested(table, columns)} {conflict}"

    async def run(self, connection: AsyncConnection, rows: Sequence[Row]) -> None:
        """Insert the rows; none at all is fine."""
        await _run(connection, self._sqlite, self._postgres, rows)


class Update:
    """Updates rows found by `keys`; each row holds the keys' values first, then those of `columns`."""

    def __init__(self, table: sa.Table, keys: Sequence[str], *columns: str) -> None:
        names = (*keys, *columns)
        at = {name: n for n, name in enumerate(names, start=1)}
        self._sqlite = (
            f"UPDATE {table.name} SET {', '.join(f'{c} = ?{at[c]}' for c in columns)} "
            f"WHERE {' AND '.join(f'{k} = ?{at[k]}' for k in keys)}"
        )
        self._postgres = (
            f"UPDATE {table.name} SET {', '.join(f'{c} = fresh.{c}' for c in columns)} "
            f"FROM {_unnested(table, names)} AS fresh ({', '.join(names)}) "
            f"WHERE {' AND '.join(f'{table.name}.{k} = fresh.{k}' for k in keys)}"
        )

    async def run(self, connection: AsyncConnection, rows: Sequence[Row]) -> None:
        """Update the rows; none at all is fine, and so is a row that is no longer there."""
        await _run(connection, self._sqlite, self._postgres, rows)


class Select:
    """Reads `columns` of the rows whose `among` is one of many values; `tail` is SQL that follows."""

    def __init__(
        self, table: sa.Table, among: str, *columns: str, where: str = "", tail: str = "", lock: str = ""
    ) -> None:
        start = f"SELECT {', '.join(columns)} FROM {table.name} WHERE {where and where + ' AND '}{among}"
        kind = table.c[among].type.compile(dialect=_POSTGRES)
        self._sqlite_start, self._sqlite_end = f"{start} IN (", f") {tail}"
        self._postgres = f"{start} = ANY($1::{kind}[]) {tail} {lock}"

    async def run(self, connection: AsyncConnection, values: Iterable[Any]) -> Sequence[sa.Row[Any]]:
        """Return the rows found."""
        wanted = list(values)
        if not wanted:
            return ()
        if connection.dialect.name != "sqlite":
            return (await connection.exec_driver_sql(self._postgres, (wanted,))).all()
        # Filled up to a power of two, so that few different statements are ever prepared.
        wanted += wanted[-1:] * ((1 << (len(wanted) - 1).bit_length()) - len(wanted))
        statement = f"{self._sqlite_start}{', '.join('?' * len(wanted))}{self._sqlite_end}"
        return (await connection.exec_driver_sql(statement, tuple(wanted))).all()


def _unnested(table: sa.Table, columns: Sequence[str]) -> str:
    kinds = (table.c[name].type.compile(dialect=_POSTGRES) for name in columns)
    return f"unnest({', '.join(f'${n}::{kind}[]' for n, kind in enumerate(kinds, start=1))})"


async def _run(connection: AsyncConnection, sqlite: str, postgres: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql(sqlite, list(rows))
    else:
        await connection.exec_driver_sql(postgres, tuple(map(list, zip(*rows, strict=True))))
