"""All HTTP doors in one application, and the socket it is served on."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING

from aiohttp import web

from bot import health
from bot.backend_news import BackendNews
from bot.bodies import bodies
from bot.channels.web import Languages, add_web_chat
from bot.channels.web import Say as PageSay
from bot.desk import add_desk
from bot.desk.room import Room
from bot.desk.speaking import in_the_language_of_the_page
from bot.field import add_field
from bot.headers import add_headers
from bot.held_pages import HeldPages
from bot.messengers import Messenger
from bot.metrics import Stored, add_metrics
from bot.monitor.wing import MONITOR
from bot.moving import Doors, WayIn
from bot.opening import EMBEDDED, limits_of
from bot.papers import add_papers
from bot.pressure import pressure
from bot.private_pages import PrivatePages
from bot.settings import Settings
from bot.texts.signing import spoken
from bot.throttle import throttle
from bot.webhooks import BackendWebhooks
from bot.wording import load_speech
from conversations.messages import Say
from conversations.speech import Speech

if TYPE_CHECKING:
    from bot.app import Jamin

IDLE = 75.0
"""Seconds that a connection may stay open without a whole request, longer than proxies keep theirs to us."""


def languages_of(settings: Settings) -> Languages:
    """Give the languages that are offered here."""
    return Languages(spoken(demo=settings.demo), lambda locale: saying(load_speech(locale)))


def saying(speech: Speech) -> PageSay:
    """Give the pages the catalogue."""

    def say(key: str, /, **values: object) -> str:
        return speech.say(Say(key, dict(values)))

    return say


def web_app(jamin: Jamin) -> web.Application:
    """Put all HTTP doors into one application."""
    app = web.Application(client_max_size=256 * 1024, middlewares=[throttle(), bodies(), pressure()])
    settings, languages = jamin.settings, jamin.languages
    secure = jamin.root.startswith("https://")
    add_headers(app, secure=secure)
    pages = PrivatePages(jamin.database, jamin.keys, lambda: jamin.root)
    read_photo = jamin.photos.on_page if jamin.photos.are_read else None
    add_web_chat(
        app,
        jamin.door,
        demo=settings.demo,
        languages=languages,
        find_asked=pages.find,
        read_photo=read_photo,
        secure=secure,
    )
    add_desk(app, room_of(jamin), demo=settings.demo, following=jamin.desk_live, wings=(MONITOR,))
    HeldPages(jamin.database, jamin.keys, jamin.clock, languages, jamin.root).add_routes(app)
    add_field(
        app,
        jamin.database,
        jamin.keys,
        jamin.clock,
        jamin.turns.take,
        languages=languages,
        root=jamin.root,
        links=Doors(ways_in(jamin.messengers, jamin.root)).links,
        on_behalf_of=settings.on_behalf_of,
        demo=settings.demo,
    )
    add_papers(app, jamin.papers, languages, jamin.clock, demo=settings.demo)
    _add_doors_for_programs(app, jamin)
    return app


def room_of(jamin: Jamin) -> Room:
    """Give the desk what surrounds it."""
    return Room(
        jamin.database,
        jamin.keys,
        jamin.turns.take,
        jamin.clock,
        in_the_language_of_the_page(lambda locale: saying(load_speech(locale))),
        manual=jamin.settings.backend_kind == "manual",
        secure=jamin.root.startswith("https://"),
        second_factor=not jamin.settings.demo,
        on_behalf_of=jamin.settings.on_behalf_of,
        limits=limits_of(jamin.settings),
    )


def _add_doors_for_programs(app: web.Application, jamin: Jamin) -> None:
    """Add what no person opens: health, figures, what the backend and the messengers post."""
    health.add_health(app, jamin.database, jamin.turns)
    add_metrics(app, jamin.figures, Stored(jamin.database, jamin.turns, jamin.clock))
    if jamin.settings.backend_kind != "manual":
        news = BackendNews(jamin.database, jamin.keys, jamin.turns.take)
        hooks = BackendWebhooks(news, jamin.settings.backend_secret, jamin.clock)
        app.router.add_post("/webhooks/backend", hooks.receive)
    for messenger in jamin.messengers.values():
        messenger.add_routes(app)
    if jamin.embedded is not None:
        app.add_subapp(EMBEDDED, jamin.embedded)


@contextlib.asynccontextmanager
async def serving(app: web.Application, listener: socket.socket, idle: float = IDLE) -> AsyncIterator[None]:
    """Serve an application on a bound socket while the block lasts."""
    # No access log: paths hold payment codes and the tokens of one-time pages.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2, keepalive_timeout=idle)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield
    finally:
        await runner.cleanup()


def bound(host: str, port: int) -> socket.socket:
    """Bind a listening socket; port 0 takes any free one.

    Raises:
        OSError: the port is taken.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    return listener


def ways_in(told: Mapping[str, Messenger], root: str) -> Mapping[str, WayIn]:
    """Give the ways into the channels for somebody with a code."""

    async def web_chat(code: str) -> str:
        return f"{root}/?kode={code}"

    return {**{channel: messenger.way_in for channel, messenger in told.items()}, "web": web_chat}
