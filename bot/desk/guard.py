"""What holds for every page of the desk: who may come in, what a form must carry, what browsers are forbidden."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.desk.pages import field, page, see
from bot.desk.room import OPERATOR, ROOM, TOKEN
from bot.desk.tokens import COOKIE, digest_of, give, is_proof, new_token
from bot.turns import BusyError
from storage.operators import operator_of

SIGN_IN, PASSWORD, SIGN_OUT, ASSETS = "/desk/masuk", "/desk/sandi", "/desk/keluar", "/desk/assets/"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let nobody in who is not signed in, nothing through that our own forms did not send, and nothing be kept."""
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
    response.headers.update(HEADERS)
    if new and COOKIE not in response.cookies:
        give(response, request[TOKEN], secure=request.app[ROOM].secure)


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.method not in {"GET", "HEAD"} and not is_proof(request[TOKEN], field(await request.post(), "proof")):
        return page(request, "note.html", status=403, note="desk.note.forbidden")
    await _recognise(request)
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return page(request, "note.html", status=404, note="desk.note.missing")
    except BusyError:
        return page(request, "note.html", status=503, note="desk.note.busy")


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
