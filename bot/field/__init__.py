"""The agents' side: their links, and what has become of those who came through them.

Agents themselves, with applications and codes of their own, are yet to come; in demo mode one invented agent shows the
way from a forwarded link to a paid contribution.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from bot.channels.web import Say
from bot.channels.web.assets import Assets
from bot.channels.web.page import Pages
from storage.database import Database
from storage.field import reached

FOLDER = Path(__file__).parent / "pages"
SAMPLE = "CONTOH"
"""The code of the invented agent of demo mode."""


def agents(*, demo: bool, say: Say) -> Mapping[str, str]:
    """Return the names of the agents by their codes."""
    return {SAMPLE: say("field.sample")} if demo else {}


def add_field(app: web.Application, *, database: Database, demo: bool, root: str, say: Say) -> None:
    """Add an agent's link `/d/{code}` and, in demo mode, the agent's page `/field`."""
    known = agents(demo=demo, say=say)

    async def link(request: web.Request) -> web.Response:
        code = request.match_info["code"].upper()
        raise web.HTTPFound(f"/?kode={code}" if code in known else "/")

    async def page(_: web.Request) -> web.Response:
        async with database.read() as connection:
            figures = await reached(connection, SAMPLE)
        return pages.page("field.html", link=f"{root}/d/{SAMPLE}", agent=known[SAMPLE], figures=figures)

    app.router.add_get("/d/{code}", link)
    if demo:
        pages = Pages(say, Assets().version, FOLDER)
        app.router.add_get("/field", page)
