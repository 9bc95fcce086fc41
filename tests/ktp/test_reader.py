"""The process that reads pictures: started when needed, one picture at a time, ended when it hangs."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bot.ktp import reader as module
from bot.ktp.reader import FullError, Reader, ReadingError
from bot.ktp.wire import Told
from tests.ktp.conftest import JPEG
from tests.ktp.fake_child import CARD

TODAY = dt.date(2026, 11, 21)


async def test_a_picture_is_read(reader: Reader) -> None:
    """What the process answers is returned."""
    assert await reader.read(JPEG, TODAY) == Told(CARD)


@pytest.mark.parametrize("what", [b"deadly", b"garbled"])
async def test_a_process_that_breaks_is_started_anew(reader: Reader, what: bytes) -> None:
    """A picture that kills the process, or makes it talk nonsense, harms nobody's next picture."""
    with pytest.raises(ReadingError):
        await reader.read(JPEG + what, TODAY)
    assert await reader.read(JPEG, TODAY) == Told(CARD)


async def test_a_picture_that_takes_too_long_is_given_up() -> None:
    """After its time is up the process is ended, whatever it does."""
    hasty = Reader(limit=0.2, module="tests.ktp.fake_child")
    with pytest.raises(ReadingError):
        await hasty.read(JPEG + b"slow", TODAY)
    await hasty.close()


async def test_a_process_that_nobody_asks_ends() -> None:
    """After a while its memory is given back; the next picture starts another one."""
    idle = Reader(limit=30.0, idle=0.0, module="tests.ktp.fake_child")
    assert await idle.read(JPEG, TODAY) == Told(CARD)
    await asyncio.sleep(0.05)
    assert await idle.read(JPEG, TODAY) == Told(CARD)
    await idle.close()


async def test_one_picture_at_a_time(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one is read another waits for a while, and is then to come again."""
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    first = asyncio.create_task(reader.read(JPEG + b"slow", TODAY))
    await asyncio.sleep(0)
    with pytest.raises(FullError):
        await reader.read(JPEG, TODAY)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await reader.read(JPEG, TODAY) == Told(CARD), "half an answer is nobody else's"


async def test_a_reader_that_was_woken_is_ready(reader: Reader) -> None:
    """Waking starts the process, once; whoever wakes it while a picture is read disturbs nothing."""
    reader.wake()
    reader.wake()
    slow = asyncio.create_task(reader.read(JPEG, TODAY))
    await asyncio.sleep(0)
    reader.wake()
    assert await slow == Told(CARD)


async def test_a_reader_may_be_closed_while_it_wakes(reader: Reader) -> None:
    """A process that is just starting ends with the rest."""
    reader.wake()
    await asyncio.sleep(0)
    await reader.close()
    assert await reader.read(JPEG, TODAY) == Told(CARD)
