"""Operators' accounts: how they come to be, and their passwords."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storage.database import Database
from storage.operators import Operator, any_operator, keep_operator

FIRST_NAME, FIRST_ROLE = "petugas", "administrator"
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
"""Characters; the longest keeps somebody from having us hash megabytes."""

_UNMISTAKABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_HASHER = PasswordHasher()
# Each hash takes 64 MB and a core for a moment: two at a time, however many ask.
_HASHING = ThreadPoolExecutor(2, "hashing")


class NameTakenError(Exception):
    """There is an operator of that name already."""


async def first_operator(database: Database, clock: Callable[[], dt.datetime]) -> str | None:
    """Make the first operator and return their one-time password; None where there is an operator already."""
    async with database.read() as connection:
        if await any_operator(connection):
            return None
    password = one_time_password()
    try:
        await add_operator(database, FIRST_NAME, password, FIRST_ROLE, clock)
    except NameTakenError:  # Another process starts at the same moment and was faster.
        return None
    return password


async def add_operator(
    database: Database, name: str, password: str, role: str, clock: Callable[[], dt.datetime]
) -> None:
    """Add an operator, who has to choose another password at the first sign-in.

    Raises:
        NameTakenError: there is one of that name.
    """
    operator = Operator(str(uuid.uuid4()), plain_name(name), await hashed(password), role, must_change=True)
    async with database.write() as connection:
        if not await keep_operator(connection, operator, clock()):
            raise NameTakenError(operator.name)


def plain_name(name: str) -> str:
    """Return a name as it is stored and compared: without capitals, outer spaces, and what a database refuses."""
    return name.replace("\0", "").strip().casefold()


def one_time_password() -> str:
    """Return a password to be read from a screen and typed once: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_UNMISTAKABLE) for _ in range(4)) for _ in range(4))


async def hashed(password: str) -> str:
    """Hash a password with argon2id."""
    return await asyncio.get_running_loop().run_in_executor(_HASHING, _HASHER.hash, password)


async def fits(operator: Operator | None, password: str) -> bool:
    """Tell whether it is this operator's password; without an operator it takes as long, and is not."""
    known = operator.password_hash if operator else None
    return await asyncio.get_running_loop().run_in_executor(_HASHING, _verified, known, password)


def _verified(known: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(known or _nobodys(), password) and known is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_hex())
