"""The desk's pages follow what happens: several operators at once, a lost line, a restart, a long queue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from storage.sealing import KeyRing
from tests.browser.desk_tabs import Desk, desk
from tests.databases import Sqlite
from tests.desk.crowd import crowd

pytestmark = pytest.mark.asyncio(loop_scope="session")

RINGS = """
window.rung = 0;
window.AudioContext = class {
  constructor() { this.currentTime = 0; this.destination = null; }
  createOscillator() {
    window.rung += 1;
    return { frequency: {}, connect: (next) => next, start() {}, stop() {} };
  }
  createGain() {
    const silent = () => {};
    return { gain: { setValueAtTime: silent, linearRampToValueAtTime: silent, exponentialRampToValueAtTime: silent },
             connect: (next) => next };
  }
};
"""


@pytest_asyncio.fixture(loop_scope="session")
async def room(browser: Browser, sqlite: Sqlite, keys: KeyRing) -> AsyncIterator[Desk]:
    """Give a desk in front of which operators can sit."""
    async with desk(browser, sqlite.fresh(), keys) as opened:
        yield opened


async def live(page: Page) -> None:
    """Wait until a page's stream is open: before that it has nothing to miss."""
    await expect(page.locator("body[data-following]")).to_be_attached()


# --- the queue -------------------------------------------------------------------------------------------------------


async def test_who_calls_for_a_person_is_on_the_screen(room: Desk) -> None:
    """A worker's "mau ngomong sama orang" is a row of an open queue, and in its title, without anybody's doing."""
    page = await room.sit("sari")
    await live(page)
    await expect(page.get_by_text("Tidak ada yang menunggu.")).to_be_visible()
    await room.wait_for("ani")
    await expect(page.locator("#case-1")).to_be_visible()
    await expect(page).to_have_title("(1) Antrean")
    await expect(page.locator("#announced")).to_have_text("Kasus baru: 1")


async def test_who_grieves_goes_first(room: Desk) -> None:
    """A row that comes later is put where its urgency belongs, and the others stay."""
    page = await room.sit("sari")
    await live(page)
    await room.wait_for("ani", "budi")
    await expect(page.locator("#case-2")).to_be_visible()
    await room.says("cici", "halo", "suami saya meninggal kecelakaan waktu kerja")
    await expect(page.locator(".queue li").first).to_have_id("case-3")
    await expect(page.locator(".queue li")).to_have_count(3)


async def test_what_somebody_takes_is_gone_for_the_others(room: Desk) -> None:
    """Two operators see the same queue: a case that one takes shows its holder on the other's screen."""
    await room.wait_for("ani")
    sari, rudi = await room.sit("sari"), await room.sit("rudi")
    await live(rudi)
    await sari.get_by_role("button", name="Ambil kasus 1").click()
    await expect(sari.get_by_text("Kasus ini sekarang Anda pegang.")).to_be_visible()
    await expect(rudi.locator("#case-1")).to_contain_text("sari")
    await expect(rudi.get_by_role("button", name="Ambil kasus 1")).to_have_count(0)


async def test_a_filter_stands_in_the_address(room: Desk) -> None:
    """What the queue is narrowed down to can be kept as a bookmark, and holds while the queue lives."""
    page = await room.sit("sari")
    await room.wait_for("ani")
    await room.says("cici", "halo", "suami saya meninggal kecelakaan waktu kerja")
    await page.get_by_label("Prioritas").select_option("urgent")
    await expect(page).to_have_url(room.address("?alasan=&prioritas=urgent"))
    await live(page)
    await room.wait_for("budi")
    await room.says("dodi", "halo", "istri saya meninggal kecelakaan waktu kerja")
    await expect(page.locator("#case-4")).to_be_visible()
    assert await page.locator(".queue li").count() == 2


async def test_a_new_case_rings_where_somebody_wants_it(room: Desk) -> None:
    """The sound is off until it is turned on, and stays on with the browser."""
    page = await room.sit("sari")
    await page.add_init_script(RINGS)
    await page.reload()
    await live(page)
    await room.wait_for("ani")
    await expect(page.locator("#case-1")).to_be_visible()
    assert await page.evaluate("window.rung") == 0
    await page.get_by_role("button", name="Bunyi").click()
    assert await page.evaluate("window.rung") == 2
    await page.reload()
    await live(page)
    await room.wait_for("budi")
    await expect(page.locator("#case-2")).to_be_visible()
    assert await page.evaluate("window.rung") == 2


