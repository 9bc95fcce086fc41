"""How far people come, where they stop, how long each step takes."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from bot.monitor.panel import Chart, Look, Panel, Point, share
from conversations.flows.enrolment import ENROLMENT
from storage.monitor.funnel import MOST_CHATS, Funnel, Stop, answering, funnel
from storage.monitor.tallies import midnight

SILENT = dt.timedelta(days=1)
"""Whoever says nothing for so long has stopped."""
STEPS = tuple(step.name for step in ENROLMENT.steps)
MILESTONES = ("occupation", "plan", "consent", "nik", "review")
"""Steps of the enrolment that everybody is asked: whoever stands at one of them or after it came so far."""


async def stages(look: Look) -> Panel:
    """Show how many came how far."""
    found = await _funnel(look)
    rows = tuple((look.say(f"desk.monitor.stage.{name}"), n, share(n, found.begun)) for name, n in _stages(found))
    points = tuple(Point(row[0], row[1]) for row in rows)
    note = look.say("desk.monitor.note.newest", most=str(MOST_CHATS)) if found.begun >= MOST_CHATS else ""
    return Panel(("stage", "chats", "percent"), rows, Chart("bars", points), note)


def _stages(found: Funnel) -> list[tuple[str, int]]:
    at: Counter[str] = Counter()
    for stop in found.stops:
        if stop.flow == ENROLMENT.name:
            at[stop.step] += stop.chats
    came = [(step, found.handed + sum(at[s] for s in STEPS[STEPS.index(step) :])) for step in MILESTONES]
    ends = [("handed", found.handed), ("accepted", found.accepted), ("paid", found.paid)]
    return [("opened", found.opened), ("begun", found.begun), *came, *ends]


async def stops(look: Look) -> Panel:
    """Show at which step those stopped who said nothing for a day, the step where most did first."""
    found = await _funnel(look)
    at: Counter[str] = Counter()
    for stop in found.stops:
        at[_named(look, stop)] += stop.silent
    whole = sum(at.values())
    rows = tuple((name, n, share(n, whole)) for name, n in at.most_common() if n)
    return Panel(("step", "chats", "percent"), rows, Chart("bars", tuple(Point(*row[:2]) for row in rows[:15])))


def _named(look: Look, stop: Stop) -> str:
    return step_name(look, stop.step) if stop.flow == ENROLMENT.name else look.say("desk.monitor.step.elsewhere")


def step_name(look: Look, step: str) -> str:
    """Return what a step of the enrolment asks for, in words."""
    return look.say(f"desk.monitor.step.{step if step in STEPS else 'elsewhere'}")


async def times(look: Look) -> Panel:
    """Show how long people take to answer each step, and how often the answer could not be read."""
    found = await answering(look.connection, ENROLMENT.name, STEPS)
    rows = tuple((step_name(look, one.step), one.answers, one.seconds, one.unread) for one in found)
    points = tuple(Point(row[0], row[2]) for row in rows)
    return Panel(("step", "answers", "seconds", "unread"), rows, Chart("bars", points))


async def _funnel(look: Look) -> Funnel:
    return await look.once("funnel", lambda: funnel(look.connection, midnight(look.since), look.now - SILENT))
