"""An agent's link: the page a stranger lands on, and the papers that lead there."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from aiohttp import web

from bot.channels.web import Say
from bot.channels.web.page import Pages
from bot.field import papers
from bot.field.counting import Counting, is_somebodys
from bot.field.form import form
from bot.field.manual import manual
from bot.field.press import Press
from bot.field.preview import SIZE, preview
from bot.texts.catalogue import SOURCE
from conversations.flows.apply import known
from conversations.messages import Rupiah
from conversations.months import Month, jakarta
from conversations.programmes.brackets import BRACKETS
from conversations.programmes.contribution import PAIR, quote
from conversations.programmes.places import CALL_CENTRE
from conversations.retention import DRAFT_DAYS
from conversations.session import fresh
from conversations.turn import Facts, Referral
from conversations.view import View
from storage.agents import photo_of, referral
from storage.database import Database
from storage.sealing import KeyRing

Links = Callable[[str], Awaitable[Mapping[str, str]]]
"""Where each messenger's chat opens with a code: channel → address."""


class Landing(NamedTuple):
    """The pages of a link; `root` is where people reach us, `links` lead on into a chat; `press` draws what is printed,
    `counting` says how often the page was opened."""

    database: Database
    keys: KeyRing
    clock: Callable[[], dt.datetime]
    pages: Pages
    root: str
    links: Links
    on_behalf_of: str
    demo: bool
    press: Press
    counting: Counting

    async def show(self, request: web.Request) -> web.Response:
        """Answer with the page of whoever the code stands for; with an unknown code, go to the chat alone."""
        code, found = await self._found(request)
        if found is None:
            raise web.HTTPFound("/")
        await self.counting.opened(request, code)
        return self.pages.page(
            "landing.html",
            self._language(request),
            referral=found,
            preview=SIZE,
            has_photo=await self._photo(code) is not None,
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
        draw, kind = PAPERS[request.match_info["paper"]]
        return printed(await self.press.printed(draw, content), kind)

    async def photo(self, request: web.Request) -> web.Response:
        """Answer with the photo of an agent, as long as they are one."""
        photo = await self._photo(request.match_info["code"].upper())
        if photo is None:
            raise web.HTTPNotFound
        return printed(photo, "image/jpeg")

    async def scan(self, request: web.Request) -> web.Response:
        """Answer with the QR code of what an agent filled in, to be scanned from a shared screen; it says no more than
        the code that is asked for, whether that leads anywhere or not."""
        link = f"{self.root}/?kode={request.match_info['code'].upper()}"
        # Not kept: anybody may ask for any code, and the papers of agents would be forgotten for them.
        return printed(await asyncio.to_thread(papers.qr_of, link), PNG)

    async def manual(self, request: web.Request) -> web.Response:
        """Answer with the agents' manual."""
        wanted = (self.pages.languages.of(request), jakarta(self.clock()))
        return printed(await self.press.printed(self._manual, wanted), PDF)

    async def form(self, _: web.Request) -> web.Response:
        """Answer with the form that somebody without a phone signs."""
        return printed(await self.press.printed(self._form, self.on_behalf_of), PDF)

    def _manual(self, wanted: tuple[str, dt.date]) -> bytes:
        return manual(self.pages.languages.say(wanted[0]), known(View(fresh(), Facts(), self.clock())))

    def _form(self, operator: str) -> bytes:
        say = self._for_all
        who = {"who": say("paper_form.who"), "operator": operator, "keep": DRAFT_DAYS, "call": CALL_CENTRE.value}
        return form(say, who, demo=self.demo)

    @property
    def _for_all(self) -> Say:
        """The catalogue for what is hung up, handed on or signed: whoever prints it, others read it."""
        return self.pages.languages.say(SOURCE)

    def _language(self, request: web.Request) -> str:
        """The language of whoever opens the page; a preview is made for others, of whom nothing is known."""
        return self.pages.languages.of(request) if is_somebodys(request) else SOURCE

    async def _photo(self, code: str) -> bytes | None:
        async with self.database.read() as connection:
            return await photo_of(connection, self.keys, code)

    async def _found(self, request: web.Request) -> tuple[str, Referral | None]:
        code = request.match_info["code"].upper()
        async with self.database.read() as connection:
            return code, await referral(connection, self.keys, code, self.clock())

    def _content(self, found: Referral, link: str) -> papers.Content:
        price, until = lowest_price(self._for_all, jakarta(self.clock()))
        return papers.Content(self._for_all, found, link, price, until, CALL_CENTRE.value, self.demo)


def lowest_price(say: Say, today: dt.date) -> tuple[str, str]:
    """Return the lowest price of a month for JKK and JKM in words, and until when it holds."""
    base = BRACKETS[0].value.base
    priced = quote(base, "other", PAIR, Month(today.year, today.month), 1)
    amounts = {"total": Rupiah(priced.total), "normal": Rupiah(priced.normal_total), "base": Rupiah(base)}
    until = say("poster.until", until=priced.discount_until) if priced.discount_until else ""
    return say("poster.price", **amounts), f"{until} {say('poster.estimate', **amounts)}".strip()


def printed(body: bytes, kind: str) -> web.Response:
    """Answer with a file; it may be kept for minutes, since an agent may be suspended."""
    return web.Response(body=body, content_type=kind, headers=HEADERS)


HEADERS = {
    "Cache-Control": "private, max-age=300",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}
PDF, PNG = "application/pdf", "image/png"
PAPERS: dict[str, tuple[Callable[[papers.Content], bytes], str]] = {
    "poster.pdf": (papers.poster, PDF),
    "selebaran.pdf": (papers.leaflet, PDF),
    "kartu.pdf": (papers.card, PDF),
    "qr.png": (papers.qr_png, PNG),
    "pratinjau.png": (preview, PNG),
}
CODE = "/d/{code:[A-Za-z0-9]{4,16}}"
PAPER = rf"{CODE}/{{paper:{'|'.join(PAPERS)}}}".replace(".", r"\.")
PHOTO = f"{CODE}/foto.jpg"
SCAN = r"/kode/{code:[A-Za-z0-9]{8}}.png"
