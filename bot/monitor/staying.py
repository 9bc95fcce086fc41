"""Who stays: cohorts by the month of joining."""

from __future__ import annotations

from bot.monitor.panel import Chart, Look, Panel, Point, month_name, share
from storage.monitor.retention import Cohort, cohorts, kept_of
from storage.monitor.tallies import AFTER

BACK = 24
"""Months of joining that are looked at."""


async def cohorts_of(look: Look) -> list[Cohort]:
    """Return the cohorts of the last months."""
    return await look.once("cohorts", lambda: cohorts(look.connection, look.month, BACK))


async def by_month(look: Look) -> Panel:
    """Show of each month's members what part still paid later; a month that may still be paid for stays empty."""
    found = await cohorts_of(look)
    rows = tuple(
        (str(one.month), one.joined, *(_part(one.paying, n, one.joined) for n in AFTER)) for one in reversed(found)
    )
    series = {n: look.say("desk.monitor.after", months=str(n)) for n in AFTER}
    points = tuple(
        Point(month_name(one.month), share(n, one.joined), series[after])
        for one in found
        for after, n in one.paying.items()
    )
    columns = ("month", "joined", *(f"after_{n}" for n in AFTER))
    return Panel(columns, rows, Chart("lines", points, look.targets.get("kept"), percent=True))


def _part(paying: dict[int, int], after: int, joined: int) -> int | None:
    return share(paying[after], joined) if after in paying else None


async def kept(look: Look) -> Panel:
    """Show of all who joined long enough ago how many still paid, and of how many one stays."""
    found = await cohorts_of(look)
    counted = [(n, *kept_of(found, n)) for n in AFTER]
    rows = tuple((n, joined, stay, share(stay, joined), one_of(joined, stay)) for n, joined, stay in counted)
    points = tuple(Point(look.say("desk.monitor.after", months=str(row[0])), row[3]) for row in rows if row[1])
    chart = Chart("bars", points, look.targets.get("kept"), percent=True)
    return Panel(("after", "joined", "paying", "percent", "one_of"), rows, chart)


def one_of(joined: int, stay: int) -> str:
    """Write of how many who joined one stays, "5 : 1"; "–" where nobody does."""
    return f"{joined / stay:.1f} : 1".replace(".", ",").replace(",0", "") if stay else "–"
