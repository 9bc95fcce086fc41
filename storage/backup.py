"""A copy of the database, made while it is in use."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

_TOLD = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "username", "PGPASSWORD": "password", "PGDATABASE": "database"}


class BackupError(Exception):
    """No copy was made; the message says why and what to do."""


def back_up(url: str, file: Path) -> None:
    """Copy the database of a URL, as it is at one moment, into a new file: a SQLite database, or a dump that
    `pg_restore` reads. Whoever writes meanwhile is not held up.

    Raises:
        BackupError: the file is there already, the database cannot be read, or there is no `pg_dump`.
    """
    try:
        file.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise BackupError(f"{file}: {error.strerror}; name a new file in a folder that is there") from None
    parsed = make_url(url)
    try:
        if parsed.drivername.startswith("sqlite"):
            _copy(Path(parsed.database or ""), file)
        else:
            _dump(parsed, file)
    except BackupError:
        file.unlink()
        raise


def _copy(database: Path, file: Path) -> None:
    if not database.exists():
        raise BackupError(f"{database} is not there; JAMIN_DATABASE_URL or JAMIN_HOME names another place")
    # In one step: a copy in several begins anew whenever somebody writes in between.
    with contextlib.closing(sqlite3.connect(database)) as source, contextlib.closing(sqlite3.connect(file)) as copy:
        source.backup(copy)


def _dump(url: sa.URL, file: Path) -> None:
    command = ["pg_dump", "--format=custom", "--no-owner", f"--file={file}"]
    try:
        done = subprocess.run(command, env=_environment(url), capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise BackupError("pg_dump is not installed; it comes with PostgreSQL's client programs") from None
    if done.returncode:
        raise BackupError(f"pg_dump refused: {done.stderr.strip()}")


def _environment(url: sa.URL) -> dict[str, str]:
    """Tell pg_dump where; the arguments of a process, with a password among them, are there for everybody to read."""
    told = {name: getattr(url, part) or url.query.get(part) for name, part in _TOLD.items()}
    return {**os.environ, **{name: str(value) for name, value in told.items() if value}}
