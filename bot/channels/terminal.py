"""The terminal channel: `python -m bot talk`, for people and, with `--json`, for programs (DESIGN section 5)."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec

from bot.app import Jamin, World, running
from bot.backend.reference import webhooks_waiting
from bot.channels.web import Line
from bot.clock import Clock
from bot.settings import Settings
from bot.times import in_bounds, read_moment
from bot.web_app import bound
from conversations.messages import Address, Contact, Incoming, Message, Photo, Start, Tap, Text, What
from storage.deliveries import has_live_handoffs

SETTLE_WITHIN = 10.0
"""Seconds that a line waits for what it set going."""
LOOK_EVERY = 0.02
BACKEND_ROUND = 0.6
"""Seconds until the embedded backend has looked at a clock that was moved."""


class LineError(Exception):
    """A line of input that cannot be taken; the message says why."""


async def talk_until_end(clock: Clock, *, db: str, address: str, as_json: bool, locale: str = "id") -> None:
    """Chat with whoever types on stdin until it ends, in demo mode with an embedded backend; a chat that is new begins
    in the language `locale`."""
    with tempfile.TemporaryDirectory(prefix="jamin-talk-") as scratch:
        # What is set for a server must not make this chat one: it polls no messenger.
        home = _home(db, Path(scratch))
        settings = Settings(mode="demo", home=home, database_url=db, telegram_token="", whatsapp_token="")
        async with running(settings, clock, bound("127.0.0.1", 0), World(locale=locale)) as jamin:
            chat = TerminalChat(jamin, clock, Address("terminal", "jamin", address))
            await (_as_json(chat) if as_json else _as_text(chat))


def _home(db: str, scratch: Path) -> Path:
    """With a database to go on with, its key and the backend's file lie beside it."""
    if db.startswith("sqlite:///"):
        return Path(db.removeprefix("sqlite:///")).absolute().parent
    return Path("var") if db else scratch


