"""Signing in and out, and choosing a password."""

from __future__ import annotations

from aiohttp import web

from bot.desk.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD, fits, hashed, plain_name
from bot.desk.pages import field, page, see
from bot.desk.room import OPERATOR, ROOM, TOKEN
from bot.desk.throttle import Throttle
from bot.desk.tokens import LASTS, digest_of, give, new_token
from storage import audit
from storage.operators import Operator, close_session, keep_password, open_session, operator_named

THROTTLE = web.AppKey("desk_throttle", Throttle)


async def form(request: web.Request) -> web.Response:
    """Ask for name and password."""
    if OPERATOR in request:
        see("/desk")
    return page(request, "sign_in.html", problem="", name="")


async def sign_in(request: web.Request) -> web.Response:
    """Sign in; whatever does not fit, the answer is the same."""
    typed = await request.post()
    name, password = plain_name(field(typed, "name")), str(typed.get("password", ""))[:LONGEST_PASSWORD]
    operator = await _authentic(request, name, password)
    if operator is None:
        return page(request, "sign_in.html", status=401, problem="desk.sign_in.wrong", name=name)
    return await _signed_in(request, operator, "sign_in", "/desk")


async def sign_out(request: web.Request) -> web.Response:
    """End this session."""
    room = request.app[ROOM]
    async with room.database.write() as connection:
        await close_session(connection, digest_of(request[TOKEN]))
        await audit.append(connection, room.clock(), request[OPERATOR].name, "sign_out", "")
    see("/desk/masuk")


async def password_form(request: web.Request) -> web.Response:
    """Ask for a new password."""
    return page(request, "password.html", problem="")


async def change_password(request: web.Request) -> web.Response:
    """Take a new password, which ends every session of this operator but starts a new one here."""
    typed = await request.post()
    now, new, again = (str(typed.get(name, ""))[: LONGEST_PASSWORD + 1] for name in ("now", "new", "again"))
    problem = _problem(now, new, again)
    operator = None if problem else await _authentic(request, request[OPERATOR].name, now)
    if operator is None:
        return page(request, "password.html", status=422, problem=problem or "desk.password.wrong")
    password_hash = await hashed(new)
    async with request.app[ROOM].database.write() as connection:
        await keep_password(connection, operator.id, password_hash)
    return await _signed_in(request, operator, "password", "/desk?kabar=password")


def _problem(now: str, new: str, again: str) -> str:
    if not SHORTEST_PASSWORD <= len(new) <= LONGEST_PASSWORD:
        return "desk.password.short"
    if new != again:
        return "desk.password.differs"
    return "desk.password.same" if new == now else ""


async def _authentic(request: web.Request, name: str, password: str) -> Operator | None:
    """Return the operator whose name and password these are, as long as that was not tried too often."""
    if not request.app[THROTTLE].allows(name, request.remote):
        return None
    async with request.app[ROOM].database.read() as connection:
        operator = await operator_named(connection, name)
    return operator if await fits(operator, password) else None


async def _signed_in(request: web.Request, operator: Operator, act: str, path: str) -> web.Response:
    """Open a session under a new token and go on."""
    room, token = request.app[ROOM], new_token()
    now = room.clock()
    async with room.database.write() as connection:
        await close_session(connection, digest_of(request[TOKEN]))
        await open_session(connection, digest_of(token), operator.id, now, now + LASTS)
        await audit.append(connection, now, operator.name, act, "")
    answer = web.HTTPSeeOther(path)
    give(answer, token, secure=room.secure)
    raise answer
