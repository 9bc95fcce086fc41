"""An agent's page: what became of those who came by their links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from aiohttp import web

from bot.channels.web.page import Pages
from bot.field.links import VISIT_GOOD_FOR, FieldLinks
from bot.field.sample import SAMPLE
from conversations.months import Month
from storage.agents import agent_with
from storage.database import Database
from storage.field import Followed, codes_of, followed, stopped_at, weeks
from storage.sealing import KeyRing

COOKIE = "jamin_field"
LOOK_BACK = dt.timedelta(weeks=8)
MOST_FOLLOWED = 200


PARTS = {
    "hello": ("whom", "relation"),
    "work": ("group", "job", "occupation", "earning", "ending", "condition"),
    "price": ("work_days", "income", "months", "plan"),
    "consent": ("consent", "agent_sees"),
    "review": ("change", "review"),
}
"""The parts of the form that an agent is told of; what is in none of them is "data"."""
_PART_OF = {step: part for part, steps in PARTS.items() for step in steps}


class Line(NamedTuple):
    """Somebody on the list: what they are called, the last month paid (None: none yet), whether it is time to pay."""

    name: str
    paid_until: Month | None
    due: bool


class Results(NamedTuple):
    """The page `/field` and the way in by a link from the chat."""

    database: Database
    keys: KeyRing
    clock: Callable[[], dt.datetime]
    pages: Pages
    links: FieldLinks
    root: str
    demo: bool

    async def enter(self, request: web.Request) -> web.Response:
        """Open the page in this browser for whom the link was made; a forged or an old one opens nothing."""
        code = self.links.opened(request.match_info["token"])
        if code is None:
            return self.pages.page("field_over.html", status=403)
        response = web.HTTPSeeOther("/field")
        secure = self.root.startswith("https://")
        kept = self.links.visit(code)
        response.set_cookie(COOKIE, kept, max_age=VISIT_GOOD_FOR, httponly=True, secure=secure, samesite="Lax")
        raise response

    async def show(self, request: web.Request) -> web.Response:
        """Answer with the figures of the agent this browser was opened for."""
        code = self.links.visiting(request.cookies.get(COOKIE, "")) or (SAMPLE if self.demo else "")
        now = self.clock()
        month = Month.of(now)
        async with self.database.read() as connection:
            agent = await agent_with(connection, self.keys, code)
            if agent is None:
                return self.pages.page("field_over.html", status=403)
            of = await codes_of(connection, agent.id)
            funnel = await weeks(connection, of, now - LOOK_BACK, month)
            stopped = await stopped_at(connection, of)
            people = await followed(connection, self.keys, of, MOST_FOLLOWED)
        return self.pages.page(
            "field.html",
            agent=agent,
            link=f"{self.root}/d/{code}",
            weeks=funnel,
            stopped=by_part(stopped),
            people=[line(one, month) for one in people],
            sample=code == SAMPLE,
        )


def by_part(stopped: dict[str, int]) -> dict[str, int]:
    """Add up by the part of the form where people stopped."""
    parts: dict[str, int] = {}
    for step, count in stopped.items():
        part = _PART_OF.get(step, "data")
        parts[part] = parts.get(part, 0) + count
    return parts


def line(one: Followed, month: Month) -> Line:
    """Say when somebody on the list must pay: in the month after the last one paid."""
    until = Month.parse(one.paid_until) if one.paid_until else None
    return Line(one.name, until, until is None or until < month)