class TerminalChat:
    """One chat, fed line by line."""

    def __init__(self, jamin: Jamin, clock: Clock, address: Address) -> None:
        self._jamin = jamin
        self._clock = clock
        self._address = address
        self._seen = 0

    async def begin(self) -> None:
        """Leave alone what was said before."""
        await self.news()

    async def say(self, what: What) -> list[Message]:
        """Say one thing; returns all that is said in answer once its effects have settled."""
        await self._jamin.turns.take(Incoming(self._address, str(uuid.uuid4()), what))
        await self._settled()
        return await self.news()

    def photo(self, path: str) -> What:
        """Show a picture that is in a file here.

        Raises:
            LineError: there is no such file.
        """
        if not os.path.isfile(path):  # Path.is_file raises for a name that is too long.
            raise LineError("photo must be the path of a file")
        return Photo(self._jamin.shelf.put(Path(path)))

    async def wait(self, seconds: float) -> list[Message]:
        """Let time pass.

        Raises:
            ValueError: that would be too far ahead.
        """
        in_bounds(self._clock() + dt.timedelta(seconds=seconds))
        self._clock.forward(seconds)
        return await self._later()

    async def at(self, moment: dt.datetime) -> list[Message]:
        """Let it be another moment."""
        self._clock.set(moment)
        return await self._later()

    async def _later(self) -> list[Message]:
        await self._jamin.jobs.round()
        await asyncio.sleep(BACKEND_ROUND)
        await self._settled()
        return await self.news()

    async def news(self) -> list[Message]:
        """Return what was said to us since we last looked."""
        lines = await self._jamin.door.history(self._address, self._seen)
        self._seen = max((line.seq for line in lines), default=self._seen)
        return [_spoken(line) for line in lines if line.author != "me"]

    async def _settled(self) -> None:
        """Wait until no hand-off of anybody is under way and the backend has told all it has to tell."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLE_WITHIN):
                # The backend is another system, though embedded: all one can do is look again.
                while await self._busy():  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_EVERY)

    async def _busy(self) -> bool:
        async with self._jamin.database.read() as connection:
            if await has_live_handoffs(connection):
                return True
        return self._jamin.embedded is not None and await webhooks_waiting(self._jamin.embedded)


def _spoken(line: Line) -> Message:
    return line.message


# --- for programs ----------------------------------------------------------------------------------------------------


async def _as_json(chat: TerminalChat) -> None:
    """One flushed line out per line in; nothing is said unasked."""
    await chat.begin()
    standing: dict[str, Any] = {"flow": "", "step": "", "progress": None}
    async for line in _lines():
        try:
            messages = await _do(chat, line)
        except LineError as error:
            _print({"error": str(error)})
            continue
        if messages:
            last = messages[-1]
            standing = {"flow": last.flow, "step": last.step, "progress": last.progress}
        _print({"replies": [_shown(message) for message in messages], **standing})


def _shown(message: Message) -> dict[str, Any]:
    buttons = [{"label": button.label, "value": button.value or button.url} for button in message.buttons]
    return {"text": message.text, "buttons": buttons}


def _print(shown: dict[str, Any]) -> None:
    sys.stdout.write(msgspec.json.encode(shown).decode() + "\n")
    sys.stdout.flush()


async def _do(chat: TerminalChat, line: str) -> list[Message]:
    """Do what one line of JSON asks.

    Raises:
        LineError: it is no JSON object with exactly one key that we know.
    """
    try:
        asked = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        raise LineError("not JSON") from None
    if not isinstance(asked, dict) or len(asked) != 1:
        raise LineError(f"one object with one of {', '.join(SAYINGS)}, photo, wait, at")
    [(key, value)] = asked.items()
    match key:
        case "wait" if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1e9:
            return await _waited(chat, value)
        case "at" if isinstance(value, str):
            return await chat.at(_moment(value))
        case "photo" if isinstance(value, str):
            return await chat.say(chat.photo(value))
        case _ if key in SAYINGS and isinstance(value, str):
            return await chat.say(SAYINGS[key](value))
    raise LineError(f"{key} cannot be read")


async def _waited(chat: TerminalChat, seconds: float) -> list[Message]:
    try:
        return await chat.wait(seconds)
    except ValueError:
        raise LineError("wait leads too far ahead") from None


def _moment(text: str) -> dt.datetime:
    try:
        return read_moment(text)
    except ValueError:
        raise LineError("at must be an ISO moment of this century") from None


SAYINGS: dict[str, Callable[[str], What]] = {
    "text": Text,
    "tap": Tap,
    "contact": Contact,
    "start": Start,
}


# --- for people ------------------------------------------------------------------------------------------------------


async def _as_text(chat: TerminalChat) -> None:
    """Show bubbles and numbered buttons; a number taps."""
    await chat.begin()
    buttons = _show(await chat.say(Start()))
    async for line in _lines():
        value = buttons.get(line.strip())
        # A silent answer leaves the buttons above as they are.
        buttons = _show(await chat.say(Tap(value) if value else Text(line))) or buttons


def _show(messages: list[Message]) -> dict[str, str]:
    """Print messages; return what the buttons of the last one carry, by their numbers."""
    values: dict[str, str] = {}
    for message in messages:
        carried = (button.value for button in message.buttons if button.value)
        values = {str(n): value for n, value in enumerate(carried, start=1)}
        taps = [button.label for button in message.buttons if button.value]
        links = [f"  {button.label}: {button.url}" for button in message.buttons if button.url]
        numbered = [f"  [{n}] {label}" for n, label in enumerate(taps, start=1)]
        sys.stdout.write("\n".join(["", message.text, "", *numbered, *links, "> "]))
    sys.stdout.flush()
    return values


async def _lines() -> AsyncIterator[str]:
    """The lines of stdin, read in a thread so that the chat goes on meanwhile."""
    while line := await asyncio.to_thread(sys.stdin.buffer.readline):
        yield line.decode("utf-8", "replace").rstrip("\r\n")
