"""Enrolments over time, and what is chosen."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from bot.monitor.panel import Chart, Look, Panel, Point, share, short
from conversations.months import JAKARTA
from storage.monitor import growth
from storage.monitor.tallies import ACCEPTED, PROGRAMMES, STATE
from storage.monitor.totals import by_day as tallied_by_day
from storage.monitor.totals import by_key, with_jht

HOURS, WEEKS = 24, 26
"""How far back is looked by hour and by week."""


async def by_hour(look: Look) -> Panel:
    """Show the last hours, whose enrolments are counted from the rows themselves."""
    this = look.now.astimezone(JAKARTA).replace(minute=0, second=0, microsecond=0)
    hours = [this - dt.timedelta(hours=back) for back in reversed(range(HOURS))]
    counted = await growth.by_hour(look.connection, hours[0])
    rows = tuple((f"{hour:%H.%M}", counted.get(hour, 0)) for hour in hours)
    return Panel(("hour", "enrolled"), rows, Chart("columns", tuple(Point(*row) for row in rows)))


async def by_day(look: Look) -> Panel:
    """Show every day of the span beside what the office aims at."""
    counted = await tallied_by_day(look.connection, STATE, ACCEPTED, look.since, look.until)
    days = [look.since + dt.timedelta(days=n) for n in range(look.days)]
    rows = tuple((day.isoformat(), counted.get(day, 0)) for day in days)
    points = tuple(Point(short(day), counted.get(day, 0)) for day in days)
    return Panel(("day", "enrolled"), rows, Chart("columns", points, look.targets.get("day")))


async def by_week(look: Look) -> Panel:
    """Show the last weeks, each from its Monday."""
    monday = look.today - dt.timedelta(days=look.today.weekday())
    weeks = [monday - dt.timedelta(weeks=back) for back in reversed(range(WEEKS))]
    counted = await tallied_by_day(look.connection, STATE, ACCEPTED, weeks[0], look.until)
    total: Counter[dt.date] = Counter()
    for day, n in counted.items():
        total[day - dt.timedelta(days=day.weekday())] += n
    points = tuple(Point(short(week), total[week]) for week in weeks)
    aim = look.targets.get("day")
    rows = tuple((week.isoformat(), total[week]) for week in weeks)
    return Panel(("week", "enrolled"), rows, Chart("columns", points, aim and aim * 7))


async def programmes(look: Look) -> Panel:
    """Show which programmes are chosen together, and what part takes JHT too."""
    counted = await by_key(look.connection, PROGRAMMES, look.since, look.until)
    whole = sum(counted.values())
    rows = tuple((" + ".join(key.upper().split(",")), n, share(n, whole)) for key, n in counted.items())
    points = tuple(Point(name, percent) for name, _, percent in rows)
    note = look.say("desk.monitor.note.jht", share=str(share(with_jht(counted), whole))) if whole else ""
    return Panel(("programmes", "enrolled", "percent"), rows, Chart("bars", points, percent=True), note)
