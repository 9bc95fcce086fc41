"""Operators' accounts: how they come to be, what is changed about them, and their passwords.

What changes an account is done by `Accounts`, for the desk's page as well as for the command, and audited either way.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import re
import secrets
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.roles import ADMINISTRATOR
from storage import audit
from storage.database import Database
from storage.operators import (
    Operator,
    any_operator,
    change_operator,
    close_sessions,
    forget_second_factor,
    keep_operator,
    known_operator,
    others_with_role,
)

FIRST_NAME, FIRST_ROLE = "petugas", ADMINISTRATOR
COMMAND = "(command)"
"""Whom the trail names for what was done by command; no operator can have that name."""
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
"""Characters; the longest keeps somebody from having us hash megabytes."""

MOST_CAPACITY = 50

_NAME = re.compile(r"[^\W\d_][\w .'-]{0,39}")
_UNMISTAKABLE = "abcdefghjkmnpqrstuvwxyz23456789"
_HASHER = PasswordHasher()
# Each hash takes 64 MB and a core for a moment: two at a time, however many ask.
_HASHING = ThreadPoolExecutor(2, "hashing")


class AccountError(Exception):
    """An account cannot be changed that way; `key` is the catalogue key of why, below desk.team."""

    key = ""


class NameTakenError(AccountError):
    """There is an operator of that name already."""

    key = "taken"


class NameUnfitError(AccountError):
    """A name has 1 to 40 letters, digits, spaces, dots, hyphens and apostrophes, and begins with a letter."""

    key = "unfit"


class NobodyError(AccountError):
    """There is no operator of that name."""

    key = "nobody"


class LastAdministratorError(AccountError):
    """This is the only administrator: without one nobody could manage the team."""

    key = "last"


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
    database: Database, name: str, password: str, role: str, clock: Callable[[], dt.datetime], *, by: str = COMMAND
) -> None:
    """Add an operator, who has to choose another password at the first sign-in.

    Raises:
        NameTakenError, NameUnfitError: another name is needed.
    """
    operator = Operator(str(uuid.uuid4()), plain_name(name), await hashed(password), role, must_change=True)
    if not _NAME.fullmatch(operator.name):
        raise NameUnfitError
    async with database.write() as connection:
        if not await keep_operator(connection, operator, clock()):
            raise NameTakenError
        await audit.append(connection, clock(), by, "operator_added", f"operator {operator.name} {role}")


class Accounts(NamedTuple):
    """The accounts of a desk, as `by` changes them. Every change is audited in its own transaction.

    Each method takes an operator's name and raises `NobodyError` where there is none.
    """

    database: Database
    clock: Callable[[], dt.datetime]
    by: str

    async def add(self, name: str, role: str) -> str:
        """Add an operator and return their one-time password; see `add_operator` for what is raised."""
        password = one_time_password()
        await add_operator(self.database, name, password, role, self.clock, by=self.by)
        return password

    async def change_role(self, name: str, role: str) -> None:
        """Give another role, which signs them out everywhere.

        Raises:
            LastAdministratorError: there would be none left.
        """
        async with self._change(name, "operator_role", role) as (connection, operator):
            if role != ADMINISTRATOR:
                await _see_one_is_left(connection, operator)
            await change_operator(connection, operator.id, role=role)
            await close_sessions(connection, operator.id)

    async def disable(self, name: str) -> None:
        """Let an operator in no more; they are out at once.

        Raises:
            LastAdministratorError: there would be none left.
        """
        async with self._change(name, "operator_disabled") as (connection, operator):
            await _see_one_is_left(connection, operator)
            await change_operator(connection, operator.id, disabled_at=self.clock())
            await close_sessions(connection, operator.id)

    async def enable(self, name: str) -> None:
        """Let an operator in again."""
        async with self._change(name, "operator_enabled") as (connection, operator):
            await change_operator(connection, operator.id, disabled_at=None)

    async def reset_password(self, name: str) -> str:
        """Give a new one-time password and return it; they are signed out everywhere."""
        password = one_time_password()
        password_hash = await hashed(password)
        async with self._change(name, "operator_password") as (connection, operator):
            await change_operator(connection, operator.id, password_hash=password_hash, must_change=True)
            await close_sessions(connection, operator.id)
        return password

    async def reset_second_factor(self, name: str) -> None:
        """Take the second factor away, so that a new phone can be set up; they are signed out everywhere."""
        async with self._change(name, "operator_second_factor") as (connection, operator):
            await forget_second_factor(connection, operator.id)
            await close_sessions(connection, operator.id)

    async def set_capacity(self, name: str, capacity: int) -> None:
        """Set how many cases an operator has open at a time."""
        async with self._change(name, "operator_capacity", str(capacity)) as (connection, operator):
            await change_operator(connection, operator.id, capacity=capacity)

    async def sign_out(self, name: str) -> None:
        """Sign an operator out everywhere."""
        async with self._change(name, "operator_signed_out") as (connection, operator):
            await close_sessions(connection, operator.id)

    @contextlib.asynccontextmanager
    async def _change(self, name: str, act: str, *about: str) -> AsyncIterator[tuple[AsyncConnection, Operator]]:
        """Open a transaction for a change, which is audited at its end."""
        async with self.database.write() as connection:
            operator = await known_operator(connection, plain_name(name))
            if operator is None:
                raise NobodyError
            yield connection, operator
            subject = " ".join(("operator", operator.name, *about))
            await audit.append(connection, self.clock(), self.by, act, subject)


async def _see_one_is_left(connection: AsyncConnection, operator: Operator) -> None:
    if operator.role == ADMINISTRATOR and not await others_with_role(connection, ADMINISTRATOR, operator.id):
        raise LastAdministratorError


# --- passwords -------------------------------------------------------------------------------------------------------


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
