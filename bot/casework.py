"""What becomes of cases by the clock alone: the idle ones go back to the queue, those answered too late are marked."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import structlog

from conversations.cases import IDLE, PRIORITIES
from conversations.hours import OFFICE_HOURS, Hours
from storage.cases import Unanswered, unanswered
from storage.cases.acts import mark_overdue, return_idle
from storage.cases.presence import forget_absent
from storage.database import Database

log = structlog.get_logger(__name__)


class Rules(NamedTuple):
    """What an office sets: its opening hours, and how long a claimed case may lie idle."""

    hours: Hours = OFFICE_HOURS
    idle: dt.timedelta = IDLE


async def look_after(database: Database, rules: Rules, now: dt.datetime) -> None:
    """Do once what is due now. Nobody loses a case outside of opening hours: nobody could take it."""
    if rules.hours.is_open(now):
        async with database.write() as connection:
            returned = await return_idle(connection, now, rules.idle)
        if returned:
            log.info("cases_returned", cases=len(returned))
    async with database.read() as connection:
        waiting = await unanswered(connection)
    for case in waiting:
        if is_overdue(case, rules.hours, now):
            async with database.write() as connection:
                await mark_overdue(connection, case.id, now)
    async with database.write() as connection:
        await forget_absent(connection, now)


def is_overdue(case: Unanswered, hours: Hours, now: dt.datetime) -> bool:
    """Tell whether a case waited longer for its first answer than its priority allows, in opening hours."""
    allowed = dt.timedelta(minutes=PRIORITIES[case.priority].answer_within)
    return hours.worked(case.opened_at, now) > allowed
