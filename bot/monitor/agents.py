"""Agents: how many work, what each brings, and which sources and campaigns bring the rest."""

from __future__ import annotations

import datetime as dt

from bot.monitor.panel import Chart, Look, Panel, Point, share, short
from storage.monitor import growth
from storage.monitor.tallies import SOURCE, WORKING
from storage.monitor.totals import by_day, by_key, registered_agents

DRAWN = 15
"""So many of the first are drawn; the table and the file have all of them."""

SOURCES = ("agent", "event", "volunteer", "campaign", "ad", "post", "other", "direct")
"""The sources that have words; one that a later version adds is shown by its code."""


async def active(look: Look) -> Panel:
    """Show how many of the registered agents brought somebody, by day."""
    counted = await by_day(look.connection, WORKING, "", look.since, look.until)
    registered = await registered_agents(look.connection)
    days = [look.since + dt.timedelta(days=n) for n in range(look.days)]
    rows = tuple((day.isoformat(), counted.get(day, 0), registered) for day in days)
    points = tuple(Point(short(day), counted.get(day, 0)) for day in days)
    return Panel(("day", "active_agents", "registered_agents"), rows, Chart("columns", points))


async def brought(look: Look) -> Panel:
    """Show what each agent brought in the span, beside the span before it."""
    found = await growth.grown(look.connection, look.since, look.until, look.most)
    field = await growth.working(look.connection, look.since, look.until)
    rows = tuple((one.code, one.now, one.before, one.now - one.before) for one in found)
    points = tuple(Point(one.code, one.now) for one in found[:DRAWN] if one.now)
    mean = field.enrolled / max(1, field.agents)
    note = look.say("desk.monitor.note.mean", mean=f"{mean:.1f}".replace(".", ","))
    return Panel(("agent", "enrolled", "before", "growth"), rows, Chart("bars", points), note)


async def sources(look: Look) -> Panel:
    """Show what led people here."""
    counted = await by_key(look.connection, SOURCE, look.since, look.until)
    whole = sum(counted.values())
    named = [(look.say(f"desk.monitor.source.{key}") if key in SOURCES else key, n) for key, n in counted.items()]
    rows = tuple((name, n, share(n, whole)) for name, n in named)
    return Panel(("source", "enrolled", "percent"), rows, Chart("bars", tuple(Point(*one) for one in named)))


async def campaigns(look: Look) -> Panel:
    """Show what every campaign's code brought."""
    found = await growth.campaigns(look.connection, look.since, look.until)
    points = tuple(Point(one.title or one.code, one.enrolled) for one in found[:DRAWN])
    return Panel(("code", "title", "enrolled"), tuple(found), Chart("bars", points))
