"""An agent's page: what became of those who came by their links, and for a coordinator what became of the team's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.web.page import Pages
from bot.field.links import COOKIE, VISIT_GOOD_FOR, FieldLinks
from bot.field.nudging import NEWS, Line, Nudging
from bot.field.sample import SAMPLE
from conversations.messages import Rupiah
from conversations.months import JAKARTA, Month
from storage.agents import Agent, agent_with
from storage.chats import chat_by_id
from storage.database import Database
from storage.field import Meeting, Week, begins, codes_of, meetings, stopped_at, weeks
from storage.organisations import organisation_by_id
from storage.sealing import KeyRing
from storage.teams import Member, earned, team

LOOK_BACK = dt.timedelta(weeks=8)
TEAM_LOOK_BACK = dt.timedelta(days=30)

PARTS = {
    "hello": ("whom", "relation"),
    "work": ("group", "job", "occupation", "earning", "ending", "condition"),
    "price": ("work_days", "income", "months", "plan"),
    "consent": ("consent", "agent_sees"),
    "review": ("change", "review"),
}
"""The parts of the form that an agent is told of; what is in none of them is "data"."""
_PART_OF = {step: part for part, steps in PARTS.items() for step in steps}


class Incentive(NamedTuple):
    """What the agent's organisation pays by its own rules, as the office entered them: rupiah for each enrolment and
    each contribution of the month, how many there were, and the sum."""

    per_enrolment: Rupiah
    per_payment: Rupiah
    enrolments: int
    payments: int
    total: Rupiah


class Shown(NamedTuple):
    """All that stands on the page."""

    agent: Agent
    weeks: list[Week]
    stopped: dict[str, int]
    people: list[Line]
    meetings: list[Meeting]
    team: list[Member]
    incentive: Incentive | None


class Results(NamedTuple):
    """The page `/field` and the way in by a link from the chat."""

    database: Database
    keys: KeyRing
    clock: Callable[[], dt.datetime]
    pages: Pages
    links: FieldLinks
    nudging: Nudging
    root: str

    async def enter(self, request: web.Request) -> web.Response:
        """Open the page in this browser for whom the link was made; a forged or an old one opens nothing."""
        code = self.links.opened(request.match_info["token"])
        if code is None:
            return self.pages.page("field_over.html", self.pages.languages.of(request), status=403)
        response = web.HTTPSeeOther("/field")
        secure = self.root.startswith("https://")
        kept = self.links.visit(code)
        response.set_cookie(COOKIE, kept, max_age=VISIT_GOOD_FOR, httponly=True, secure=secure, samesite="Lax")
        raise response

    async def show(self, request: web.Request) -> web.Response:
        """Answer with the figures of the agent this browser was opened for."""
        code, news = self.links.visitor(request), request.query.get("kabar", "")
        async with self.database.read() as connection:
            agent = await agent_with(connection, self.keys, code)
            if agent is None:
                return self.pages.page("field_over.html", self.pages.languages.of(request), status=403)
            chat = await chat_by_id(connection, self.keys, agent.chat_id) if agent.chat_id else None
            shown = await self._shown(connection, agent)
        return self.pages.page(
            "field.html",
            self.pages.languages.of(request, chat.locale if chat else ""),
            **shown._asdict(),
            link=f"{self.root}/d/{code}",
            news=news if news in NEWS else "",
            part=part_of,
            day=lambda at: at.astimezone(JAKARTA).date(),
            sample=code == SAMPLE,
        )

    async def _shown(self, connection: AsyncConnection, agent: Agent) -> Shown:
        now = self.clock()
        month, of = Month.of(now), await codes_of(connection, agent.id)
        return Shown(
            agent,
            await weeks(connection, of, now - LOOK_BACK, month),
            by_part(await stopped_at(connection, of)),
            await self.nudging.lines(connection, agent, of),
            await meetings(connection, self.keys, agent.id),
            await self._team(connection, agent, now - TEAM_LOOK_BACK, month),
            await incentive(connection, agent, of, month),
        )

    async def _team(self, connection: AsyncConnection, agent: Agent, since: dt.datetime, month: Month) -> list[Member]:
        """A coordinator sees the agents of their own organisation; for anybody else there is no team."""
        if agent.role != "coordinator" or agent.organisation_id is None:
            return []
        return await team(connection, self.keys, agent.organisation_id, since, month)


async def incentive(connection: AsyncConnection, agent: Agent, of: list[str], month: Month) -> Incentive | None:
    """Work out what an agent's organisation pays for the month; None where the office entered no rules."""
    organisation = await organisation_by_id(connection, agent.organisation_id)
    if organisation is None or (organisation.per_enrolment is None and organisation.per_payment is None):
        return None
    each, paid = organisation.per_enrolment or 0, organisation.per_payment or 0
    counted = await earned(connection, of, begins(month), month)
    total = each * counted.enrolments + paid * counted.payments
    return Incentive(Rupiah(each), Rupiah(paid), counted.enrolments, counted.payments, Rupiah(total))


def part_of(step: str) -> str:
    """Return the part of the form that a step belongs to."""
    return step if step in PARTS else _PART_OF.get(step, "data")


def by_part(stopped: dict[str, int]) -> dict[str, int]:
    """Add up by the part of the form where people stopped."""
    parts: dict[str, int] = {}
    for step, count in stopped.items():
        parts[part_of(step)] = parts.get(part_of(step), 0) + count
    return parts
