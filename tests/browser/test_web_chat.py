"""The chat page in a real browser, over a door in memory."""

from __future__ import annotations

import msgspec
import pytest
from playwright.async_api import BrowserContext, Locator, Page, Response, expect

from conversations.messages import Message, Shown
from tests.browser.conftest import DESKTOP, PHONE, ServeChat, WebSite
from tests.browser.memory_door import FORM, HELLO, MemoryDoor

pytestmark = pytest.mark.asyncio(loop_scope="session")

MOST_BYTES = 60_000


def bubbles(tab: Page, author: str = "*") -> Locator:
    """Return the bubbles of one author, or of all."""
    return tab.locator(f".line.{author} .bubble" if author != "*" else ".line .bubble")


async def open_chat(tab: Page, site: WebSite, query: str = "") -> None:
    """Open the page and wait until its chat is there."""
    await tab.goto(site.url + query)
    await expect(tab.get_by_role("status").first).to_have_text("web.js.online")


async def write(tab: Page, text: str) -> None:
    """Type into the composer and press Enter."""
    await tab.get_by_label("web.text").fill(text)
    await tab.keyboard.press("Enter")


async def fits(tab: Page) -> bool:
    """Whether nothing reaches beyond the sides of the screen."""
    return bool(
        await tab.evaluate(
            "() => [document.scrollingElement, document.getElementById('log'), document.getElementById('phone')]"
            ".every((box) => box.scrollWidth <= box.clientWidth)"
        )
    )


# --- a talk ----------------------------------------------------------------------------------------------------------


async def test_a_form_is_filled_by_tapping_and_typing(tab: Page, serve: ServeChat) -> None:
    """Taps and words go back and forth, each tap standing as the worker's words, and the last message has its link."""
    site = await serve()
    await open_chat(tab, site)
    await tab.get_by_role("button", name="Saya sendiri").click()
    await expect(bubbles(tab, "us").last).to_have_text(FORM[1].text)
    await write(tab, "Siti Aminah")
    await tab.get_by_role("button", name="Benar").click()
    pay = tab.get_by_role("link", name="Bayar")
    await expect(pay).to_have_attribute("href", "https://bayar.example/1")
    await expect(pay).to_have_attribute("rel", "noopener noreferrer")
    await expect(pay).to_have_attribute("target", "_blank")
    await expect(bubbles(tab, "me")).to_have_text(["Saya sendiri", "Siti Aminah", "Benar"])
    assert site.door.said(site.door.address, "me") == ["Saya sendiri", "Siti Aminah", "Benar"]


async def test_a_form_is_filled_with_the_keyboard_alone(tab: Page, serve: ServeChat) -> None:
    """From the first button on the focus goes where the next answer is given."""
    site = await serve()
    await open_chat(tab, site)
    await tab.get_by_role("button", name="Saya sendiri").focus()
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_label("web.text")).to_be_focused()
    await tab.keyboard.type("Siti")
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_role("button", name="Benar")).to_be_visible()
    await tab.keyboard.press("Shift+Tab")
    await expect(tab.get_by_role("button", name="Ubah")).to_be_focused()
    await tab.keyboard.press("Shift+Tab")
    await tab.keyboard.press("Space")
    await expect(bubbles(tab, "me")).to_have_text(["Saya sendiri", "Siti", "Benar"])


async def test_the_focus_goes_from_an_answered_row_to_the_next(tab: Page, serve: ServeChat) -> None:
    """Where the next question has buttons too, the focus is on its first one."""
    site = await serve(MemoryDoor((HELLO, FORM[2])))
    await open_chat(tab, site)
    await tab.get_by_role("button", name="Keluarga").focus()
    await tab.keyboard.press("Space")
    await expect(tab.get_by_role("button", name="Benar")).to_be_focused()


