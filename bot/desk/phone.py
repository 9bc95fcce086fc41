"""The second factor's pages: the code at signing in, setting the phone up, and proving once more who one is."""

from __future__ import annotations

import re

from aiohttp import web

from bot.desk import throttle
from bot.desk.accounts import LONGEST_PASSWORD
from bot.desk.codes import address_for_phone, give_backup_codes, new_secret, picture, take_code
from bot.desk.guard import HOME
from bot.desk.pages import field, page, see
from bot.desk.room import OPERATOR, ROOM, TOKEN
from bot.desk.signing import authentic, renew, signed_in
from bot.desk.tokens import digest_of
from storage import audit
from storage.desk_sessions import note_sure
from storage.operators import close_sessions
from storage.second_factor import backup_codes_left, confirm_secret, keep_secret, secret_of

_OURS = re.compile(r"/desk(/[\w-]+)*")

# --- signing in ------------------------------------------------------------------------------------------------------


async def code_form(request: web.Request) -> web.Response:
    """Ask for the code."""
    return page(request, "code.html", problem="")


async def sign_in(request: web.Request) -> web.Response:
    """Take the code; from then on somebody is signed in."""
    if not await _is_theirs(request):
        return page(request, "code.html", status=401, problem="desk.code.wrong")
    return await signed_in(request, request[OPERATOR], "sign_in", HOME)


async def _is_theirs(request: web.Request) -> bool:
    """Tell whether the code in a form is the operator's, as long as that was not tried too often."""
    operator, typed = request[OPERATOR], await request.post()
    if not await throttle.allows(request, operator.name):
        return False
    if not await take_code(request.app[ROOM], operator, field(typed, "code")):
        return False
    await throttle.was_right(request, operator.name)
    return True


# --- setting the phone up --------------------------------------------------------------------------------------------


async def show(request: web.Request) -> web.Response:
    """Show that the phone is set up, or the picture to set it up with."""
    return await _page(request)


async def _page(request: web.Request, *, problem: str = "", status: int = 200) -> web.Response:
    room, operator = request.app[ROOM], request[OPERATOR]
    async with room.database.read() as connection:
        left = await backup_codes_left(connection, operator.id)
    secret = "" if operator.totp_since else await _pending(request)
    shown = " ".join(re.findall("....", secret))
    return page(
        request, "phone.html", status=status, since=operator.totp_since, left=left, secret=shown, problem=problem
    )


async def _pending(request: web.Request) -> str:
    """Return the secret that waits for the phone's first code; a new one if there is none."""
    room, operator = request.app[ROOM], request[OPERATOR]
    async with room.database.write() as connection:
        secret = await secret_of(connection, room.keys, operator.id)
        if secret is None:
            secret = new_secret()
            await keep_secret(connection, room.keys, operator.id, secret)
    return secret


async def drawn(request: web.Request) -> web.Response:
    """Draw the secret for the phone's camera, until the phone is set up."""
    if request[OPERATOR].totp_since is not None:
        raise web.HTTPNotFound
    address = address_for_phone(await _pending(request), request[OPERATOR].name)
    return web.Response(body=picture(address), content_type="image/svg+xml")


async def confirm(request: web.Request) -> web.Response:
    """Take the phone's first code: it is needed from now on, here under a new session and nowhere else."""
    room, operator = request.app[ROOM], request[OPERATOR]
    if operator.totp_since is not None:
        return await _page(request)
    if not await _is_theirs(request):
        return await _page(request, problem="desk.code.wrong", status=422)
    async with room.database.write() as connection:
        await confirm_secret(connection, operator.id, room.clock())
        await close_sessions(connection, operator.id)
    answer = await _codes(request)
    await renew(request, answer, operator, "second_factor")
    return answer


async def renew_backup(request: web.Request) -> web.Response:
    """Give new backup codes for a code of the phone; the old ones are void."""
    room, operator = request.app[ROOM], request[OPERATOR]
    if operator.totp_since is None or not await _is_theirs(request):
        return await _page(request, problem="desk.code.wrong", status=422)
    answer = await _codes(request)
    async with room.database.write() as connection:
        await audit.append(connection, room.clock(), operator.name, "backup_codes", "")
    return answer


async def _codes(request: web.Request) -> web.Response:
    return page(request, "backup_codes.html", codes=await give_backup_codes(request.app[ROOM], request[OPERATOR]))


# --- once more -------------------------------------------------------------------------------------------------------


async def sure_form(request: web.Request) -> web.Response:
    """Ask once more for the code, or for the password where there is no phone."""
    return _sure(request, _on(request.query.get("ke", "")))


async def sure(request: web.Request) -> web.Response:
    """Take it, and go on where they came from."""
    room, operator, typed = request.app[ROOM], request[OPERATOR], await request.post()
    on = _on(field(typed, "ke"))
    password = str(typed.get("password", ""))[:LONGEST_PASSWORD]
    if operator.totp_since is not None:
        is_right = await _is_theirs(request)
    else:
        is_right = await authentic(request, operator.name, password) is not None
    if not is_right:
        return _sure(request, on, problem="desk.sure.wrong", status=401)
    async with room.database.write() as connection:
        await note_sure(connection, digest_of(request[TOKEN]), room.clock())
    return see(on)


def _sure(request: web.Request, on: str, *, problem: str = "", status: int = 200) -> web.Response:
    return page(request, "sure.html", status=status, on=on, problem=problem)


def _on(path: str) -> str:
    """Return a path of the desk to go on to; anything else is its first page."""
    return path if _OURS.fullmatch(path) else HOME
