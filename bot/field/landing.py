"""An agent's link: the page a stranger lands on, and the papers that lead there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from aiohttp import web

from bot.channels.web import Say
from bot.channels.web.page import Pages
from bot.field import papers
from bot.field.manual import manual
from conversations.flows.apply import known
from conversations.messages import Rupiah
from conversations.months import Month, jakarta
from conversations.programmes.brackets import BRACKETS
from conversations.programmes.contribution import PAIR, quote
from conversations.programmes.places import CALL_CENTRE
from conversations.session import fresh
from conversations.turn import Facts, Referral
from conversations.view import View
from storage.agents import note_opening, referral
from storage.database import Database
from storage.sealing import KeyRing

Links = Callable[[str], Awaitable[Mapping[str, str]]]
"""Where each messenger's chat opens with a code: channel → address."""


class Landing(NamedTuple):
    """The pages of a link; `root` is where people reach us, `links` lead on into a chat."""

    database: Database
    keys: KeyRing
    clock: Callable[[], dt.datetime]
    pages: Pages
    say: Say
    root: str
    links: Links
    on_behalf_of: str
    demo: bool

    async def show(self, request: web.Request) -> web.Response:
        """Answer with the page of whoever the code stands for; with an unknown code, go to the chat alone."""
        code, found = await self._found(request)
        if found is None:
            raise web.HTTPFound("/")
        async with self.database.write() as connection:
            await note_opening(connection, code, self.clock())
        return self.pages.page(
            "landing.html",
            referral=found,
            link=f"{self.root}/d/{code}",
            doors={**await self.links(code), "web": f"/?kode={code}"},
            call=CALL_CENTRE.value,
            operator=self.on_behalf_of,
            demo=self.demo,
        )

    async def paper(self, request: web.Request) -> web.Response:
        """Answer with one of the papers of a code."""
        code, found = await self._found(request)
        if found is None:
            raise web.HTTPNotFound
        content = self._content(found, f"{self.root}/d/{code}")
        name = request.match_info["paper"]
        if name == "qr.png":
            return web.Response(body=papers.qr_png(content.link), content_type="image/png")
        return web.Response(body=PAPERS[name](content), content_type="application/pdf")

    async def manual(self, _: web.Request) -> web.Response:
        """Answer with the agents' manual."""
        view = View(fresh(), Facts(), self.clock())
        return web.Response(body=manual(self.say, known(view)), content_type="application/pdf")

    async def _found(self, request: web.Request) -> tuple[str, Referral | None]:
        code = request.match_info["code"].upper()
        async with self.database.read() as connection:
            return code, await referral(connection, self.keys, code, self.clock())

    def _content(self, found: Referral, link: str) -> papers.Content:
        price, until = lowest_price(self.say, jakarta(self.clock()))
        return papers.Content(self.say, found, link, price, until, CALL_CENTRE.value, self.demo)


def lowest_price(say: Say, today: dt.date) -> tuple[str, str]:
    """Return the lowest price of a month for JKK and JKM in words, and until when it holds."""
    base = BRACKETS[0].value.base
    priced = quote(base, "other", PAIR, Month(today.year, today.month), 1)
    amounts = {"total": Rupiah(priced.total), "normal": Rupiah(priced.normal_total), "base": Rupiah(base)}
    until = say("poster.until", until=priced.discount_until) if priced.discount_until else ""
    return say("poster.price", **amounts), f"{until} {say('poster.estimate', **amounts)}".strip()


PAPERS = {"poster.pdf": papers.poster, "selebaran.pdf": papers.leaflet, "kartu.pdf": papers.card}
PAPER = r"/d/{code:[A-Za-z0-9]{4,16}}/{paper:poster\.pdf|selebaran\.pdf|kartu\.pdf|qr\.png}"