async def test_a_tapped_row_takes_no_second_tap(tab: Page, serve: ServeChat) -> None:
    """While its answer is on the way a row can be seen but not tapped; a double tap counts once."""
    site = await serve()
    await open_chat(tab, site)
    site.door.committed.clear()
    await tab.get_by_role("button", name="Saya sendiri").dblclick()
    other = tab.get_by_role("button", name="Keluarga")
    await expect(other).to_have_attribute("aria-disabled", "true")
    await other.click(force=True)
    site.door.committed.set()
    await expect(bubbles(tab, "us").last).to_have_text(FORM[1].text)
    await expect(bubbles(tab, "me")).to_have_text(["Saya sendiri"])


async def test_shift_enter_breaks_the_line(tab: Page, serve: ServeChat) -> None:
    """Enter sends; with Shift it makes a new line in the same message."""
    site = await serve()
    await open_chat(tab, site)
    await tab.get_by_label("web.text").focus()
    await tab.keyboard.type("satu")
    await tab.keyboard.press("Shift+Enter")
    await tab.keyboard.type("dua")
    await tab.get_by_role("button", name="web.send").click()
    await expect(bubbles(tab, "me")).to_have_count(1)
    await expect(tab.locator(".waiting")).to_have_count(0)
    assert site.door.said(site.door.address, "me") == ["satu\ndua"]


async def test_nothing_is_sent_when_nothing_is_written(tab: Page, serve: ServeChat) -> None:
    """Spaces and line breaks alone are not a message."""
    site = await serve()
    await open_chat(tab, site)
    await write(tab, "  \n ")
    await write(tab, "halo")
    await expect(bubbles(tab, "me")).to_have_text(["halo"])


async def test_the_longest_message_fits_its_frame(tab: Page, serve: ServeChat) -> None:
    """4,000 characters pass, even wide ones and characters that no text should hold; the rest is counted kindly."""
    site = await serve()
    await open_chat(tab, site)
    wide = "ꦗ" * 3_990 + "\u0001" * 5 + "x"
    await tab.evaluate("(text) => { document.getElementById('text').value = text; }", wide)
    await tab.get_by_label("web.text").press("End")
    await tab.keyboard.type("123456789")
    await expect(tab.locator("#left")).to_have_text("web.js.left 0")
    await tab.keyboard.press("Enter")
    await expect(bubbles(tab, "us").last).to_have_text(FORM[1].text)
    assert site.door.said(site.door.address, "me") == ["ꦗ" * 3_990 + " " * 5 + "x1234"]


async def test_progress_is_shown_and_goes(tab: Page, serve: ServeChat) -> None:
    """While a form is open its step is shown in words and as a bar; afterwards neither."""
    await open_chat(tab, await serve(MemoryDoor((HELLO, FORM[3]))))
    bar = tab.get_by_role("progressbar", name="web.js.progress 1 3")
    await expect(bar).to_have_attribute("max", "3")
    await tab.get_by_role("button", name="Keluarga").click()
    await expect(bar).to_be_hidden()


async def test_a_slow_answer_shows_the_typing_sign(tab: Page, serve: ServeChat) -> None:
    """While the answer is made the typing sign stands; it goes when the answer is there."""
    site = await serve()
    await open_chat(tab, site)
    site.door.committed.clear()
    await write(tab, "halo")
    await expect(tab.locator("#typing")).to_be_visible()
    site.door.committed.set()
    await expect(tab.locator("#typing")).to_be_hidden()
    await expect(bubbles(tab, "us").last).to_have_text(FORM[1].text)


async def test_staff_are_named(tab: Page, serve: ServeChat) -> None:
    """An operator's words look different from ours and say whose they are."""
    site = await serve()
    await open_chat(tab, site)
    site.door.add(site.door.address, "staff", Message("Saya Rina."))
    await expect(tab.locator(".line.staff")).to_have_text("web.js.staffSaya Rina.")


# --- what stands in a message ----------------------------------------------------------------------------------------


async def test_code_in_a_message_is_text(tab: Page, serve: ServeChat) -> None:
    """HTML in our words, the worker's words and a label is shown as it is written and never executed."""
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    door = MemoryDoor((Message(evil, (Shown(evil, "x"),)), Message("ya")))
    dialogs: list[str] = []
    tab.on("dialog", lambda dialog: dialogs.append(dialog.message))
    await open_chat(tab, await serve(door))
    await tab.locator("button.choice").click()
    await write(tab, evil)
    await expect(bubbles(tab)).to_have_text([evil, evil, "ya", evil, "ya"])
    assert await tab.locator("#log img, #log script").count() == 0
    assert dialogs == []


