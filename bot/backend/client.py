"""The enrolment backend over HTTP, as docs/backend-contract.yaml describes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple, TypeVar
from urllib.parse import quote as url_quote

import aiohttp
import msgspec

from bot.backend import codec
from bot.backend.errors import BackendRejected, BackendUnauthorised, BackendUnavailable
from bot.backend.shapes import (
    AnyEvent,
    EnrolmentState,
    Events,
    Order,
    Outcome,
    Payment,
    PersonData,
    Requirements,
    Terms,
    Verdict,
)
from conversations.messages import Bill

T = TypeVar("T")


class _Answer(NamedTuple):
    status: int
    body: bytes

    def read(self, kind: type[T]) -> T:
        try:
            return codec.decode(self.body, kind)
        except msgspec.ValidationError as error:
            raise BackendRejected(self.status, "unreadable_answer") from error


class _Problem(msgspec.Struct, frozen=True):
    code: str


class HttpBackend:
    """A `Backend` behind a URL; requests carry the secret as a bearer token, so outside one machine use https.

    `timeout` is in seconds, for the whole of one request. The session stays the caller's to close.
    """

    def __init__(self, session: aiohttp.ClientSession, base_url: str, secret: str, timeout: float = 10.0) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/") + "/v1"
        self._headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    async def requirements(self) -> Requirements:
        """Return which data the backend needs of every person."""
        return (await self._get("/requirements")).read(Requirements)

    async def check_identity(self, data: PersonData, key: str) -> Verdict:
        """Ask whether the data agree with the registry."""
        return (await self._post("/identity-checks", data, key)).read(Verdict)

    async def enrol(self, order: Order, key: str) -> Outcome:
        """Hand an enrolment off."""
        return (await self._post("/enrolments", order, key)).read(Outcome)

    async def issue_bill(self, reference: str, terms: Terms, key: str) -> Bill | None:
        """Ask for a new bill; None where the backend takes its time."""
        answer = await self._post(f"/enrolments/{url_quote(reference, safe='')}/bills", terms, key)
        return None if answer.status == 202 else answer.read(Bill)

    async def enrolment(self, reference: str) -> EnrolmentState | None:
        """Return an enrolment as the backend has it, None where it does not know it."""
        try:
            return (await self._get(f"/enrolments/{url_quote(reference, safe='')}")).read(EnrolmentState)
        except BackendRejected as rejected:
            if rejected.status == 404:
                return None
            raise

    async def events(self, after: int) -> tuple[AnyEvent, ...]:
        """Return the next events after a sequence number, oldest first."""
        return (await self._get("/events", {"after": str(after)})).read(Events).events

    async def simulate_payment(self, code: str, key: str) -> Payment:
        """Pay a bill without money; only the reference backend can."""
        return (await self._post("/payments", {"code": code}, key)).read(Payment)

    async def _get(self, path: str, query: Mapping[str, str] | None = None) -> _Answer:
        return await self._call("GET", path, query=query)

    async def _post(self, path: str, shape: object, key: str) -> _Answer:
        return await self._call("POST", path, body=codec.encode(shape), headers={"Idempotency-Key": key})

    async def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> _Answer:
        with _wire_faults():
            async with self._session.request(
                method,
                self._base_url + path,
                params=query,
                data=body,
                headers={**self._headers, **(headers or {})},
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                answer = _Answer(response.status, await response.read())
        _refuse(answer, response.headers.get("Retry-After", ""))
        return answer


@contextmanager
def _wire_faults() -> Iterator[None]:
    """Tell a request that never left from one whose answer never came."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
        raise BackendUnavailable("no connection") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise BackendUnavailable(type(error).__name__, known=False) from error


def _refuse(answer: _Answer, retry_after: str) -> None:
    if answer.status in (401, 403):
        raise BackendUnauthorised(str(answer.status))
    if answer.status == 429 or answer.status >= 500:
        wait = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else None
        raise BackendUnavailable(str(answer.status), retry_after=wait)
    if answer.status not in (200, 201, 202):
        raise BackendRejected(answer.status, _problem(answer.body))


def _problem(body: bytes) -> str:
    try:
        code = msgspec.json.decode(body, type=_Problem).code
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    # Only a short code may enter logs: anything else could echo what we sent.
    return code if len(code) <= 40 and code.isidentifier() else ""
