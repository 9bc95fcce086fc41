"""What holds for every page of the desk: who may come in, what a form must carry, what browsers are forbidden."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.desk.doors import act_of
from bot.desk.menu import home_of
from bot.desk.pages import field, page, see
from bot.desk.roles import OPEN, may
from bot.desk.room import OPERATOR, ROOM, TOKEN
from bot.desk.tokens import COOKIE, digest_of, give, is_proof, new_token
from bot.turns import BusyError
from storage.operators import operator_of

HOME, SIGN_IN, PASSWORD, SIGN_OUT, ASSETS = "/desk", "/desk/masuk", "/desk/sandi", "/desk/keluar", "/desk/assets/"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


PROOF_HEADER = "X-Desk-Proof"
"""Where scripts carry the proof that forms carry as a field."""


async def forbid(request: web.Request, response: web.StreamResponse) -> None:
    """Tell the browser, with every answer but the files, what it must not do: refusals, redirections, streams too."""
    if not request.path.startswith(ASSETS):
        response.headers.update(HEADERS)


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let nobody in who is not signed in and allowed, and nothing through that our own pages did not send."""
    if request.path.startswith(ASSETS):
        return await handler(request)
    token = request.cookies.get(COOKIE, "")
    request[TOKEN] = token or new_token()
    try:
        response = await _answer(request, handler)
    except web.HTTPException as answer:
        _finish(request, answer, new=not token)
        raise
    _finish(request, response, new=not token)
    return response


def _finish(request: web.Request, response: web.StreamResponse, *, new: bool) -> None:
    if new and not response.prepared and COOKIE not in response.cookies:
        give(response, request[TOKEN], secure=request.app[ROOM].secure)


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.method not in {"GET", "HEAD"} and not is_proof(request[TOKEN], await _proof(request)):
        return page(request, "note.html", status=403, note="desk.note.forbidden")
    await _recognise(request)
    try:
        if not _is_allowed(request):
            return page(request, "note.html", status=403, note="desk.note.not_yours")
        return await handler(request)
    except web.HTTPNotFound:
        return page(request, "note.html", status=404, note="desk.note.missing")
    except BusyError:
        return page(request, "note.html", status=503, note="desk.note.busy")


async def _proof(request: web.Request) -> str:
    return request.headers.get(PROOF_HEADER) or field(await request.post(), "proof")


async def _recognise(request: web.Request) -> None:
    """Find out who this is; send them to sign in, or to choose a password of their own first.

    Raises:
        HTTPSeeOther: to the page that comes first.
    """
    room = request.app[ROOM]
    async with room.database.read() as connection:
        operator = await operator_of(connection, digest_of(request[TOKEN]), room.clock())
    if operator is None:
        if request.path != SIGN_IN:
            see(SIGN_IN)
        return
    request[OPERATOR] = operator
    if operator.must_change and request.path not in {PASSWORD, SIGN_OUT}:
        see(PASSWORD)


def _is_allowed(request: web.Request) -> bool:
    """Tell whether the visitor may do what this door is for.

    Raises:
        HTTPNotFound: there is no such door, or it was not given an act.
        HTTPSeeOther: from the desk's first page to the one where their role begins.
    """
    act = act_of(request)
    if act is None:
        raise web.HTTPNotFound
    if act == OPEN or may(request[OPERATOR].role, act):
        return True
    if request.path == HOME:
        see(home_of(request[OPERATOR].role))
    return False
