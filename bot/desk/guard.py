"""What holds for every page of the desk: who may come in, what a form must carry, what browsers are forbidden.

Before anything else somebody signs in, shows the code of their phone where they have one, chooses a password of their
own, and sets up the phone where their role needs it: each is a page that all others lead to.
"""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.desk.doors import act_of
from bot.desk.menu import home_of
from bot.desk.pages import field, page, see
from bot.desk.roles import OPEN, SECOND_FACTOR, may, must_be_sure
from bot.desk.room import FIRST, OPERATOR, ROOM, SESSION, TOKEN
from bot.desk.tokens import digest_of, give, given, is_proof, new_token, taken
from bot.turns import BusyError
from storage.desk_sessions import Session, note_seen, session_of

HOME, SIGN_IN, SIGN_OUT, ASSETS = "/desk", "/desk/masuk", "/desk/keluar", "/desk/assets/"
CODE, PASSWORD, PHONE, SURE = "/desk/kode", "/desk/sandi", "/desk/pengaman", "/desk/yakin"

SURE_FOR = dt.timedelta(minutes=15)
"""How long a password or a code counts for acts that ask who somebody is once more."""
NOTE_SEEN_EVERY = dt.timedelta(minutes=1)

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


STREAM, LIVE_HEADER = "/desk/langsung", "X-Jamin-Live"
"""What open pages follow, and the mark of what they fetch by themselves."""
PROOF_HEADER = "X-Desk-Proof"
"""Where scripts carry the proof that forms carry as a field."""


async def forbid(request: web.Request, response: web.StreamResponse) -> None:
    """Tell the browser, with every answer but the files, what it must not do: refusals, redirections, streams too.
    An answer may set stricter rules of its own."""
    if not request.path.startswith(ASSETS):
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let nobody in who is not signed in and allowed, and nothing through that our own pages did not send."""
    if request.path.startswith(ASSETS):
        return await handler(request)
    token = taken(request, secure=request.app[ROOM].secure)
    request[TOKEN] = token or new_token()
    try:
        response = await _answer(request, handler)
    except web.HTTPException as answer:
        _finish(request, answer, new=not token)
        raise
    _finish(request, response, new=not token)
    return response


def _finish(request: web.Request, response: web.StreamResponse, *, new: bool) -> None:
    if new and not response.prepared and not given(response):
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
    """Find out who this is; send them to what comes first for them.

    Raises:
        HTTPSeeOther: to the page that comes first.
    """
    session = await still_here(request)
    if session is None:
        if act_of(request) != OPEN:
            see(SIGN_IN)
        return
    request[SESSION], request[OPERATOR] = session, session.operator
    request[FIRST] = first = _comes_first(session, second_factor=request.app[ROOM].second_factor)
    if first and request.path != SIGN_OUT and not request.path.startswith(first):
        see(first)
    await _note_seen(request, session)


async def still_here(request: web.Request) -> Session | None:
    """Return the visitor's session, read anew; None once they are signed out. Streams ask this from time to time."""
    room = request.app[ROOM]
    async with room.database.read() as connection:
        return await session_of(connection, digest_of(request[TOKEN]), room.clock())


def _comes_first(session: Session, *, second_factor: bool) -> str:
    """Return the page that somebody must pass before all others, "" if none."""
    operator = session.operator
    if session.half:
        return CODE
    if operator.must_change:
        return PASSWORD
    needs_phone = second_factor and operator.role in SECOND_FACTOR and operator.totp_since is None
    return PHONE if needs_phone else ""


async def _note_seen(request: web.Request, session: Session) -> None:
    room = request.app[ROOM]
    now = room.clock()
    if now - session.seen_at >= NOTE_SEEN_EVERY and not _is_by_itself(request):
        async with room.database.write() as connection:
            await note_seen(connection, digest_of(request[TOKEN]), now)


def _is_by_itself(request: web.Request) -> bool:
    """Tell whether the page asks, not the person: a page left open must not keep its session alive."""
    return request.method == "GET" and (LIVE_HEADER in request.headers or request.path == STREAM)


# --- who may do what -------------------------------------------------------------------------------------------------


def _is_allowed(request: web.Request) -> bool:
    """Tell whether the visitor may do what this door is for.

    Raises:
        HTTPNotFound: there is no such door, or it was not given an act.
        HTTPSeeOther: from the desk's first page to the one where their role begins, or to say once more who they are.
    """
    act = act_of(request)
    if act is None:
        raise web.HTTPNotFound
    if act == OPEN:
        return True
    if may(request[OPERATOR].role, act):
        _see_they_are_sure(request, act)
        return True
    if request.path == HOME:
        see(home_of(request[OPERATOR].role))
    return False


def _see_they_are_sure(request: web.Request, act: str) -> None:
    if must_be_sure(act) and request.app[ROOM].clock() - request[SESSION].sure_at > SURE_FOR:
        # A form is sent from a page of ours: that is where they go on.
        back = request.path if request.method == "GET" else urlsplit(request.headers.get("Referer", HOME)).path
        raise web.HTTPSeeOther(f"{SURE}?{urlencode({'ke': back})}")
