"""Who works at the desk: adding somebody, their role and capacity, new passwords and phones, the end of an account."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.desk.accounts import MOST_CAPACITY, AccountError, Accounts
from bot.desk.pages import field, page, see
from bot.desk.roles import RIGHTS, ROLES, SECOND_FACTOR
from bot.desk.room import OPERATOR, ROOM
from storage.operators import all_operators

Change = Callable[[Accounts, str, Mapping[str, object]], Awaitable[str | None]]


async def show(request: web.Request) -> web.Response:
    """List everybody, and who may do what."""
    return await _page(request)


async def add(request: web.Request) -> web.Response:
    """Add an operator; their one-time password is on the page that follows and nowhere else."""
    typed = await request.post()
    name, role = field(typed, "name"), field(typed, "role")
    if role not in ROLES:
        return await _page(request, problem="role", status=422)
    try:
        password = await _accounts(request).add(name, role)
    except AccountError as error:
        return await _page(request, problem=error.key, status=422)
    return await _page(request, told=name, password=password)


async def change(request: web.Request) -> web.Response:
    """Change something about an operator."""
    typed = await request.post()
    name = field(typed, "name")
    try:
        password = await CHANGES[request.match_info["what"]](_accounts(request), name, typed)
    except AccountError as error:
        return await _page(request, problem=error.key, status=422)
    except ValueError:
        return await _page(request, problem="value", status=422)
    if password:
        return await _page(request, told=name, password=password)
    return see("/desk/tim", "team")


def _accounts(request: web.Request) -> Accounts:
    room = request.app[ROOM]
    return Accounts(room.database, room.clock, request[OPERATOR].name)


async def _page(
    request: web.Request, *, problem: str = "", told: str = "", password: str = "", status: int = 200
) -> web.Response:
    async with request.app[ROOM].database.read() as connection:
        team = await all_operators(connection)
    return page(
        request,
        "team.html",
        status=status,
        team=team,
        roles=ROLES,
        rights=RIGHTS,
        needing_phone=SECOND_FACTOR,
        most=MOST_CAPACITY,
        problem=problem,
        told=told,
        password=password,
    )


# --- what can be changed ---------------------------------------------------------------------------------------------


async def _role(accounts: Accounts, name: str, typed: Mapping[str, object]) -> None:
    role = field(typed, "role")
    if role not in ROLES:
        raise ValueError(role)
    await accounts.change_role(name, role)


async def _capacity(accounts: Accounts, name: str, typed: Mapping[str, object]) -> None:
    capacity = int(field(typed, "capacity"))
    if not 1 <= capacity <= MOST_CAPACITY:
        raise ValueError(capacity)
    await accounts.set_capacity(name, capacity)


async def _password(accounts: Accounts, name: str, _: Mapping[str, object]) -> str:
    return await accounts.reset_password(name)


async def _phone(accounts: Accounts, name: str, _: Mapping[str, object]) -> None:
    await accounts.reset_second_factor(name)


async def _sign_out(accounts: Accounts, name: str, _: Mapping[str, object]) -> None:
    await accounts.sign_out(name)


async def _disable(accounts: Accounts, name: str, _: Mapping[str, object]) -> None:
    await accounts.disable(name)


async def _enable(accounts: Accounts, name: str, _: Mapping[str, object]) -> None:
    await accounts.enable(name)


CHANGES: dict[str, Change] = {
    "peran": _role,
    "kapasitas": _capacity,
    "sandi": _password,
    "pengaman": _phone,
    "keluar": _sign_out,
    "matikan": _disable,
    "nyalakan": _enable,
}
"""What can be changed about an operator, by the last part of the door's path."""
