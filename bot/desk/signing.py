"""Signing in and out, and choosing a password."""

from __future__ import annotations

from typing import NoReturn

from aiohttp import web

from bot.desk import throttle
from bot.desk.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD, fits, hashed, plain_name
from bot.desk.guard import CODE, HOME, SIGN_IN
from bot.desk.pages import field, page, see
from bot.desk.room import OPERATOR, ROOM, TOKEN
from bot.desk.tokens import HALF_LASTS, LASTS, digest_of, give, new_token
from storage import audit
from storage.desk_sessions import close_session, open_session
from storage.operators import Operator, close_sessions, keep_password, operator_named


async def form(request: web.Request) -> web.Response:
    """Ask for name and password."""
    if OPERATOR in request:
        see(HOME)
    return page(request, "sign_in.html", problem="", name="")


async def sign_in(request: web.Request) -> web.Response:
    """Sign in, or half in where a code is still to come; whatever does not fit, the answer is the same."""
    typed = await request.post()
    name, password = plain_name(field(typed, "name")), str(typed.get("password", ""))[:LONGEST_PASSWORD]
    operator = await authentic(request, name, password)
    if operator is None:
        return page(request, "sign_in.html", status=401, problem="desk.sign_in.wrong", name=name)
    if operator.totp_since is not None:
        return await _half_signed_in(request, operator)
    return await signed_in(request, operator, "sign_in", HOME)


async def sign_out(request: web.Request) -> web.Response:
    """End this session."""
    room = request.app[ROOM]
    async with room.database.write() as connection:
        await close_session(connection, digest_of(request[TOKEN]))
        await audit.append(connection, room.clock(), request[OPERATOR].name, "sign_out", "")
    see(SIGN_IN)


async def sign_out_everywhere(request: web.Request) -> web.Response:
    """End every session of this operator."""
    room = request.app[ROOM]
    async with room.database.write() as connection:
        await close_sessions(connection, request[OPERATOR].id)
        await audit.append(connection, room.clock(), request[OPERATOR].name, "sign_out_everywhere", "")
    see(SIGN_IN)


async def password_form(request: web.Request) -> web.Response:
    """Ask for a new password."""
    return page(request, "password.html", problem="")


async def change_password(request: web.Request) -> web.Response:
    """Take a new password, which ends every session of this operator but starts a new one here."""
    typed = await request.post()
    now, new, again = (str(typed.get(name, ""))[: LONGEST_PASSWORD + 1] for name in ("now", "new", "again"))
    problem = _problem(now, new, again)
    operator = None if problem else await authentic(request, request[OPERATOR].name, now)
    if operator is None:
        return page(request, "password.html", status=422, problem=problem or "desk.password.wrong")
    password_hash = await hashed(new)
    async with request.app[ROOM].database.write() as connection:
        await keep_password(connection, operator.id, password_hash)
    return await signed_in(request, operator, "password", f"{HOME}?kabar=password")


def _problem(now: str, new: str, again: str) -> str:
    if not SHORTEST_PASSWORD <= len(new) <= LONGEST_PASSWORD:
        return "desk.password.short"
    if new != again:
        return "desk.password.differs"
    return "desk.password.same" if new == now else ""


# --- who it is -------------------------------------------------------------------------------------------------------


async def authentic(request: web.Request, name: str, password: str) -> Operator | None:
    """Return the operator whose name and password these are, as long as that was not tried too often."""
    if not await throttle.allows(request, name):
        return None
    async with request.app[ROOM].database.read() as connection:
        operator = await operator_named(connection, name)
    if not await fits(operator, password):
        return None
    await throttle.was_right(request, name)
    return operator


async def signed_in(request: web.Request, operator: Operator, act: str, path: str) -> NoReturn:
    """Open a session under a new secret and go on.

    Raises:
        HTTPSeeOther: always.
    """
    answer = web.HTTPSeeOther(path)
    await renew(request, answer, operator, act)
    raise answer


async def renew(request: web.Request, answer: web.Response, operator: Operator, act: str) -> None:
    """Replace the session by one under a new secret, which the answer carries; `act` says what for."""
    room, token = request.app[ROOM], new_token()
    now = room.clock()
    async with room.database.write() as connection:
        await close_session(connection, digest_of(request[TOKEN]))
        await open_session(connection, digest_of(token), operator.id, now, now + LASTS)
        await audit.append(connection, now, operator.name, act, "")
    give(answer, token, secure=room.secure)


async def _half_signed_in(request: web.Request, operator: Operator) -> NoReturn:
    room, token = request.app[ROOM], new_token()
    now = room.clock()
    async with room.database.write() as connection:
        await close_session(connection, digest_of(request[TOKEN]))
        await open_session(connection, digest_of(token), operator.id, now, now + HALF_LASTS, half=True)
    answer = web.HTTPSeeOther(CODE)
    give(answer, token, secure=room.secure)
    raise answer