async def test_only_safe_addresses_become_links(tab: Page, serve: ServeChat) -> None:
    """Web addresses and the call centre's number can be tapped; amounts and other schemes stay text."""
    text = (
        "Cek ke 175, atau (https://www.bpjsketenagakerjaan.go.id/a?b=1). "
        "Bukan javascript:alert(1), bukan Rp 175, bukan 175.000, bukan 1750."
    )
    door = MemoryDoor((Message(text, (Shown("Jangan", url="javascript:alert(1)"), Shown("Telepon", url="tel:175"))),))
    await open_chat(tab, await serve(door))
    links = bubbles(tab).first.get_by_role("link")
    await expect(links).to_have_text(["175", "https://www.bpjsketenagakerjaan.go.id/a?b=1"])
    await expect(links.first).to_have_attribute("href", "tel:175")
    await expect(links.last).to_have_attribute("rel", "noopener noreferrer")
    await expect(bubbles(tab).first).to_have_text(text)
    await expect(tab.locator(".choices")).to_have_text("Telepon web.js.newtab")


# --- a line that breaks ----------------------------------------------------------------------------------------------


async def test_a_cut_line_loses_and_doubles_nothing(tab: Page, serve: ServeChat) -> None:
    """A connection cut after the commit and before its acknowledgement is mended without a trace."""
    site = await serve()
    await open_chat(tab, site)
    for number in range(5):
        site.door.committed.clear()
        await write(tab, f"pesan {number}")
        await expect(tab.locator(".waiting")).to_have_count(1)
        site.cut()
        site.door.committed.set()
        await expect(tab.locator(".waiting")).to_have_count(0)
    expected = [f"pesan {number}" for number in range(5)]
    await expect(bubbles(tab, "us")).to_have_count(6)
    await expect(bubbles(tab, "me")).to_have_text(expected)
    assert site.door.said(site.door.address, "me") == expected


async def test_lines_missed_while_away_come_in_order(tab: Page, device: BrowserContext, serve: ServeChat) -> None:
    """What was said while the phone had no signal is there when it is back, in order."""
    site = await serve()
    await open_chat(tab, site)
    await device.set_offline(True)
    site.cut()
    for number in range(3):
        site.door.add(site.door.address, "us", Message(f"kabar {number}"))
    await device.set_offline(False)
    await expect(bubbles(tab)).to_have_text([HELLO.text, "kabar 0", "kabar 1", "kabar 2"])


async def test_what_is_said_without_signal_waits(tab: Page, device: BrowserContext, serve: ServeChat) -> None:
    """Words and taps without signal say that they wait, and go out in order when it is back."""
    site = await serve()
    await open_chat(tab, site)
    await device.set_offline(True)
    await tab.get_by_role("button", name="Saya sendiri").click()
    await write(tab, "Siti")
    await expect(tab.locator(".waiting .sent")).to_have_text(["web.js.unsent", "web.js.unsent"])
    await device.set_offline(False)
    await expect(tab.locator(".waiting")).to_have_count(0)
    await expect(bubbles(tab)).to_have_text([HELLO.text, "Saya sendiri", FORM[1].text, "Siti", FORM[2].text])


async def test_what_waits_survives_a_reload(tab: Page, serve: ServeChat) -> None:
    """A tab that the phone throws away and loads again sends what it had not sent, once."""
    site = await serve()
    await open_chat(tab, site)
    site.door.committed.clear()
    await write(tab, "jangan hilang")
    await expect(tab.locator(".waiting")).to_have_count(1)
    await open_chat(tab, site)
    site.door.committed.set()
    await expect(bubbles(tab)).to_have_text([HELLO.text, "jangan hilang", FORM[1].text])


