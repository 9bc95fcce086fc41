"""The pages of agents in a real browser: for a stranger on a phone, for the agent, and for a screen reader."""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa
from PIL import Image, ImageDraw
from playwright.async_api import Browser, Page, expect

from bot.app import Jamin, running
from bot.clock import Clock
from bot.field.portraits import portrait
from bot.field.sample import SAMPLE
from bot.settings import Settings
from bot.web_app import bound
from conversations.messages import AgencyDecided, Start, Text
from storage.agents import agent_with, keep_photo, place_agent
from storage.arrivals import note_opening
from storage.organisations import Organisation, keep_organisation
from storage.tables import agents
from tests.browser.conftest import DESKTOP
from tests.browser.desk_tabs import NARROW, accessibility_faults, fits
from tests.databases import Sqlite
from tests.shell.test_field import APPLICATION
from tests.shell.worker import Worker

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCREENSHOTS = Path(__file__).parent.parent.parent / "docs" / "screenshots"
PAGES = {"landing": f"/d/{SAMPLE}", "field": "/field"}
WORKERS = {"siti": ("Siti Aminah", "0001"), "budi": ("Budi Santoso", "0002"), "wayan": ("Wayan Sudarma", "0003")}
"""Who came by the link: the name, and how the NIK ends."""


def face() -> bytes:
    """A drawn face: nobody's photo."""
    image = Image.new("RGB", (640, 640), "#8fc1b5")
    pen = ImageDraw.Draw(image)
    pen.ellipse((170, 110, 470, 450), fill="#c68b59")
    pen.pieslice((60, 430, 580, 900), 180, 360, fill="#0c5a4f")
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


@pytest_asyncio.fixture(loop_scope="session")
async def field(sqlite: Sqlite, tmp_path: Path) -> AsyncIterator[Jamin]:
    """The program with an agent who is a coordinator, some who came by the link, and a meeting."""
    clock = Clock(dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC))
    settings = Settings(mode="demo", home=tmp_path / "home", database_url=sqlite.fresh())
    async with running(settings, clock, bound("127.0.0.1", 0)) as jamin:
        await belongs(jamin, clock)
        for worker in WORKERS:
            await joins(jamin, clock, worker)
        yield jamin


async def belongs(jamin: Jamin, clock: Clock) -> None:
    """Put the sample agent, with a photo, and another one into an organisation."""
    colleague = Worker(jamin, clock, "joko")
    await colleague.say(Text("jadi agen"))
    await colleague.answer_until("agent_promise", **APPLICATION | {"agent_name": Text("Joko Purnomo")})
    await colleague.tap("yes")
    await colleague.say(AgencyDecided("active", "JOKOJOKO", "agent", by="Rina"))
    paguyuban = Organisation("o-1", "wadah", "Paguyuban Contoh", "Kota Bandung", "sekretariat, Jalan Contoh", 5000, 500)
    async with jamin.database.write() as connection:
        await keep_organisation(connection, paguyuban, clock())
        for code in (SAMPLE, "JOKOJOKO"):
            agent = await agent_with(connection, jamin.keys, code)
            assert agent is not None
            await place_agent(connection, agent.id, paguyuban.id)
            if code == SAMPLE:
                await keep_photo(connection, jamin.keys, agent.id, portrait(face()))
                leads = sa.update(agents).where(agents.c.id == agent.id).values(role="coordinator")
                await connection.execute(leads)
        for n in range(9):
            await note_opening(connection, SAMPLE, bytes([n]), clock())


async def joins(jamin: Jamin, clock: Clock, worker: str) -> None:
    """Let somebody come by the link: Siti pays, Budi doesn't yet, Wayan stops on the way."""
    chat, (name, serial) = Worker(jamin, clock, worker), WORKERS[worker]
    answers = {"name": Text(name), "nik": Text(f"327301170890{serial}")}
    await chat.say(Start(SAMPLE))
    await chat.answer_until("birth_date" if worker == "wayan" else "remind", **answers)
    if worker == "siti":
        await chat.tap("yes")
        await chat.tap("simulate")


async def shoot(page: Page, name: str) -> None:
    """Take a picture for the documents, where they are asked for."""
    if os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=SCREENSHOTS / f"agent-{name}.png", full_page=True)


@pytest.mark.parametrize(("width", "device"), [("phone", NARROW), ("desktop", DESKTOP)])
async def test_the_pages_fit_and_are_read_aloud(
    browser: Browser, field: Jamin, width: str, device: dict[str, int]
) -> None:
    """At 390 and at 1280 pixels nothing has to be pushed sideways, and axe finds nothing wrong."""
    context = await browser.new_context(viewport=device)  # type: ignore[arg-type]
    page, faults = await context.new_page(), {}
    for name, path in PAGES.items():
        await page.goto(field.root + path)
        await expect(page.locator("h1")).to_be_visible()
        assert await fits(page), path
        faults[name] = await accessibility_faults(page)
        await shoot(page, f"{name}-{width}")
    await context.close()
    assert {name: found for name, found in faults.items() if found} == {}


async def test_a_stranger_gets_from_the_link_into_the_chat(browser: Browser, field: Jamin) -> None:
    """The photo is shown, the page weighs little, and one tap opens the chat, which says who sent them."""
    context = await browser.new_context(viewport=NARROW)  # type: ignore[arg-type]
    page, weights = await context.new_page(), []
    page.on("response", lambda answer: weights.append(int(answer.headers.get("content-length", "0"))))
    await page.goto(field.root + PAGES["landing"])
    assert await page.locator(".inviter img").evaluate("image => image.naturalWidth") == 320
    assert sum(weights) < 60_000
    await page.get_by_role("link", name="Chat di sini saja").click()
    await expect(page.get_by_text("Kakak datang lewat tautan Bu Rini")).to_be_visible()
    await context.close()


async def test_one_tap_has_somebody_nudged(browser: Browser, field: Jamin) -> None:
    """The agent taps once; the page says so, and the button is gone."""
    context = await browser.new_context(viewport=NARROW)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(field.root + PAGES["field"])
    line = page.locator("li", has_text="Wayan")
    await line.get_by_role("button", name="Ingatkan").click()
    await expect(page.get_by_role("status")).to_have_text("Pesan sudah dikirim.")
    await expect(line.get_by_role("button")).to_have_count(0)
    await context.close()
