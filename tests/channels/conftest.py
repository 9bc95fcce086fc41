"""WhatsApp with the whole program behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.app import Jamin, running
from bot.channels.whatsapp.hook import PATH
from bot.channels.whatsapp.templates import load_templates
from bot.settings import Settings
from bot.web_app import bound
from tests.fakes import graph_api
from tests.fakes.graph_api import FakeGraphApi

PATIENCE = 15.0


@pytest_asyncio.fixture
async def graph() -> AsyncIterator[FakeGraphApi]:
    """WhatsApp, where our templates are approved."""
    async with FakeGraphApi().running() as graph:
        for template in load_templates().values():
            named = {"name": template.called, "language": template.locale, "parameter_format": "NAMED"}
            graph.templates.create(named | {"category": "UTILITY", "components": template.components()})
        graph.templates.decide()
        yield graph


@pytest.fixture
def settings(graph: FakeGraphApi, tmp_path: Path, database_url: str) -> Settings:
    """A number there, in live mode with a manual backend."""
    given: dict[str, Any] = {
        "whatsapp_token": graph_api.TOKEN,
        "whatsapp_phone_id": graph_api.NUMBER,
        "whatsapp_app_secret": graph_api.APP_SECRET,
        "whatsapp_verify_token": graph_api.VERIFY,
        "whatsapp_api_url": graph.url,
    }
    return Settings(
        mode="live", operator_name="Tim", backend="manual", home=tmp_path / "home", database_url=database_url, **given
    )


@pytest_asyncio.fixture
async def served(graph: FakeGraphApi, settings: Settings) -> AsyncIterator[Jamin]:
    """The program with that number; its clock is WhatsApp's."""
    async with running(settings, graph.clock, bound("127.0.0.1", 0)) as jamin:
        graph.hook = jamin.root + PATH
        yield jamin