async def test_the_queue_is_worked_with_the_keyboard(room: Desk) -> None:
    """j and k go through the rows, Enter opens, c takes, q goes back, ? tells the keys; a switch turns them off."""
    await room.wait_for("ani", "budi", "cici")
    page = await room.sit("sari")
    await live(page)
    for key in ("j", "j", "k", "j"):
        await page.keyboard.press(key)
    await expect(page.locator("#case-2 a")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Kasus 2")).to_be_visible()
    await live(page)
    await page.keyboard.press("c")
    await expect(page.get_by_text("Dipegang sari.")).to_be_visible()
    await page.keyboard.press("r")
    await expect(page.get_by_label("Jawaban untuk pekerja")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("q")
    await expect(page.locator("#queue")).to_be_visible()
    await live(page)
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Tombol cepat")).to_be_visible()
    await page.get_by_label("Matikan tombol cepat").check()
    await page.keyboard.press("Escape")
    await page.keyboard.press("j")
    await expect(page.locator("#case-2 a")).not_to_be_focused()


async def test_five_hundred_cases_are_paged(room: Desk) -> None:
    """A long queue shows fifty rows, counts all, and its second page goes on where the first one ended."""
    await crowd(room.office, 500)
    page = await room.sit("sari")
    await expect(page.get_by_role("heading", name="Menunggu jawaban: 500")).to_be_visible()
    await expect(page.locator(".queue li")).to_have_count(50)
    first = [await one.get_attribute("id") for one in await page.locator(".queue li").all()]
    await page.get_by_role("link", name="Berikutnya").click()
    await expect(page.get_by_role("link", name="Ke awal antrean")).to_be_visible()
    second = [await one.get_attribute("id") for one in await page.locator(".queue li").all()]
    assert len(set(first + second)) == 100


# --- one conversation ----------------------------------------------------------------------------------------------


async def test_two_operators_see_each_other(room: Desk) -> None:
    """Who opens a case that somebody else has open is seen, who types in it too, and what one sends stands at both."""
    await room.wait_for("ani")
    sari, rudi = await room.sit("sari", path="/kasus/1"), await room.sit("rudi", path="/kasus/1")
    await expect(rudi.locator("#presence")).to_have_text("sari juga membuka kasus ini.")
    await expect(sari.locator("#presence")).to_have_text("rudi juga membuka kasus ini.")
    await rudi.locator("#text").press_sequentially("Sebentar, Kak")
    await expect(sari.locator("#presence")).to_have_text("rudi sedang mengetik untuk pekerja ini.")
    await rudi.keyboard.press("Control+Enter")
    for page in (rudi, sari):
        await expect(page.locator(".lines .staff .words")).to_have_text("Rudi (petugas): Sebentar, Kak")
    await expect(rudi.locator("#text")).to_have_value("")


async def test_what_the_worker_writes_appears(room: Desk) -> None:
    """The transcript follows the worker; what is being typed and where the cursor is stays."""
    await room.wait_for("ani")
    page = await room.sit("sari", path="/kasus/1")
    await live(page)
    await page.locator("#text").fill("Baik, Kak")
    await room.says("ani", "NIK saya 3273 0117 0890 0001")
    await expect(page.locator(".lines .worker .words").last).to_have_text("NIK saya ••••001")
    await expect(page.locator("#text")).to_have_value("Baik, Kak")
    await expect(page.locator("#text")).to_be_focused()


async def test_a_canned_reply_is_filled_when_it_is_sent(room: Desk) -> None:
    """It is found by a word, put into the answer with the keyboard, and knows who sends it."""
    await room.wait_for("ani")
    page = await room.sit("sari", path="/kasus/1")
    await live(page)
    await page.keyboard.press("t")
    await page.get_by_label("Cari balasan").fill("salam")
    await page.keyboard.press("Enter")
    await expect(page.locator("#text")).to_have_value("Halo Kak {nama}, saya {petugas}. Terima kasih sudah menunggu. "
                                                      "Apa yang bisa saya bantu?")  # fmt: skip
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".lines .staff .words")).to_contain_text("Halo Kak, saya Sari. Terima kasih")


