"""The pages of pictures: the picture itself at a private address, and whether a proof is valid."""

from __future__ import annotations

import asyncio
from pathlib import Path

from aiohttp import web

from bot.channels.web import Languages
from bot.channels.web.assets import Assets
from bot.channels.web.page import Pages
from bot.papers.papers import Papers
from bot.turns import Clock
from conversations.months import jakarta
from conversations.programmes.places import CALL_CENTRE

FOLDER = Path(__file__).parent / "pages"
HEADERS = {
    "Cache-Control": "no-store, private",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'none'",
}
FORMS = {"png": "image/png", "pdf": "application/pdf"}
VERDICTS = {True: "valid", False: "over", None: "unknown"}


def add_papers(app: web.Application, papers: Papers, languages: Languages, clock: Clock, *, demo: bool) -> None:
    """Add `/gambar/{token}.png` and `.pdf`, and the page behind a proof's QR code, `/sah/{token}`, for
    whoever scans it."""
    pages = Pages(languages, Assets().version, FOLDER)

    async def picture(request: web.Request) -> web.Response:
        drawn = await papers.picture(request.match_info["token"])
        if drawn is None:
            raise web.HTTPGone
        form = request.match_info["form"]
        body = drawn.png if form == "png" else await asyncio.to_thread(drawn.pdf)
        return web.Response(body=body, content_type=FORMS[form], headers=HEADERS)

    async def proof(request: web.Request) -> web.Response:
        verdict = VERDICTS[await papers.is_valid(request.match_info["token"])]
        status = 404 if verdict == "unknown" else 200
        known = {"verdict": verdict, "today": jakarta(clock()), "call": CALL_CENTRE.value, "demo": demo}
        return pages.page("sah.html", languages.of(request), status=status, **known)

    app.router.add_get(r"/gambar/{token}.{form:png|pdf}", picture)
    app.router.add_get("/sah/{token}", proof)
