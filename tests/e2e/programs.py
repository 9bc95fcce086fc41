"""The real program in processes of its own, started, fed, killed and started again."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 30.0
"""Seconds after which a process that says nothing counts as hanging; nothing here waits that long when all is well."""
LONGEST_LINE = 1 << 20

_PASSWORD = re.compile(r"one-time password: (\S+)")

Said = dict[str, Any]


def environment(**settings: str) -> dict[str, str]:
    """Give the environment of a process: ours without anybody's settings, and with these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JAMIN_")}
    # Compiled modules are kept, so that the many processes here start in a second rather than in five.
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | {f"JAMIN_{name.upper()}": value for name, value in settings.items()}


async def start(*arguments: str, **settings: str) -> Process:
    """Start `python -m bot` with arguments and settings."""
    return await start_into(PIPE, *arguments, **settings)


async def start_into(stdout: int, /, *arguments: str, **settings: str) -> Process:
    """Start it with a file to write to instead of a pipe to us."""
    return await start_apart(stdout, PIPE, *arguments, **settings)


async def start_apart(stdout: int, stderr: int, /, *arguments: str, **settings: str) -> Process:
    """Start it with files to write to, so that nobody need read along."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments,
        cwd=ROOT, env=environment(**settings), stdin=PIPE, stdout=stdout, stderr=stderr, limit=LONGEST_LINE,
    )  # fmt: skip


async def end(process: Process) -> tuple[int, str, str]:
    """Wait for a process to end by itself; give its exit status, stdout and stderr. One that does not is killed."""
    try:
        async with asyncio.timeout(PATIENCE):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode or 0, (out or b"").decode(), err.decode()


async def kill(process: Process) -> None:
    """Kill a process as a power cut does."""
    if process.returncode is None:
        process.kill()
    await process.communicate()


def free_port() -> int:
    """Give a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Talk:
    """`python -m bot talk --json`: one line in, one line out. `last` is the last answer, whose buttons are tapped."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.last: Said = {"replies": []}
        self.buttons: list[dict[str, str]] = []

    @classmethod
    async def start(cls, *arguments: str, **settings: str) -> Talk:
        """Start talking."""
        return cls(await start("talk", "--json", *arguments, **settings))

    async def raw(self, line: bytes) -> Said:
        """Send one line of bytes; give the one line that comes back."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + b"\n")
        await self.process.stdin.drain()
        async with asyncio.timeout(PATIENCE):
            answered = await self.process.stdout.readline()
        assert answered.endswith(b"\n"), "the process ended"
        self.last = json.loads(answered)
        shown = [button for reply in self.last.get("replies", []) for button in reply["buttons"]]
        if self.last.get("replies"):
            self.buttons = shown
        return self.last

    async def send(self, **asked: object) -> Said:
        """Send one object."""
        return await self.raw(json.dumps(asked).encode())

    async def say(self, text: str) -> Said:
        """Type a text."""
        return await self.send(text=text)

    async def tap(self, option: str) -> Said:
        """Tap the button that stands for an option of the open question, or carries exactly that."""
        return await self.send(tap=self.value(option))

    def value(self, option: str) -> str:
        """What the button of an option carries."""
        found = [b["value"] for b in self.buttons if b["value"] == option or b["value"].endswith(f":{option}")]
        assert found, f"no button for {option} among {[b['value'] for b in self.buttons]}"
        return found[-1]

    def label(self, value: str) -> str:
        """What stands on the button that carries a value."""
        return next(button["label"] for button in self.buttons if button["value"] == value)

    async def end(self) -> tuple[int, str, str]:
        """Close stdin; give exit status, what else was said, and stderr."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return await end(self.process)

    async def kill(self) -> None:
        """Kill it."""
        await kill(self.process)


class Server:
    """`python -m bot serve` on a home of its own. It can be killed and started again on the same home and port."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.home = home
        self.settings = {"home": str(home), "backend_secret": "between the two", **settings}
        self.log = ""
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Server:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None:
            await self.kill()

    async def start(self) -> None:
        """Start serving; returns when it answers."""
        self._process = await start("serve", "--port", str(self.port), **self.settings)
        self._reading = asyncio.create_task(self._read(self._process))
        async with asyncio.timeout(PATIENCE):
            while not await self._is_ready():
                assert self._process.returncode is None, self.log
                await asyncio.sleep(0.05)

    async def _read(self, process: Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            self.log += line.decode()

    async def _is_ready(self) -> bool:
        """Ready is who takes messages and has said where to look, which is said last."""
        try:
            async with aiohttp.ClientSession() as http, http.get(f"{self.url}/readyz") as answer:
                return answer.status == 200 and "/desk\n" in self.log
        except aiohttp.ClientError:
            return False

    async def password(self) -> str:
        """The one-time password that the first start prints last."""
        async with asyncio.timeout(PATIENCE):
            while not (found := _PASSWORD.search(self.log)):
                await asyncio.sleep(0.05)
        return found[1]

    async def terminate(self) -> int:
        """Ask it to stop; give its exit status."""
        assert self._process is not None
        self._process.terminate()
        async with asyncio.timeout(PATIENCE):
            status = await self._process.wait()
        await self._gone()
        return status

    async def kill(self) -> None:
        """Kill it, as a power cut does."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._gone()

    async def _gone(self) -> None:
        if self._reading is not None:
            await self._reading
        self._process = None
