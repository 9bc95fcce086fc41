"""The /v1 interface of docs/backend-contract.yaml."""

from __future__ import annotations

import re

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.backend import codec
from bot.backend.reference import bills, enrolments, events
from bot.backend.reference.answering import answer, as_problems, for_bearers, once, read_body
from bot.backend.reference.books import Books, Refusal
from bot.backend.reference.faults import Faults
from bot.backend.reference.office import OFFICE
from bot.backend.shapes import Order, PersonData, Requirements, Terms

_SEQUENCE = re.compile(r"[0-9]{1,15}")


class PaymentOrder(msgspec.Struct, frozen=True):
    """A payment made without money."""

    code: str


async def requirements(request: web.Request) -> web.Response:
    """Tell which data are needed."""
    return answer(200, codec.encode(Requirements(request.app[OFFICE].faults.now.requirements)))


async def check_identity(request: web.Request) -> web.Response:
    """Judge somebody's data."""
    data = await read_body(request, PersonData)
    required = request.app[OFFICE].faults.now.requirements

    async def work(books: Books) -> tuple[int, object]:
        return 200, await enrolments.check(books, data, required)

    return await once(request, data, work)


async def enrol(request: web.Request) -> web.Response:
    """Take a hand-off."""
    order = await read_body(request, Order)
    now = request.app[OFFICE].faults.now

    async def work(books: Books) -> tuple[int, object]:
        return 200, await enrolments.enrol(books, order, now.requirements, now.async_outcome_s)

    return await once(request, order, work)


async def issue_bill(request: web.Request) -> web.Response:
    """Make a new bill for somebody enrolled."""
    terms = await read_body(request, Terms)
    wait = request.app[OFFICE].faults.now.async_outcome_s

    async def work(books: Books) -> tuple[int, object]:
        enrolment = await enrolments.find(books, request.match_info["reference"])
        if enrolment is None:
            raise Refusal(404, "not_found")
        bill = await bills.issue(books, enrolment, terms)
        if wait is None:
            return 200, bill
        await bills.announce(books, enrolment["reference"], bill, wait)
        return 202, {}

    return await once(request, terms, work)


async def enrolment(request: web.Request) -> web.Response:
    """Tell how an enrolment stands."""
    async with request.app[OFFICE].books() as books:
        state = await enrolments.state(books, request.match_info["reference"])
    if state is None:
        raise Refusal(404, "not_found")
    return answer(200, codec.encode(state))


async def events_after(request: web.Request) -> web.Response:
    """Tell what happened since."""
    after = request.query.get("after", "0")
    if not _SEQUENCE.fullmatch(after):
        raise Refusal(400, "invalid_query")
    async with request.app[OFFICE].books() as books:
        return answer(200, await events.page_after(books, int(after)))


async def simulate_payment(request: web.Request) -> web.Response:
    """Pay a bill without money."""
    payment = await read_body(request, PaymentOrder)

    async def work(books: Books) -> tuple[int, object]:
        return 200, await bills.pay(books, payment.code)

    return await once(request, payment, work)


async def faults(request: web.Request) -> web.Response:
    """Tell the switches and how often each was felt."""
    return answer(200, codec.encode(request.app[OFFICE].faults.told()))


async def set_faults(request: web.Request) -> web.Response:
    """Put all switches at once."""
    box = request.app[OFFICE].faults
    box.set(await read_body(request, Faults))
    return answer(200, codec.encode(box.told()))


@web.middleware
async def with_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let every request meet the faults, except those to their switches."""
    if request.match_info.handler in (faults, set_faults):
        return await handler(request)
    return await request.app[OFFICE].faults.meet(request, handler)


def api() -> web.Application:
    """Return the /v1 application; OFFICE is put into it by `app`."""
    app = web.Application(middlewares=[as_problems, for_bearers, with_faults], client_max_size=64 * 1024)
    app.add_routes(
        [
            web.get("/requirements", requirements, allow_head=False),
            web.post("/identity-checks", check_identity),
            web.post("/enrolments", enrol),
            web.get("/enrolments/{reference}", enrolment, allow_head=False),
            web.post("/enrolments/{reference}/bills", issue_bill),
            web.get("/events", events_after, allow_head=False),
            web.post("/payments", simulate_payment),
            web.get("/faults", faults, allow_head=False),
            web.put("/faults", set_faults),
        ]
    )
    return app