async def test_what_is_revealed_hides_again(room: Desk) -> None:
    """A field is shown for a reason, stays while the page lives on, and is masked again after a minute."""
    await room.office.worker(
        *("halo", "[Saya sendiri]", "narik ojol", "[Pelanggan/usaha sendiri]", "[18–64 th, WNI, ada KTP]"),
        *("[Rp1,5 juta–Rp2 juta]", "[JKK + JKM]", "[Ya, setuju]", "3273 0117 0890 0001", "petugas"),
    )
    page = await room.sit("sari")
    await page.clock.install()
    await page.goto(room.address("/kasus/1"))
    await live(page)
    await expect(page.locator("#panel")).to_contain_text("••••001")
    await page.locator("summary", has_text="Tampilkan").click()
    await page.get_by_label("Untuk apa data ditampilkan?").select_option("comparing")
    await page.get_by_label("Yang ingin dilihat").select_option("nik")
    await page.get_by_role("button", name="Tampilkan", exact=True).click()
    await expect(page.locator("#revealed")).to_contain_text("3273011708900001")
    await room.says("kak", "halo?")
    await expect(page.locator(".lines .worker .words").last).to_have_text("halo?")
    await expect(page.locator("#revealed")).to_contain_text("3273011708900001")
    await page.clock.fast_forward(61_000)
    await expect(page.locator("#revealed")).to_be_empty()
    assert ("sari", "reveal", "case 1 nik comparing") in await room.office.acts()


# --- a bad line, a restart -------------------------------------------------------------------------------------------


async def test_a_minute_without_a_line_loses_nothing(room: Desk) -> None:
    """Without signal the page says so and keeps what is sent; after a minute it catches up, and it is sent once."""
    await room.wait_for("ani")
    page = await room.sit("sari")
    await page.clock.install()
    await page.goto(room.address("/kasus/1"))
    await live(page)
    await page.context.set_offline(True)
    room.cut()
    await expect(page.locator("#offline")).to_be_visible()
    await room.says("ani", "masih di sana?")
    await page.locator("#text").fill("Masih, Kak")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#unsent")).to_be_visible()
    await page.clock.fast_forward(60_000)
    await expect(page.locator("#text")).to_have_value("Masih, Kak")
    await page.context.set_offline(False)
    await expect(page.locator("#offline")).to_be_hidden()
    await expect(page.locator(".lines .worker .words").last).to_have_text("masih di sana?")
    await expect(page.locator(".lines .staff .words")).to_have_text("Sari (petugas): Masih, Kak")
    await expect(page.locator("#unsent")).to_be_hidden()
    assert room.office.heard.count("Sari (petugas): Masih, Kak") == 1


async def test_a_restart_with_five_open_desks_loses_nothing(room: Desk) -> None:
    """The program ends and starts: every draft is kept, on the screen and for a page opened anew, and all goes on."""
    names = ("ani", "budi", "cici", "dodi", "eka")
    await room.wait_for(*names)
    pages = [await room.sit(f"petugas-{n}", path=f"/kasus/{n}") for n in range(1, 6)]
    for n, page in enumerate(pages, start=1):
        await live(page)
        async with page.expect_response(lambda answer: answer.url.endswith("/draf")):
            await page.locator("#text").fill(f"Jawaban nomor {n}")
    await room.restart()
    for name in names:
        await room.says(name, "sudah bisa?")
    for n, page in enumerate(pages, start=1):
        await expect(page.locator(".lines .worker .words").last).to_have_text("sudah bisa?")
        await expect(page.locator("#text")).to_have_value(f"Jawaban nomor {n}")
        await page.reload()
        await expect(page.locator("#text")).to_have_value(f"Jawaban nomor {n}")
    await asyncio.gather(*(page.get_by_role("button", name="Kirim jawaban").click() for page in pages))
    for n, page in enumerate(pages, start=1):
        await expect(page.locator(".lines .staff .words")).to_contain_text(f"Jawaban nomor {n}")
        await expect(page.locator("#text")).to_have_value("")


async def test_who_is_signed_out_elsewhere_is_out(room: Desk) -> None:
    """A page left open leads to signing in once its operator is signed out."""
    page = await room.sit("sari")
    other = await page.context.new_page()
    await other.goto(room.address(""))
    await other.get_by_role("button", name="Keluar").first.click()
    await room.wait_for("ani")
    await page.bring_to_front()
    await expect(page.locator("#password")).to_be_visible()