async def test_a_full_server_is_asked_again(tab: Page, serve: ServeChat) -> None:
    """What the server has no room for is sent again after the time it names, in order."""
    site = await serve()
    await open_chat(tab, site)
    site.door.busy = [0.05, 0.05]
    await write(tab, "satu")
    await write(tab, "dua")
    await expect(tab.locator(".waiting")).to_have_count(0)
    assert site.door.said(site.door.address, "me") == ["satu", "dua"]


async def test_a_restarted_server_is_found_again(tab: Page, serve: ServeChat) -> None:
    """A page whose chat was erased meanwhile shows what the server still has."""
    site = await serve()
    await open_chat(tab, site)
    await write(tab, "halo")
    await expect(bubbles(tab)).to_have_count(3)
    address = site.door.address
    site.door.lines[address].clear()
    site.door.add(address, "us", Message("Draf sudah dihapus."))
    site.cut()
    await expect(bubbles(tab)).to_have_text(["Draf sudah dihapus."])


@pytest.mark.parametrize("query", ["", "?perangkat=bersama"])
async def test_the_page_goes_over_to_another_language_with_the_chat(tab: Page, serve: ServeChat, query: str) -> None:
    """Our next line in English turns the page's own words with it, on a shared phone too; the chat stays, and what was
    said before stays in its own language."""
    english = msgspec.structs.replace(FORM[2], locale="en")
    site = await serve(MemoryDoor((HELLO, english)))
    await open_chat(tab, site, query)
    await tab.get_by_role("button", name="Saya sendiri").click()
    await expect(tab.locator("html")).to_have_attribute("lang", "en")
    await expect(tab.get_by_label("en:web.text")).to_be_visible()
    await expect(tab.get_by_role("status").first).to_have_text("en:web.js.online")
    await expect(tab.get_by_text("en:web.js.progress 3 3")).to_be_visible()
    await expect(tab.locator(".line.us").first).to_have_attribute("lang", "id")
    await expect(bubbles(tab)).to_have_text([HELLO.text, "Saya sendiri", FORM[2].text])
    assert site.door.forgotten == []


async def test_two_tabs_show_the_same_chat(tab: Page, device: BrowserContext, serve: ServeChat) -> None:
    """What is said in one tab stands in the other, and its buttons are answered there too."""
    site = await serve()
    other = await device.new_page()
    await open_chat(tab, site)
    await open_chat(other, site)
    await tab.get_by_role("button", name="Saya sendiri").click()
    await expect(bubbles(other)).to_have_text([HELLO.text, "Saya sendiri", FORM[1].text])
    await expect(other.locator("button.choice")).to_have_count(0)


async def test_who_comes_back_goes_on(tab: Page, device: BrowserContext, serve: ServeChat) -> None:
    """A tab closed half-way and opened again shows the chat as it was, with only the last question's buttons."""
    site = await serve(MemoryDoor((HELLO, FORM[2])))
    await open_chat(tab, site)
    await tab.get_by_role("button", name="Keluarga").click()
    await expect(tab.locator(".waiting")).to_have_count(0)
    await tab.close()
    again = await device.new_page()
    await open_chat(again, site)
    await expect(bubbles(again)).to_have_text([HELLO.text, "Keluarga", FORM[2].text])
    await expect(again.locator("button.choice")).to_have_text(["Benar", "Ubah"])


# --- the end on a device ---------------------------------------------------------------------------------------------


async def test_done_erases_the_chat_from_the_phone(tab: Page, device: BrowserContext, serve: ServeChat) -> None:
    """After "Selesai" no tab of the device shows a word of the chat, and a new opening is a new chat."""
    site = await serve()
    other = await device.new_page()
    await open_chat(other, site)
    await open_chat(tab, site)
    await write(tab, "rahasia")
    await expect(bubbles(other, "me")).to_have_text(["rahasia"])
    await tab.bring_to_front()
    await tab.get_by_role("button", name="web.menu").click()
    await tab.get_by_role("button", name="web.finish", exact=True).click()
    await tab.get_by_role("button", name="web.finish.yes").click()
    for page in (tab, other):
        await expect(page.get_by_role("heading", name="web.ended")).to_be_visible()
        assert "rahasia" not in await page.content()
    assert await tab.evaluate("sessionStorage.getItem(sessionStorage.key(0)) || '[]'") == "[]"
    assert len(site.door.forgotten) == 1
    await tab.get_by_role("link", name="web.again").click()
    await expect(bubbles(tab)).to_have_text([HELLO.text])


