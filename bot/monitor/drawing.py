"""Pictures of charts: drawn by a process of their own, one after the other, and kept by what they show."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

from bot.monitor.drawer import Drawn

KEPT = 200
"""Pictures remembered, some 30 kB each."""
LONGEST = 60.0
"""Seconds for one picture; a quiet machine takes a second for the first one and a twentieth for any other."""
LINE = 16 * 1024 * 1024
"""Bytes of the largest picture."""
ENDED = (ConnectionError, msgspec.DecodeError)
"""What is met where the process ended, which it does when it had nothing to do for long: a new one draws then."""
ROOT = Path(__file__).parents[2]


class DrawingError(Exception):
    """A chart could not be drawn; the message says why."""


class Drawing:
    """Draws charts; the process that does is started when there is something to draw."""

    def __init__(self) -> None:
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._alone = asyncio.Lock()
        self._process: Process | None = None

    async def picture(self, spec: dict[str, Any], *, png: bool) -> bytes:
        """Return a chart as SVG or PNG.

        Raises:
            DrawingError: it could not be drawn.
        """
        asked = msgspec.json.encode({"spec": spec, "png": png})
        async with self._alone:
            if asked not in self._kept:
                self._kept[asked] = await self._drawn(asked)
            self._kept.move_to_end(asked)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[asked]

    async def _drawn(self, asked: bytes) -> bytes:
        try:
            with contextlib.suppress(*ENDED):
                return await self._tried(asked)
            return await self._tried(asked)
        except (*ENDED, OSError) as error:
            raise DrawingError(f"the process that draws charts failed: {type(error).__name__}") from error

    async def _tried(self, asked: bytes) -> bytes:
        """Have a picture drawn. A process that was not heard out is ended: its answer would be taken for the next."""
        process = await self._running()
        self._process = None
        try:
            async with asyncio.timeout(LONGEST):
                drawn = await _answer(process, asked)
            self._process = process
        finally:
            if self._process is None:
                _end(process)
        if drawn.error:
            raise DrawingError(drawn.error)
        return drawn.picture

    async def _running(self) -> Process:
        """Return the process, a new one if it ended since the last picture."""
        if self._process is not None and self._process.returncode is None:
            return self._process
        command = (sys.executable, "-m", "bot.monitor.drawer")
        ours = {name: value for name, value in os.environ.items() if not name.startswith("JAMIN_")}
        return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=LINE, cwd=ROOT, env=ours)

    async def close(self) -> None:
        """End the process."""
        async with self._alone:
            if self._process is not None:
                _end(self._process)
                await self._process.wait()


async def _answer(process: Process, asked: bytes) -> Drawn:
    stdin, stdout = process.stdin, process.stdout
    if stdin is None or stdout is None:
        raise ConnectionError("the process has no pipes")
    stdin.write(asked + b"\n")
    await stdin.drain()
    return msgspec.json.decode(await stdout.readline(), type=Drawn)


def _end(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()


DRAWING = web.AppKey("monitor_drawing", Drawing)
