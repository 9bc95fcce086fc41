"""What waits at this moment: cases for staff, deliveries for the messengers and the backend."""

from __future__ import annotations

from bot.desk.letters import LANES
from bot.desk.pages import how_long
from bot.desk.reasons import reason_key
from bot.monitor.panel import Chart, Look, Panel, Point
from storage.figures import Urgent, urgent


async def urgent_of(look: Look) -> Urgent:
    """Return what waits now."""
    return await look.once("urgent", lambda: urgent(look.connection))


async def waiting(look: Look) -> Panel:
    """Show the open cases by reason, most first, and since when the oldest waits."""
    found = sorted((await urgent_of(look)).cases, key=lambda one: -one.rows)
    rows = tuple(
        (look.say(reason_key(one.labels[0])), one.rows, how_long(look.say, one.oldest, look.now)) for one in found
    )
    return Panel(("reason", "cases", "oldest"), rows, Chart("bars", tuple(Point(*row[:2]) for row in rows)))


async def deliveries(look: Look) -> Panel:
    """Show what is still to be delivered by channel and lane, and what was given up."""
    found = await urgent_of(look)
    dead = {one.labels[0]: one.rows for one in found.dead}
    wait = [
        (one.labels[0], _lane(look, one.labels[1]), one.rows, how_long(look.say, one.oldest, look.now))
        for one in found.deliveries
    ]
    gone = [(channel, look.say("desk.monitor.dead"), n, "–") for channel, n in dead.items()]
    return Panel(("channel", "lane", "rows", "oldest"), (*wait, *gone))


def _lane(look: Look, lane: str) -> str:
    return look.say(f"desk.lane.{lane}") if lane in LANES else lane
