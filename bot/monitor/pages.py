"""The monitor's pages: which panels stand on which, and each panel as a page's part, a picture or a file."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from csv import writer
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
from aiohttp import web

from bot.desk.pages import page
from bot.desk.room import OPERATOR, ROOM
from bot.desk.supervision import SHORTCUTS, cell
from bot.monitor import agents, areas, growing, running, staying, stopping
from bot.monitor.charts import LOOKS, height, spec
from bot.monitor.drawing import DRAWING, DrawingError
from bot.monitor.headline import headline, number
from bot.monitor.panel import Look, Panel, Reader
from storage import audit
from storage.cases.events import newest
from storage.monitor.targets import targets_set

HERE = "/desk/monitor"
SPANS = (7, 30, 90, 365)
USUAL = 30
"""Days looked at where none are asked for."""
MOST_ROWS = 40
"""Rows of a table on a page; the file has all of them."""

PAGES: Mapping[str, Mapping[str, Reader]] = MappingProxyType(
    {
        "": {
            "hour": growing.by_hour,
            "day": growing.by_day,
            "week": growing.by_week,
            "programmes": growing.programmes,
        },
        "agen": {
            "active": agents.active,
            "brought": agents.brought,
            "sources": agents.sources,
            "campaigns": agents.campaigns,
        },
        "wilayah": {"provinces": areas.provinces, "ecosystems": areas.ecosystems, "members": areas.members},
        "corong": {"stages": stopping.stages, "stops": stopping.stops, "times": stopping.times},
        "bertahan": {"kept": staying.kept, "cohorts": staying.by_month},
        "berjalan": {"waiting": running.waiting, "deliveries": running.deliveries},
    }
)
"""The panels of each page, by the last part of its address."""
NO_SPAN = frozenset({"bertahan", "berjalan"})
"""Pages whose figures have a time of their own: of months, of this moment."""
PANELS: Mapping[str, Reader] = {name: reader for panels in PAGES.values() for name, reader in panels.items()}


class Shown(NamedTuple):
    """A panel as a page shows it; `mark` changes when the figures do, `more` tells that the file has more rows."""

    name: str
    panel: Panel
    mark: str
    height: int
    more: bool


async def show(request: web.Request) -> web.Response:
    """Show one page of the monitor."""
    name = request.match_info.get("page", "")
    async with looking(request, MOST_ROWS + 1) as look:
        seen = await newest(look.connection)
        keys = await headline(look) if not name else []
        panels = [_shown(one, await reader(look)) for one, reader in PAGES[name].items()]
    return page(
        request,
        "monitor.html",
        keys=keys,
        panels=panels,
        pages=tuple(PAGES),
        current=name,
        here=request.path_qs,
        spans=() if name in NO_SPAN else SPANS,
        days=look.days,
        looks=LOOKS,
        number=number,
        most=MOST_ROWS,
        seen=seen,
        shortcuts=SHORTCUTS,
    )


def _shown(name: str, panel: Panel) -> Shown:
    mark = hashlib.sha256(msgspec.json.encode(panel)).hexdigest()[:16]
    return Shown(name, panel, mark, height(panel.chart) if panel.chart else 0, len(panel.rows) > MOST_ROWS)


@asynccontextmanager
async def looking(request: web.Request, most: int | None = None) -> AsyncIterator[Look]:
    """Give what panels are read with, over the span of days that the address asks for; `most` bounds long tables."""
    room, asked = request.app[ROOM], request.query.get("hari", "")
    days = int(asked) if asked in map(str, SPANS) else USUAL
    async with room.database.read() as connection:
        yield Look(connection, room.clock(), days, await targets_set(connection), room.say, {}, most)


async def picture(request: web.Request) -> web.Response:
    """Give a panel's chart as a picture: for a page in the look it asks for, or as PNG to take away."""
    chart = (await _panel(request, MOST_ROWS)).chart
    png = request.match_info["kind"] == "png"
    look = LOOKS.get("print" if png else request.query.get("rupa", ""), LOOKS["wide-light"])
    if chart is None:
        raise web.HTTPNotFound
    try:
        drawn = await request.app[DRAWING].picture(spec(chart, look), png=png)
    except DrawingError as error:
        raise web.HTTPServiceUnavailable(reason="the chart could not be drawn") from error
    headers = _taken_away(request, "png") if png else {}
    return web.Response(body=drawn, content_type="image/png" if png else "image/svg+xml", headers=headers)


async def sheet(request: web.Request) -> web.Response:
    """Give a panel's figures as CSV; that they were taken away stands in the trail."""
    panel, room = await _panel(request), request.app[ROOM]
    async with room.database.write() as connection:
        subject = f"monitor {request.match_info['panel']}"
        await audit.append(connection, room.clock(), request[OPERATOR].name, "export", subject)
    return web.Response(
        text=written(panel), content_type="text/csv", charset="utf-8", headers=_taken_away(request, "csv")
    )


async def _panel(request: web.Request, most: int | None = None) -> Panel:
    async with looking(request, most) as look:
        return await PANELS[request.match_info["panel"]](look)


def written(panel: Panel) -> str:
    """Write a panel as CSV, with the codes of its columns in the first line; nothing in it is a formula."""
    out = io.StringIO()
    lines = writer(out)
    lines.writerow(panel.columns)
    lines.writerows([_cell(value) for value in row] for row in panel.rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    """A number stays one, also below zero; what else looks like a formula is marked as text."""
    return str(value) if isinstance(value, int) else cell(value)


def _taken_away(request: web.Request, kind: str) -> dict[str, str]:
    name = f"jamin-monitor-{request.match_info['panel']}.{kind}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}
