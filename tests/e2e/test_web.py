"""A whole family enrolled on the web chat: a real browser, the real server, and everything that happens to both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from tests.browser.conftest import DESKTOP
from tests.e2e.browsing import Tab, phone
from tests.e2e.form import BUDI, ELIGIBLE, SITI, Move, data, whole
from tests.e2e.programs import Server
from tests.e2e.transcript import Transcript

pytestmark = pytest.mark.asyncio(loop_scope="session")

CODE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
NONSENSE = (CODE, "😀🙏🏽👨‍👩‍👧", "x" * 4000)
MOST_TURNS, MOST_TYPED = 14, 5
KPJ = re.compile(r"\b\d{11}\b")


async def test_a_receipt_in_few_turns(browser: Browser, tmp_path: Path) -> None:
    """From the opened page to the receipt it takes at most 14 turns, at most 5 of them typed."""
    transcript = Transcript("Seorang pengojek mendaftar lewat obrolan web")
    async with Server(tmp_path) as server, phone(browser, tmp_path / "phone") as device:
        tab = await Tab.open(device, server.url, transcript)
        moves = whole(BUDI)
        await tab.go(moves[:-1])
        await tab.tap("yes", holding="(KPJ)")
        await tab.shoot("receipt-phone")
        assert tab.faults == []
        await desktop(browser, server)
    assert transcript.turns <= MOST_TURNS
    assert transcript.typed <= MOST_TYPED
    transcript.check("web-short")


async def desktop(browser: Browser, server: Server) -> None:
    """On a wide screen the page has its doors to the desk and the agents beside the phone."""
    context = await browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    tab = await Tab.open(context, server.url, Transcript(""))
    for way in ("/desk", "/field"):
        await expect(tab.page.locator(f'aside a[href="{way}"]')).to_be_visible()
    await tab.go(whole(BUDI)[:5])
    await tab.shoot("chat-desktop")
    await context.close()


async def test_a_family_is_enrolled_whatever_happens(browser: Browser, tmp_path: Path) -> None:
    """Two people of one chat are enrolled and pay, through nonsense, a second tab, a killed server and a browser closed
    half-way."""
    transcript = Transcript("Suami dan istri mendaftar lewat obrolan web")
    async with Server(tmp_path) as server:
        async with phone(browser, tmp_path / "phone") as device:
            known = await until_closed(device, server, transcript)
        transcript.note("the browser is closed and started again with the same profile")
        async with phone(browser, tmp_path / "phone") as device:
            tab = await Tab.open(device, server.url, transcript, known=known)
            assert await tab.page.get_by_text(BUDI.name).count() == 1
            await rider_to_the_end(tab)
            await wife(tab)
            await paid(tab)
            assert tab.faults == []
    transcript.check("web-family")


async def until_closed(device: BrowserContext, server: Server, transcript: Transcript) -> int:
    """The husband, up to his name; give the last line that was seen."""
    tab = await Tab.open(device, server.url, transcript)
    await tab.go((Move("whom", "self"), Move("occupation", text="narik ojol")))
    await nonsense(tab)
    await tab.say("ini penipuan bukan?", holding="175")
    await tab.go((*ELIGIBLE[1:3], Move("income", "third")))
    await tab.shoot("chat-phone")
    await tab.go((Move("plan", text="kembali"), Move("income", text="sejuta setengah")))
    await second_tab(device, server, tab)
    await tab.tap("yes")
    await tab.say("3273 0117 0890", holding="12")
    await nik_through_a_kill(tab, server)
    await tab.say(BUDI.name)
    assert tab.faults == []
    return tab.told


async def nonsense(tab: Tab) -> None:
    """Nothing that is typed is executed, each piece gets a kind answer, and the question stays."""
    for text in NONSENSE:
        await tab.say(text)
    assert tab.label("own")
    assert await tab.page.locator("#log img, #log script").count() == 0
    assert await tab.page.locator(".me .bubble").nth(2).inner_text() == CODE


async def second_tab(device: BrowserContext, server: Server, tab: Tab) -> None:
    """The chat goes on in another tab, and the first shows it too."""
    tab.transcript.note("a second tab is opened, and the plan is chosen there")
    other = await Tab.open(device, server.url, tab.transcript, known=tab.told)
    await other.tap("two")
    await tab.catch_up(other)
    assert other.faults == []
    await other.page.close()


async def nik_through_a_kill(tab: Tab, server: Server) -> None:
    """What is typed while the server is dead waits in the page, and is taken once when the server is back."""
    await server.kill()
    tab.transcript.note("the server is killed (kill -9); the NIK is typed meanwhile; the server starts again")
    before = tab.last
    await tab.write(BUDI.nik)
    tab.transcript.says(BUDI.nik)
    await expect(tab.page.locator(".waiting")).to_have_count(1)
    await server.start()
    await tab.answer(before, "0001")
    assert sum(line["from"] == "me" for seq, line in tab.lines.items() if seq > before) == 1


async def rider_to_the_end(tab: Tab) -> None:
    """The husband, from his birth date on: an income corrected in the review, the receipt, a reminder wished."""
    await tab.go(data(BUDI)[2:])
    await tab.say("ganti penghasilan")
    await tab.say("3,5 juta", holding="Rp3,5 juta")
    await tab.tap("yes", holding="(KPJ)")
    await tab.tap("yes")


async def wife(tab: Tab) -> None:
    """The wife, in the same chat, with a consent of her own."""
    await tab.say("ganti orang")
    await tab.go((Move("people", "new"), Move("relation", "spouse"), Move("occupation", text="jualan bakso")))
    await tab.go((*ELIGIBLE[1:4], Move("plan", "three"), *ELIGIBLE[5:], *data(SITI)))
    await tab.tap("yes", holding="(KPJ)")
    await tab.tap("no")


async def paid(tab: Tab) -> None:
    """Both pay; the status names both, each with a number of their own."""
    await tab.tap("simulate", holding=f"🎉 Pembayaran {SITI.name}")
    await tab.say("ganti orang")
    await tab.tap("1")
    await tab.tap("simulate", holding=f"🎉 Pembayaran {BUDI.name}")
    told = await tab.say("status")
    assert len(set(KPJ.findall(told))) == 2
    assert "Kode bayar" not in told
