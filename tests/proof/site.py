"""The whole program with every door open: chats, desk, field, both messengers' webhooks, the embedded backend."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

from prometheus_client import CollectorRegistry

from bot.app import Jamin, running
from bot.clock import Clock
from bot.settings import Settings
from bot.web_app import bound, web_app
from tests.fakes import bot_api, graph_api
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.graph_api import FakeGraphApi
from tests.shell.worker import Worker

HOOK_SECRET = "telegram-shows-this"


class Door(NamedTuple):
    """A route: its method and its path, with parameters as "{name}"."""

    method: str
    path: str


@contextlib.asynccontextmanager
async def site(home: Path, database_url: str, clock: Clock | None = None) -> AsyncIterator[Jamin]:
    """Run it on a free port of this machine while the block lasts, with messengers that answer as the real ones."""
    async with FakeBotApi().running() as telegram, FakeGraphApi().running() as whatsapp:
        listener = bound("127.0.0.1", 0)
        settings = Settings(
            mode="demo",
            home=home,
            database_url=database_url,
            public_url="http://127.0.0.1:{1}".format(*listener.getsockname()),
            telegram_token=bot_api.TOKEN,
            telegram_secret=HOOK_SECRET,
            telegram_api_url=telegram.url,
            whatsapp_token=graph_api.TOKEN,
            whatsapp_phone_id=graph_api.NUMBER,
            whatsapp_app_secret=graph_api.APP_SECRET,
            whatsapp_verify_token=graph_api.VERIFY,
            whatsapp_api_url=whatsapp.url,
        )
        async with running(settings, clock or Clock(), listener) as jamin:
            yield jamin


def doors(jamin: Jamin) -> list[Door]:
    """List every route, those of mounted applications too."""
    app = web_app(dataclasses.replace(jamin, figures=CollectorRegistry(), embedded=None))
    routes = [*app.router.routes(), *(jamin.embedded.router.routes() if jamin.embedded else ())]
    return sorted({Door(route.method, route.resource.canonical) for route in routes if route.resource})


async def enrolled(jamin: Jamin, name: str = "siti") -> tuple[str, ...]:
    """Enrol somebody; return what of theirs must be seen nowhere."""
    await Worker(jamin, jamin.clock, name).answer_until("remind")
    return ("3273011708900001", "Siti Aminah", "81234567890", "17 Agustus 1990")
