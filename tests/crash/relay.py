"""A relay between a process and one of its neighbours, which may spring a trap: kill the process at a chosen point.

So the program needs no hooks. Before the commit is when its COMMIT is on the way to the database; after the commit, and
before anybody was told, is when the database's answer is on the way back.
"""

from __future__ import annotations

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple

CHUNK = 1 << 16

Connect = Callable[[], Awaitable[tuple[StreamReader, StreamWriter]]]


class Trap(NamedTuple):
    """Springs when `sign` passes on its way to whoever is asked: at once, before it arrives, or, if `answered`, when
    the answer comes back, which then gets lost."""

    sign: bytes
    answered: bool


class Relay:
    """Listens on a port of its own and passes everything on to where `connect` leads."""

    def __init__(self, connect: Connect, kill: Callable[[], object]) -> None:
        self._connect = connect
        self._kill = kill
        self.port = 0
        self.trap: Trap | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Relay]:
        """Relay while the block lasts."""
        self._open: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._open:
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)

    def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._relay(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _relay(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            far_reader, far_writer = await self._connect()
        except OSError:
            writer.transport.abort()
            return
        sprung = asyncio.Event()
        ways = (self._ask(reader, far_writer, sprung), self._answer(far_reader, writer, sprung))
        try:
            await asyncio.wait([asyncio.ensure_future(way) for way in ways], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in (writer, far_writer):
                end.transport.abort()

    async def _ask(self, reader: StreamReader, writer: StreamWriter, sprung: asyncio.Event) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                if self.trap and self.trap.sign in data:
                    trap, self.trap = self.trap, None
                    if not trap.answered:
                        self._kill()
                        return
                    sprung.set()
                writer.write(data)
                await writer.drain()

    async def _answer(self, reader: StreamReader, writer: StreamWriter, sprung: asyncio.Event) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                if sprung.is_set():
                    self._kill()
                    return
                writer.write(data)
                await writer.drain()
