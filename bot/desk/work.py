"""One enrolment of the manual backend: what to key into the official channel, and recording what came of it.

Whoever reveals or records something has the enrolment for a while, and nobody else can do anything to it meanwhile.
Each outcome, bill and payment has one id whoever records it, so that two clicks, too, record it once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk import recording
from bot.desk.masking import hidden, masked_number, masked_words
from bot.desk.pages import field, moment, page, see
from bot.desk.room import OPERATOR, ROOM, Act, Room
from conversations.events import REFUSALS
from conversations.messages import Bill, BillExpired, BillIssued, BillPaid, EnrolmentAnswered, EnrolmentReopened
from conversations.months import Month, jakarta, months_from
from storage import audit
from storage.enrolments import Enrolment, Owner, enrolment_by_id, enrolments_of, months_paid, opened, owner_of
from storage.people import person_of
from storage.tables import stored
from storage.work_claims import WorkClaim, claim, claim_of, release
from storage.worklist import PROMISE, occupation_of

MASKS = dict.fromkeys(("nik", "phone", "kpj", "code"), masked_number) | {"name": masked_words}
"""How a field is shown until it is revealed; any other is hidden whole."""

WHY_REVEAL = ("entering", "comparing", "asked")
REFUSED = (*REFUSALS, "other")
FIELDS = ("kpj", *recording.BILL)


class Work(NamedTuple):
    """An enrolment, whose it is, what is personal in it by field, the last bill, the months paid ("2026-12"), the
    occupation's code, who has it now, and whether the same person was handed on again later."""

    enrolment: Enrolment
    owner: Owner
    data: dict[str, str]
    bill: Bill | None
    paid: list[str]
    occupation: str
    holder: WorkClaim | None
    is_followed: bool


async def show(request: web.Request) -> web.Response:
    """Show the enrolment, its data masked, and what can be recorded now."""
    return _page(request, await _work(request))


async def reveal(request: web.Request) -> web.Response:
    """Show one field, or all, for a reason; audited first."""
    work, typed, room = await _work(request), await request.post(), request.app[ROOM]
    wanted, why = field(typed, "field"), field(typed, "why")
    names = tuple(work.data) if wanted == "all" else tuple(name for name in work.data if name == wanted)
    if not names or why not in WHY_REVEAL:
        return _page(request, work, problems=("why",), status=422)
    await _hold(request, work)
    async with room.database.write() as connection:
        subject = f"enrolment {work.enrolment.id} {','.join(names)} {why}"
        await audit.append(connection, room.clock(), request[OPERATOR].name, "reveal", subject)
    return _page(request, await _work(request), revealed=names, why=why)


async def accept(request: web.Request) -> web.Response:
    """Record the member's number and the first bill."""
    work, typed = await _work(request), await request.post()
    values, problems = recording.read(typed, FIELDS, _today(request))
    if work.enrolment.state != "waiting":
        _too_late(work)
    if problems:
        return _page(request, work, typed=typed, problems=problems, status=422)
    kpj = values.pop("kpj")
    return await _outcome(request, work, "accepted", kpj=kpj, bill=Bill(**values))


async def refuse(request: web.Request) -> web.Response:
    """Record that the official channel did not take it, and why."""
    work, reason = await _work(request), field(await request.post(), "reason")
    if work.enrolment.state != "waiting":
        _too_late(work)
    if reason not in REFUSED:
        return _page(request, work, problems=("reason",), status=422)
    return await _outcome(request, work, "refused", reason=reason)


async def bill(request: web.Request) -> web.Response:
    """Record a new bill for somebody enrolled."""
    work, typed = await _work(request), await request.post()
    values, problems = recording.read(typed, recording.BILL, _today(request))
    if work.enrolment.state != "accepted":
        _too_late(work)
    if not problems and str(values["first"]) in work.paid:
        problems = ("first",)
    if problems:
        return _page(request, work, typed=typed, problems=problems, status=422)
    issued = BillIssued(work.owner.person, work.enrolment.id, Bill(**values))
    return await _record(request, work, Act(f"bill:{work.enrolment.id}:{values['code']}", issued, "bill", ""))


async def pay(request: web.Request) -> web.Response:
    """Record that the last bill was paid."""
    work = await _work(request)
    due = _bill_due(work)
    paid_at = request.app[ROOM].clock()
    paid = BillPaid(work.owner.person, work.enrolment.id, due.code, due.first, due.months, paid_at)
    return await _record(request, work, Act(f"paid:{work.enrolment.id}:{due.code}", paid, "paid", ""))


async def expire(request: web.Request) -> web.Response:
    """Record that the last bill ran out unpaid, so that the worker is offered a new one."""
    work = await _work(request)
    due = _bill_due(work)
    expired = BillExpired(work.owner.person, work.enrolment.id, due.code)
    return await _record(request, work, Act(f"expired:{work.enrolment.id}:{due.code}", expired, "expired", ""))


async def reopen(request: web.Request) -> web.Response:
    """Take back an outcome that was recorded by mistake; the worker is told, and it waits again."""
    work = await _work(request)
    if not may_reopen(work):
        _too_late(work)
    reopened = EnrolmentReopened(work.owner.person, work.enrolment.id)
    return await _record(request, work, Act(f"reopened:{_recorded(work)}", reopened, "reopened", ""), "reopened")


def may_reopen(work: Work) -> bool:
    """Tell whether an outcome can be taken back: nothing was paid, and the worker was not handed on again since."""
    return work.enrolment.state in ("accepted", "refused") and not work.paid and not work.is_followed


