"""A worker with a phone: the web chat in a real browser whose profile outlives it."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, WebSocket, expect

from conversations.asking import Pressed, pressed
from tests.browser.conftest import PHONE
from tests.e2e.form import FIRST_BUTTON, Move
from tests.e2e.transcript import Transcript

PATIENCE = 30.0
LOOK_EVERY = 0.02
SCREENSHOTS = Path(__file__).parent.parent.parent / "docs" / "screenshots"


@asynccontextmanager
async def phone(browser: Browser, profile: Path) -> AsyncIterator[BrowserContext]:
    """Start a browser of its own on a profile; what the profile holds is there again the next time."""
    context = await browser.browser_type.launch_persistent_context(
        profile,
        executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
        args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
        viewport=PHONE,  # type: ignore[arg-type]
    )
    context.set_default_timeout(PATIENCE * 1000)
    try:
        yield context
    finally:
        await context.close()


class Tab:
    """One tab with the chat. It looks at what comes over the wire only to know which label an option has."""

    def __init__(self, page: Page, transcript: Transcript) -> None:
        self.page = page
        self.transcript = transcript
        self.lines: dict[int, dict[str, Any]] = {}
        self.faults: list[str] = []
        self._told = 0
        page.on("websocket", self._listen)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: self.faults.append(dialog.message))

    @classmethod
    async def open(cls, device: BrowserContext, url: str, transcript: Transcript, *, known: int = 0) -> Tab:
        """Open the chat in a new tab; lines up to `known` are in the transcript already."""
        tab = cls(await device.new_page(), transcript)
        tab._told = known
        await tab.page.goto(url)
        await tab._until(lambda: bool(tab.lines))
        await tab.settled()
        tab.tell()
        return tab

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._frame)

    def _frame(self, payload: str | bytes) -> None:
        frame = json.loads(payload)
        if frame["t"] == "message":
            self.lines[frame["seq"]] = frame
        elif frame["t"] == "reset":
            self.lines.clear()

    async def _until(self, true: Any) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true():
                await asyncio.sleep(LOOK_EVERY)

    @property
    def last(self) -> int:
        """The number of the last line."""
        return max(self.lines)

    async def settled(self) -> None:
        """Wait until nothing waits to be sent and the screen shows all lines."""
        await expect(self.page.locator(".waiting")).to_have_count(0, timeout=PATIENCE * 1000)
        await expect(self.page.locator(".line")).to_have_count(len(self.lines), timeout=PATIENCE * 1000)

    # --- what the worker does ----------------------------------------------------------------------------------------

    async def write(self, text: str) -> None:
        """Type into the composer and press Enter."""
        await self.page.locator("#text").fill(text)
        await self.page.keyboard.press("Enter")

    async def say(self, text: str, holding: str = "") -> str:
        """Type a text; give the answer, the first that holds a text."""
        before = self.last
        await self.write(text)
        self.transcript.says(text)
        return await self.answer(before, holding)

    async def tap(self, option: str, holding: str = "") -> str:
        """Tap the button of an option; give the answer, the first that holds a text."""
        before, label = self.last, self.label(option)
        await self.page.locator(".open").get_by_role("button", name=label, exact=True).click()
        self.transcript.taps(label)
        return await self.answer(before, holding)

    async def do(self, move: Move) -> str:
        """Answer a question."""
        return await (self.tap(move.option) if move.option else self.say(move.text))

    async def go(self, moves: Iterable[Move]) -> None:
        """Answer one question after the other."""
        for move in moves:
            await self.do(move)

    async def answer(self, before: int, holding: str = "") -> str:
        """Wait for an answer to what was said after a line; give its words."""
        await self._until(lambda: self.heard_after(before, holding))
        await self.settled()
        self.tell()
        return str(self.heard_after(before, holding)[-1]["text"])

    def heard_after(self, before: int, holding: str) -> list[dict[str, Any]]:
        """What was said to the worker after a line, if it holds a text."""
        later = sorted(seq for seq in self.lines if seq > before)
        return [self.lines[s] for s in later if self.lines[s]["from"] == "us" and holding in self.lines[s]["text"]]

    def label(self, option: str) -> str:
        """What stands on the button of an option of the last question with buttons."""
        buttons = next(line["buttons"] for _, line in sorted(self.lines.items(), reverse=True) if line["buttons"])
        found = [b for b in buttons if option in (b["value"], FIRST_BUTTON) or b["value"].endswith(f":{option}")]
        assert found, f"no button for {option} among {[b['value'] for b in buttons]}"
        return str(found[0]["label"])

    # --- what is kept of it ------------------------------------------------------------------------------------------

    def tell(self) -> None:
        """Write what is new into the transcript."""
        for seq in sorted(seq for seq in self.lines if seq > self._told):
            line = self.lines[seq]
            if line["from"] != "me":
                self.transcript.hears(line["text"], [button["label"] for button in line["buttons"]])
                self.transcript.stands(asked(line["buttons"]))
            self._told = seq

    async def catch_up(self, other: Tab) -> None:
        """Wait until this tab shows what another one shows, and has told."""
        await self._until(lambda: sorted(self.lines) == sorted(other.lines))
        await self.settled()
        self._told = other.told

    @property
    def told(self) -> int:
        """The last line that is in the transcript."""
        return self._told

    async def shoot(self, name: str) -> None:
        """Take a picture for the documents, where they are asked for."""
        if os.environ.get("SCREENSHOTS"):
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            await self.page.wait_for_timeout(500)
            await self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


def asked(buttons: Iterable[dict[str, str]]) -> str:
    """The step that buttons belong to; "words" where there is none to tap."""
    meant = (pressed(button["value"]) for button in buttons)
    return next((what.step for what in meant if isinstance(what, Pressed)), "words")