async def test_done_without_signal_says_so(tab: Page, device: BrowserContext, serve: ServeChat) -> None:
    """On an own phone nothing is called erased that can be opened again."""
    site = await serve()
    await open_chat(tab, site)
    await device.set_offline(True)
    await tab.get_by_role("button", name="web.menu").click()
    await tab.get_by_role("button", name="web.finish", exact=True).click()
    await tab.get_by_role("button", name="web.finish.yes").click()
    await expect(tab.get_by_role("alert")).to_have_text("web.js.forget_failed")
    await expect(bubbles(tab)).to_have_count(1)


async def test_a_shared_device_locks_itself(tab: Page, serve: ServeChat) -> None:
    """A shared device that nobody touches asks, then wipes the page and forgets the chat."""
    site = await serve(kiosk_idle=180.0)
    await tab.clock.install()
    await open_chat(tab, site, "?perangkat=bersama")
    await write(tab, "rahasia")
    await expect(bubbles(tab, "us")).to_have_count(2)
    await tab.clock.fast_forward(150_000)
    await expect(tab.get_by_role("alertdialog", name="web.idle.ask")).to_be_visible()
    await tab.clock.fast_forward(30_000)
    await expect(tab.get_by_role("heading", name="web.ended")).to_be_visible()
    assert "rahasia" not in await tab.content()
    assert len(site.door.forgotten) == 1


async def test_a_touch_keeps_a_shared_device_open(tab: Page, serve: ServeChat) -> None:
    """Who answers the question goes on where they were."""
    await tab.clock.install()
    await open_chat(tab, await serve(kiosk_idle=60.0), "?perangkat=bersama")
    await write(tab, "halo")
    await tab.clock.fast_forward(50_000)
    await tab.get_by_role("button", name="web.idle.stay").click()
    await tab.clock.fast_forward(40_000)
    await expect(tab.get_by_role("alertdialog")).to_be_hidden()
    await expect(bubbles(tab, "me")).to_have_text(["halo"])


async def test_a_shared_device_always_offers_the_end(tab: Page, serve: ServeChat) -> None:
    """The way out is in sight at all times, and leads to a fresh chat for the next person."""
    site = await serve(demo=False)
    await open_chat(tab, site, "?perangkat=bersama")
    await write(tab, "rahasia")
    await tab.get_by_role("button", name="web.finish.short").click()
    await tab.get_by_role("button", name="web.finish.yes").click()
    await tab.get_by_role("link", name="web.again").click()
    await expect(bubbles(tab)).to_have_text([HELLO.text])
    await expect(tab.get_by_role("button", name="web.finish.short")).to_be_visible()


# --- the page itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?perangkat=bersama"])
async def test_the_page_is_small(tab: Page, serve: ServeChat, query: str) -> None:
    """Everything the page loads is under 60 kB before compression, and all of it is ours."""
    site = await serve()
    loaded: list[Response] = []
    tab.on("response", lambda response: loaded.append(response))  # Playwright refuses a built-in
    await open_chat(tab, site, query)
    sizes = {response.url: len(await response.body()) for response in loaded if response.status == 200}
    assert all(url.startswith(site.url) for url in sizes)
    assert any(url.endswith("chat.js") for url in sizes)
    assert sum(sizes.values()) < MOST_BYTES


@pytest.mark.parametrize("demo", [True, False])
async def test_nothing_is_wider_than_a_small_phone(tab: Page, serve: ServeChat, demo: bool) -> None:
    """At 360 pixels long words, long labels and the menu stay within the screen."""
    long = Message(
        "Pertanggungjawaban" * 9, (Shown("Sangat panjang sekali " * 4, "x"), Shown("y" * 60, "y")), progress=(3, 11)
    )
    site = await serve(MemoryDoor((long,)), demo=demo)
    await open_chat(tab, site)
    await write(tab, "x" * 300)
    await expect(bubbles(tab)).to_have_count(3)
    assert await fits(tab)
    await tab.get_by_role("button", name="web.menu").click()
    assert await fits(tab)