async def _outcome(request: web.Request, work: Work, outcome: str, **values: Any) -> web.Response:
    answered = EnrolmentAnswered(work.owner.person, work.enrolment.id, outcome, **values)
    return await _record(request, work, Act(f"outcome:{_recorded(work)}", answered, outcome, ""))


def _recorded(work: Work) -> str:
    """Name an enrolment as it stands: another name once something more was recorded about it."""
    return f"{work.enrolment.id}:{stored(work.enrolment.updated_at)}"


async def _record(request: web.Request, work: Work, act: Act, news: str = "recorded") -> web.Response:
    await _hold(request, work)
    room, operator = request.app[ROOM], request[OPERATOR]
    new = await room.do(operator, work.owner.address, act._replace(subject=f"enrolment {work.enrolment.id}"))
    async with room.database.write() as connection:
        await release(connection, work.enrolment.id, operator.id)
    see(f"/desk/kerja/{work.enrolment.id}", news if new else "before")


async def _hold(request: web.Request, work: Work) -> None:
    """Take the enrolment, or keep it longer.

    Raises:
        HTTPSeeOther: another operator has it; the page says who.
    """
    room = request.app[ROOM]
    async with room.database.write() as connection:
        is_mine = await claim(connection, work.enrolment.id, request[OPERATOR].id, room.clock())
    if not is_mine:
        see(f"/desk/kerja/{work.enrolment.id}", "not_claimed")


def _bill_due(work: Work) -> Bill:
    """Return the bill that waits to be paid.

    Raises:
        HTTPSeeOther: there is none; the page says that somebody was faster.
    """
    if work.bill is None or not due(work):
        _too_late(work)
    return work.bill


def due(work: Work) -> bool:
    """Tell whether there is a bill with a month that is not recorded as paid."""
    if work.enrolment.state != "accepted" or work.bill is None:
        return False
    return not {str(month) for month in months_from(work.bill.first, work.bill.months)} <= set(work.paid)


def _too_late(work: Work) -> NoReturn:
    see(f"/desk/kerja/{work.enrolment.id}", "before")


async def _work(request: web.Request) -> Work:
    """Return the enrolment in the path.

    Raises:
        HTTPNotFound: there is none of that reference, or its person's data was erased.
    """
    room = request.app[ROOM]
    async with room.database.read() as connection:
        work = await find(connection, room, request.match_info["reference"])
    if work is None:
        raise web.HTTPNotFound
    return work


async def find(connection: AsyncConnection, room: Room, reference: str) -> Work | None:
    """Return an enrolment; None where there is none of that reference, or its person's data was erased."""
    enrolment = await enrolment_by_id(connection, reference)
    owner = await owner_of(connection, room.keys, reference)
    if enrolment is None or owner is None:
        return None
    person = await person_of(connection, room.keys, enrolment.chat_id, owner.person)
    if person is None or person.key is None:
        return None
    held = opened(enrolment, person)
    data = person.opened() | {"kpj": held.kpj, "code": held.bill.code if held.bill else ""}
    return Work(
        enrolment,
        owner,
        {name: value for name, value in data.items() if value},
        held.bill,
        await months_paid(connection, reference),
        await occupation_of(connection, enrolment.person_id),
        await claim_of(connection, reference, room.clock()),
        await _is_followed(connection, enrolment),
    )


async def _is_followed(connection: AsyncConnection, enrolment: Enrolment) -> bool:
    others = await enrolments_of(connection, enrolment.chat_id)
    return any(one.person_id == enrolment.person_id and one.created_at > enrolment.created_at for one in others)


def _page(
    request: web.Request,
    work: Work,
    *,
    typed: Mapping[str, Any] | None = None,
    revealed: tuple[str, ...] = (),
    why: str = "",
    problems: tuple[str, ...] = (),
    status: int = 200,
) -> web.Response:
    today = _today(request)
    return page(
        request,
        "work.html",
        status=status,
        work=work,
        fields=_fields(work, revealed),
        why=why,
        reasons=WHY_REVEAL,
        refused=REFUSED,
        problems=problems,
        typed=_starts(work, today) if typed is None else {name: field(typed, name) for name in FIELDS},
        due=due(work),
        reopenable=may_reopen(work),
        promise=_promise(request, work),
        today=today.isoformat(),
    )


def _promise(request: web.Request, work: Work) -> tuple[str, bool]:
    """Return until when the worker was promised to hear of a waiting enrolment, and whether that is over."""
    if work.enrolment.state != "waiting":
        return "", False
    until = work.enrolment.updated_at + PROMISE
    return moment(until), until < request.app[ROOM].clock()


def _fields(work: Work, revealed: tuple[str, ...]) -> list[tuple[str, str, bool]]:
    """Return name, what is shown, and whether that is the value itself."""
    return [
        (name, value if name in revealed else MASKS.get(name, hidden)(value), name in revealed)
        for name, value in work.data.items()
    ]


def _starts(work: Work, today: dt.date) -> dict[str, str]:
    """Return what empty forms start with: the months that were ordered, from the first one that is not paid."""
    unpaid = Month.parse(max(work.paid)).plus(1) if work.paid else Month.parse(work.enrolment.first)
    first = max(unpaid, Month.of(today)) if work.enrolment.state == "accepted" else unpaid
    return dict.fromkeys(FIELDS, "") | {"first": str(first), "months": str(work.enrolment.months)}


def _today(request: web.Request) -> dt.date:
    return jakarta(request.app[ROOM].clock())
