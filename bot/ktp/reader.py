"""The reader of pictures as the rest of the program sees it: one process beside this one, one picture at a time."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import sys
from importlib.util import find_spec
from pathlib import Path

import msgspec
import structlog

from bot.ktp.wire import Asked, Told

LIMIT = 12.0
"""Seconds that a picture may take, the loading of the models included."""
PATIENCE = 5.0
"""Seconds that a picture waits while another one is read; with `LIMIT` less than the outbox gives a sender."""
IDLE = 600.0
"""Seconds after which a process that nobody asks ends, and gives its memory back."""
_ROOT = Path(__file__).parent.parent.parent
_NEEDED = ("rapidocr", "onnxruntime")

log = structlog.get_logger(__name__)


class ReadingError(Exception):
    """The picture could not be read: too slow, or it broke the reader."""


class FullError(Exception):
    """Another picture is being read, and that takes its time."""


def can_read() -> bool:
    """Tell whether the extra `ocr` is installed."""
    return all(find_spec(name) for name in _NEEDED)


class Reader:
    """Reads pictures; `close` it at the end."""

    def __init__(self, limit: float = LIMIT, idle: float = IDLE, module: str = "bot.ktp.child") -> None:
        self._limit = limit
        self._idle = idle
        self._module = module
        self._free = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._ending: asyncio.TimerHandle | None = None
        self._closing: asyncio.Future[None] | None = None
        self._waking: asyncio.Task[None] | None = None

    async def read(self, picture: bytes, today: dt.date) -> Told:
        """Read one picture.

        Raises:
            FullError: it had to wait for too long.
            ReadingError: it cannot be read.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                await self._free.acquire()
        except TimeoutError:
            raise FullError from None
        try:
            return await self._asked(picture, today)
        finally:
            self._free.release()

    def wake(self) -> None:
        """Start the process if there is none, so that its models are loaded when a picture comes."""
        if not self._free.locked() and (self._waking is None or self._waking.done()):
            self._waking = asyncio.create_task(self._wake())

    async def close(self) -> None:
        """End the process."""
        if self._ending is not None:
            self._ending.cancel()
        if self._waking is not None:
            self._waking.cancel()
            await asyncio.wait([self._waking])
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate()

    async def _wake(self) -> None:
        async with self._free:
            with contextlib.suppress(OSError):  # Whoever brings a picture is told.
                await self._started()
            self._end_when_idle()

    async def _asked(self, picture: bytes, today: dt.date) -> Told:
        try:
            async with asyncio.timeout(self._limit):
                told = await self._exchange(picture, today)
        except (TimeoutError, OSError, asyncio.IncompleteReadError, msgspec.MsgspecError) as error:
            await self.close()
            log.warning("picture_not_read", error=type(error).__name__)
            raise ReadingError from None
        except asyncio.CancelledError:
            # Half an answer may still come: whoever asks next would take it for theirs.
            await self.close()
            raise
        if told.fault:
            log.info("picture_not_read", error=told.fault)
        return told

    async def _exchange(self, picture: bytes, today: dt.date) -> Told:
        process = await self._started()
        if process.stdin is None or process.stdout is None:
            raise OSError
        process.stdin.write(msgspec.json.encode(Asked(len(picture), today)) + b"\n" + picture)
        await process.stdin.drain()
        answer = await process.stdout.readuntil(b"\n")
        self._end_when_idle()
        return msgspec.json.decode(answer, type=Told)

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", self._module),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=_ROOT,
                env={"PATH": os.environ.get("PATH", "")},  # No keys, no tokens.
            )
        return self._process

    def _end_when_idle(self) -> None:
        if self._ending is not None:
            self._ending.cancel()

        def end() -> None:
            if not self._free.locked():
                self._closing = asyncio.ensure_future(self.close())

        self._ending = asyncio.get_running_loop().call_later(self._idle, end)