@pytest.mark.parametrize("width", [320, 360, 759, 760, 1280])
async def test_no_width_scrolls_sideways(tab: Page, serve: ServeChat, width: int) -> None:
    """From the smallest phone to a desktop the page fits its window."""
    await tab.set_viewport_size({"width": width, "height": 740})
    await open_chat(tab, await serve())
    assert await fits(tab)


async def test_the_doors_are_in_sight_or_in_the_menu(tab: Page, serve: ServeChat) -> None:
    """On a desktop the doors stand beside the phone; on a phone they are behind the menu, which Escape closes."""
    site = await serve()
    await tab.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    await open_chat(tab, site)
    await expect(tab.locator("a[href='/desk']:visible")).to_have_count(1)
    await tab.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await expect(tab.locator("a[href='/desk']:visible")).to_have_count(0)
    await tab.get_by_role("button", name="web.menu").click()
    await expect(tab.locator("a[href='/desk']:visible")).to_have_count(1)
    await tab.keyboard.press("Escape")
    await expect(tab.locator("a[href='/desk']:visible")).to_have_count(0)
    await expect(tab.get_by_role("button", name="web.menu")).to_be_focused()


async def test_a_screen_reader_hears_what_is_new(tab: Page, serve: ServeChat) -> None:
    """The talk is a polite log that says who speaks; everything to use has a name."""
    await open_chat(tab, await serve())
    log = tab.get_by_role("log", name="web.log")
    await expect(log).to_have_attribute("aria-live", "polite")
    assert await log.get_attribute("aria-busy") is None
    await expect(tab.locator(".line.us").first).to_have_text(f"web.js.us {HELLO.text}")
    await expect(tab.get_by_role("group", name="web.js.choices")).to_be_visible()
    await expect(tab.get_by_role("textbox", name="web.text")).to_be_visible()
    nameless = "[...document.querySelectorAll('button')].filter((b) => !b.textContent.trim() && !b.ariaLabel).length"
    assert await tab.evaluate(nameless) == 0


async def test_old_lines_are_not_read_out_again(tab: Page, serve: ServeChat) -> None:
    """The log is silent until the lines of before are all there."""
    site = await serve()
    await open_chat(tab, site)
    await tab.add_init_script(
        "addEventListener('DOMContentLoaded', () => { const log = document.getElementById('log'); window.heard = [];"
        "new MutationObserver(() => window.heard.push(log.getAttribute('aria-live')))"
        ".observe(log, { childList: true }); });"
    )
    await open_chat(tab, site)
    assert set(await tab.evaluate("window.heard")) == {"off"}


async def test_less_motion_is_obeyed(tab: Page, serve: ServeChat) -> None:
    """Who asks for less motion sees none."""
    await tab.emulate_media(reduced_motion="reduce")
    await open_chat(tab, await serve())
    assert await tab.evaluate("document.getAnimations().length") == 0
    assert await tab.locator(".fresh").first.evaluate("(line) => getComputedStyle(line).animationName") == "none"


async def test_dark_is_dark(tab: Page, serve: ServeChat) -> None:
    """The page follows the phone's colours."""
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    await open_chat(tab, await serve())
    light = await tab.evaluate(paper)
    await tab.emulate_media(color_scheme="dark")
    assert await tab.evaluate(paper) != light


async def test_the_one_time_page_needs_no_script(browser_without_script: Page, serve: ServeChat) -> None:
    """The NIK can be handed in with the keyboard in a browser that runs no scripts."""
    site = await serve()
    tab = browser_without_script
    await tab.goto(site.url + "privat/good")
    field = tab.get_by_label("web.private.nik", exact=True)
    await expect(field).to_be_focused()
    await expect(field).to_have_attribute("inputmode", "numeric")
    await tab.keyboard.type("3175 0312 9001 0001")
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_role("heading", name="web.private.done")).to_be_visible()
    assert len(site.door.taken) == 1
