"""The monitor as a wing of the desk: its doors, its templates, what it needs while the desk is open."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from bot.desk.doors import Wing, get, post
from bot.monitor import aims
from bot.monitor.drawing import DRAWING, Drawing
from bot.monitor.pages import HERE, PAGES, PANELS, picture, sheet, show

_PANEL = rf"/monitor/data/{{panel:{'|'.join(PANELS)}}}"

DOORS = (
    get("/monitor", show, act="monitor.see"),
    get(rf"/monitor/{{page:{'|'.join(filter(None, PAGES))}}}", show, act="monitor.see"),
    get(_PANEL + r".{kind:svg|png}", picture, act="monitor.see"),
    get(_PANEL + ".csv", sheet, act="monitor.see"),
    get("/monitor/target", aims.show, act="monitor.aim"),
    post("/monitor/target", aims.change, act="monitor.aim"),
)


def _join(app: web.Application, desk: web.Application) -> None:
    drawing = desk[DRAWING] = Drawing()

    async def close(_: web.Application) -> None:
        await drawing.close()

    async def lead(_: web.Request) -> web.Response:
        raise web.HTTPFound(HERE)

    desk.on_cleanup.append(close)
    app.router.add_get("/monitor", lead)


MONITOR = Wing(DOORS, Path(__file__).parent / "templates", _join)
