"""How the API answers: JSON by the contract, problems for what goes wrong, one answer for one idempotency key."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.backend import codec
from bot.backend.reference.books import Books, Refusal
from bot.backend.reference.office import OFFICE

T = TypeVar("T")
Work = Callable[[Books], Awaitable[tuple[int, object]]]

_KEY = re.compile(r"[\x21-\x7e]{1,200}")


def answer(status: int, body: bytes) -> web.Response:
    """Return a JSON response that no cache keeps."""
    return web.Response(
        status=status, body=body, content_type="application/json", headers={"Cache-Control": "no-store"}
    )


async def read_body(request: web.Request, kind: type[T]) -> T:
    """Read a request's body.

    Raises:
        Refusal: 400 "invalid_body" with where in it, or 415.
    """
    if request.content_type != "application/json":
        raise Refusal(415, "not_json")
    try:
        return codec.decode(await request.read(), kind)
    except msgspec.ValidationError as error:
        # The message may quote what was sent; only the path after " - at " is safe to repeat.
        raise Refusal(400, "invalid_body", where=str(error).rpartition(" - at ")[2].strip("`")) from None


async def once(request: web.Request, asked: object, work: Work) -> web.Response:
    """Do the work of a request unless its idempotency key was answered before; the answer is kept with the work.

    Raises:
        Refusal: 400 without a key, 409 "key_reused" where the key came with another request.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(key):
        raise Refusal(400, "idempotency_key")
    async with request.app[OFFICE].books() as books:
        digest = books.digest(f"{request.method} {request.path} {codec.encode(asked).decode()}")
        kept = await books.one("SELECT asked, status, body FROM answers WHERE key = ?", key)
        if kept is None:
            status, told = await work(books)
            body = codec.encode(told).decode()
            await books.run(
                "INSERT INTO answers (key, asked, status, body) VALUES (?, ?, ?, ?)", key, digest, status, body
            )
            return answer(status, body.encode())
        if not hmac.compare_digest(kept["asked"], digest):
            raise Refusal(409, "key_reused")
        return answer(kept["status"], kept["body"].encode())


@web.middleware
async def as_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what was refused into a problem of the contract."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return _problem(refusal)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        response = _problem(Refusal(error.status, error.reason.lower().replace(" ", "_")))
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
        return response


@web.middleware
async def for_bearers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let only those in who carry the secret."""
    expected = f"Bearer {request.app[OFFICE].secret}"
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(_hash(given), _hash(expected)):
        raise Refusal(401, "unauthorised")
    return await handler(request)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogateescape")).digest()


def _problem(refusal: Refusal) -> web.Response:
    told = {"code": refusal.code} | ({"where": refusal.where} if refusal.where else {})
    response = web.Response(
        status=refusal.status, body=msgspec.json.encode(told), content_type="application/problem+json"
    )
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response
