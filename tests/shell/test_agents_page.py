"""An agent's own page: whom they may have nudged, their team, their month; and a link's counts and papers."""

from __future__ import annotations

import re
import uuid

import aiohttp
import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from bot.app import Jamin
from bot.clock import Clock
from bot.field.counting import AT_ONCE
from bot.field.nudging import Whom
from bot.field.press import Press
from bot.field.sample import SAMPLE
from bot.tokens import Tokens
from conversations.messages import AgencyDecided, Start, Tap, Text
from storage.agents import agent_with, agents_in, keep_photo, place_agent
from storage.organisations import Organisation, keep_organisation
from storage.tables import nudges, openings
from tests.databases import Sqlite
from tests.shell.test_field import APPLICATION, COUNT, PHONE, get
from tests.shell.worker import Worker

PREVIEWS = ("WhatsApp/2.23.20.0", "TelegramBot (like TwitterBot)", "facebookexternalhit/1.1", "curl/8.5.0", "")
BUTTON = re.compile(r'name="whom" value="([^"]+)"')
FORGED = "gAAAAABforged"


@pytest.fixture
def database_url(sqlite: Sqlite) -> str:
    """One database: the pages differ in nothing, and the figures on them are tested on both elsewhere."""
    return sqlite.fresh()


async def post(jamin: Jamin, whom: str, cookies: dict[str, str] | None = None) -> tuple[int, str]:
    """Tap a button of the page; the answer's status and where it leads."""
    async with (
        aiohttp.ClientSession(cookies=cookies, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session,
        session.post(f"{jamin.root}/field/ingatkan", data={"whom": whom}, allow_redirects=False) as answer,
    ):
        return answer.status, answer.headers.get("Location", "")


async def approved(jamin: Jamin, clock: Clock, name: str, role: str = "agent") -> Worker:
    """Somebody who applied and was approved; their code is their name."""
    agent = Worker(jamin, clock, name)
    await agent.say(Text("jadi agen"))
    await agent.answer_until("agent_promise", **APPLICATION)
    await agent.tap("yes")
    await agent.say(AgencyDecided("active", name.upper(), role, by="Rina"))
    return agent


async def page_of(jamin: Jamin, agent: Worker) -> tuple[str, dict[str, str]]:
    """Open an agent's page by the link in their chat; the page and the cookie."""
    await agent.say(Tap("!agency"))
    link = next(button.url for button in agent.last.buttons if "/field/" in button.url)
    answer, _ = await get(jamin, link.removeprefix(jamin.root))
    cookies = {"jamin_field": answer.cookies["jamin_field"].value}
    return (await get(jamin, "/field", cookies))[1].decode(), cookies


async def count(jamin: Jamin, table: sa.Table) -> int:
    """Count the rows of a table."""
    async with jamin.database.read() as connection:
        return (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()


async def stopped_at_nik(worker: Worker) -> None:
    """Somebody who came by the sample's link, lets the agent see, and stops before the NIK."""
    await worker.say(Start(SAMPLE))
    await worker.answer_until("nik")


async def test_somebody_who_stopped_is_nudged_once_by_us(jamin: Jamin, worker: Worker) -> None:
    """Who agreed stands on the page without a number; one tap has us write to them, and then there is no button."""
    await stopped_at_nik(worker)
    page = (await get(jamin, "/field"))[1].decode()
    assert "0812" not in page
    [button] = BUTTON.findall(page)
    assert await post(jamin, button) == (303, "/field?kabar=sent")
    assert "titip pesan" in (await worker.wait(0))
    again = (await get(jamin, "/field"))[1].decode()
    assert BUTTON.findall(again) == []
    assert await post(jamin, button) == (303, "/field?kabar=not_now")
    assert await count(jamin, nudges) == 1


async def test_who_did_not_agree_is_on_no_list(jamin: Jamin, worker: Worker) -> None:
    """Who keeps their agent from seeing is neither listed nor nudged."""
    await worker.say(Start(SAMPLE))
    await worker.answer_until("nik", agent_sees="no")
    assert BUTTON.findall((await get(jamin, "/field"))[1].decode()) == []


async def test_a_forged_button_reaches_nobody(jamin: Jamin, worker: Worker, clock: Clock) -> None:
    """A made-up button, one of another purpose and one of another agent's page are refused, and nobody hears of it."""
    await stopped_at_nik(worker)
    [button] = BUTTON.findall((await get(jamin, "/field"))[1].decode())
    _, wati = await page_of(jamin, await approved(jamin, clock, "watiwati"))
    stolen = Tokens(jamin.keys, "field links").make(SAMPLE.encode())
    assert [(await post(jamin, forged))[0] for forged in (FORGED, "", stolen)] == [403] * 3
    assert (await post(jamin, button, wati))[0] == 403
    assert "titip pesan" not in await worker.wait(0)
    assert Whom.__struct_fields__ == ("agent", "chat_id", "person", "code")


async def test_a_coordinator_sees_their_own_team_in_numbers(jamin: Jamin, clock: Clock, worker: Worker) -> None:
    """A coordinator sees each agent of their organisation with counts, nobody of another one, and no worker's name."""
    ketua = await approved(jamin, clock, "ketuaketua", "coordinator")
    await approved(jamin, clock, "watiwati")
    await approved(jamin, clock, "jokojoko")
    mine = Organisation(str(uuid.uuid4()), "market", "Pasar Senen", "", "")
    async with jamin.database.write() as connection:
        await keep_organisation(connection, mine, clock())
        for code in ("KETUAKETUA", "WATIWATI"):
            agent = await agent_with(connection, jamin.keys, code)
            assert agent is not None
            await place_agent(connection, agent.id, mine.id)
    await worker.say(Start("WATIWATI"))
    await worker.answer_until("remind")
    page, _ = await page_of(jamin, ketua)
    team = page.partition("Tim Kakak")[2]
    assert team.count("Wati Suryani") == 2
    assert sorted(COUNT.findall(team)) == ["0"] * 6 + ["1"] * 2
    assert "Siti" not in page
    async with jamin.database.read() as connection:
        assert len(await agents_in(connection, jamin.keys, "active")) == 4


async def test_incentives_are_a_figure_only_where_the_office_entered_rules(jamin: Jamin, clock: Clock) -> None:
    """Without rules the page names the contract alone; with them it adds up what they say for this month."""
    agent = await approved(jamin, clock, "watiwati")
    page, cookies = await page_of(jamin, agent)
    assert "Hitungan bulan ini" not in page
    paying = Organisation(str(uuid.uuid4()), "wadah", "Paguyuban", "", "", per_enrolment=5000, per_payment=500)
    async with jamin.database.write() as connection:
        await keep_organisation(connection, paying, clock())
        known = await agent_with(connection, jamin.keys, "WATIWATI")
        assert known is not None
        await place_agent(connection, known.id, paying.id)
    member = Worker(jamin, clock, "siti")
    await member.say(Start("WATIWATI"))
    await member.answer_until("remind")
    await member.tap("no")
    await member.tap("simulate")
    page = (await get(jamin, "/field", cookies))[1].decode()
    assert "Rp5.500" in page


async def test_the_month_comes_as_a_picture(jamin: Jamin, clock: Clock) -> None:
    """Asked for in the chat, an agent gets the month in a sentence and a PNG; for anybody else there is none."""
    agent = await approved(jamin, clock, "watiwati")
    await get(jamin, "/d/WATIWATI")
    await agent.say(Tap("!agency"))
    said = await agent.tap("month")
    assert "dibuka 1 kali" in said
    paper = agent.heard[-1].paper
    assert paper is not None
    drawn = await jamin.papers.drawn(agent.address, paper)
    assert drawn is not None
    assert drawn.png.startswith(b"\x89PNG")
    stranger = Worker(jamin, clock, "orang")
    await stranger.say(Text("halo"))
    assert await jamin.papers.drawn(stranger.address, replace(paper, person=1)) is None


async def test_previews_and_floods_do_not_count_as_openings(jamin: Jamin) -> None:
    """A forwarded link that messengers look at, and one opened over and over from one address, is not counted anew."""
    async with aiohttp.ClientSession() as session:
        for agent in PREVIEWS:
            async with session.get(f"{jamin.root}/d/{SAMPLE}", headers={"User-Agent": agent}) as answer:
                assert answer.status == 200
        async with session.head(f"{jamin.root}/d/{SAMPLE}", headers=PHONE) as answer:
            assert answer.status == 200
    assert await count(jamin, openings) == 0
    for _ in range(AT_ONCE + 5):
        assert (await get(jamin, f"/d/{SAMPLE}"))[0].status == 200
    assert await count(jamin, openings) == AT_ONCE


async def test_a_forwarded_link_shows_a_picture_of_the_right_size(jamin: Jamin) -> None:
    """The preview names its picture with its size, and the picture is there, small enough for a slow network."""
    page = (await get(jamin, f"/d/{SAMPLE}"))[1].decode()
    found = re.search(r'og:image" content="([^"]+)"', page)
    assert found is not None
    answer, body = await get(jamin, found[1].removeprefix(jamin.root))
    assert (answer.content_type, body[:4]) == ("image/png", b"\x89PNG")
    assert (int.from_bytes(body[16:20]), int.from_bytes(body[20:24])) == (1200, 630)
    assert 'og:image:width" content="1200"' in page
    assert len(body) < 60_000
    assert len(page) < 8_000


async def test_what_nobody_has_is_not_there(jamin: Jamin) -> None:
    """A guessed code has no photo and no preview, and an agent without a photo has none either."""
    for path in (f"/d/{SAMPLE}/foto.jpg", "/d/TEBAKAN7/foto.jpg", "/d/TEBAKAN7/pratinjau.png"):
        assert (await get(jamin, path))[0].status == 404
    async with jamin.database.write() as connection:
        agent = await agent_with(connection, jamin.keys, SAMPLE)
        assert agent is not None
        await keep_photo(connection, jamin.keys, agent.id, b"\xff\xd8 a face")
    answer, body = await get(jamin, f"/d/{SAMPLE}/foto.jpg")
    assert (answer.content_type, body) == ("image/jpeg", b"\xff\xd8 a face")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_form_to_sign_says_what_the_chat_says(jamin: Jamin) -> None:
    """The form is there to print for everybody, and so is the code to scan from a shared screen."""
    answer, body = await get(jamin, "/formulir-izin.pdf")
    assert (answer.status, body[:4]) == (200, b"%PDF")
    assert (await get(jamin, "/kode/ABCD2345.png"))[1].startswith(b"\x89PNG")


async def test_a_paper_is_drawn_once() -> None:
    """The same paper asked for again comes from memory, and the oldest is forgotten where there are too many."""
    drawn: list[str] = []

    def draw(content: str) -> bytes:
        drawn.append(content)
        return content.encode()

    press = Press(kept=2)
    for content in ("a", "a", "b", "a", "c", "a", "b"):
        assert await press.printed(draw, content) == content.encode()
    assert drawn == ["a", "b", "c", "b"]
