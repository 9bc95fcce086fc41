"""The agents' side: the page a stranger lands on, papers to print, and what became of those who came.

An agent comes to their page `/field` by a link from their own chat. In demo mode the page of an invented agent is open
to everybody, so that the way from a forwarded link to a paid contribution can be seen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from bot.channels.web import Languages, Limit
from bot.channels.web.assets import Assets
from bot.channels.web.page import Pages
from bot.field.counting import AT_ONCE, EVERY, Counting
from bot.field.landing import PAPER, PHOTO, SCAN, Landing, Links
from bot.field.links import FieldLinks
from bot.field.nudging import Nudging
from bot.field.press import Press
from bot.field.results import Results
from bot.field.sample import SAMPLE
from bot.turns import Taken
from conversations.assistance import FORM
from conversations.messages import Incoming
from storage.database import Database
from storage.sealing import KeyRing

FOLDER = Path(__file__).parent / "pages"
WRITTEN = ("id", "en")
"""The languages that the agents' own page has words in."""


def add_field(
    app: web.Application,
    database: Database,
    keys: KeyRing,
    clock: Callable[[], dt.datetime],
    take: Callable[[Incoming], Awaitable[Taken]],
    *,
    languages: Languages,
    root: str,
    links: Links,
    on_behalf_of: str,
    demo: bool,
) -> None:
    """Add an agent's link `/d/{code}` with its papers, and the agent's page `/field`; `take` is `Turns.take`."""
    version = Assets().version
    pages, own_pages = Pages(languages, version, FOLDER), Pages(languages.among(*WRITTEN), version, FOLDER)
    counting = Counting(database, keys, clock, Limit(AT_ONCE, EVERY))
    landing = Landing(database, keys, clock, pages, root, links, on_behalf_of, demo, Press(), counting)
    own = FieldLinks(keys, root, SAMPLE if demo else "")
    nudging = Nudging(database, keys, clock, take, own, own_pages)
    results = Results(database, keys, clock, own_pages, own, nudging, root)
    app.router.add_get("/d/{code:[A-Za-z0-9_-]{1,64}}", landing.show)
    app.router.add_get(PAPER, landing.paper)
    app.router.add_get(PHOTO, landing.photo)
    app.router.add_get(SCAN, landing.scan)
    app.router.add_get("/panduan-agen.pdf", landing.manual)
    app.router.add_get(FORM, landing.form)
    app.router.add_get("/field", results.show)
    app.router.add_get("/field/{token}", results.enter)
    app.router.add_post("/field/ingatkan", nudging.nudge)
