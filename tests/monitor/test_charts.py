"""Charts: what is drawn, and the process that draws."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.monitor.charts import LOOKS, height, spec
from bot.monitor.drawing import Drawing, DrawingError
from bot.monitor.panel import Chart, Point

POINTS = (Point("Jawa Barat", 1_234), Point("Bali", 7))


@pytest_asyncio.fixture
async def drawing() -> AsyncIterator[Drawing]:
    """A drawing board that is put away at the end."""
    board = Drawing()
    yield board
    await board.close()


def test_bars_make_room_for_each() -> None:
    """A chart of bars grows with them, one over time does not; the target is drawn across where there is one."""
    assert height(Chart("bars", POINTS * 2)) > height(Chart("bars", POINTS))
    assert height(Chart("columns", POINTS * 2)) == height(Chart("columns", POINTS))
    for kind in ("bars", "columns", "lines"):
        plain, aimed = (spec(Chart(kind, POINTS, aim), LOOKS["wide-light"])["layer"] for aim in (None, 5))
        assert len(aimed) == len(plain) + 1


async def test_every_kind_is_drawn_in_every_look(drawing: Drawing) -> None:
    """Each kind of chart is drawn for day and night, wide and narrow; numbers are written as in Indonesia."""
    for kind in ("bars", "columns", "lines"):
        for look in LOOKS.values():
            drawn = (await drawing.picture(spec(Chart(kind, POINTS, 5), look), png=False)).decode()
            assert drawn.startswith("<svg")
            assert f'width="{look.width}"' in drawn
            assert "style=" not in drawn, "the page's rules allow no style in it"
            assert "1.234" in drawn or kind != "bars"


async def test_what_cannot_be_drawn_is_said_and_the_next_is_drawn(drawing: Drawing) -> None:
    """A wrong specification is an error of its own; a process that died is replaced."""
    good = spec(Chart("bars", POINTS), LOOKS["print"])
    with pytest.raises(DrawingError):
        await drawing.picture({"mark": 7}, png=False)
    assert (await drawing.picture(good, png=True)).startswith(b"\x89PNG")
    assert drawing._process
    drawing._process.kill()
    assert (await drawing.picture(good, png=False)).startswith(b"<svg")


async def test_who_gave_up_waiting_leaves_no_answer_for_the_next(drawing: Drawing) -> None:
    """A picture that nobody waits for any more is not given to whoever asks next."""
    look = LOOKS["wide-light"]
    await drawing.picture(spec(Chart("bars", POINTS[:1]), look), png=False)
    first = asyncio.create_task(drawing.picture(spec(Chart("bars", POINTS), look), png=False))
    for _ in range(5):  # Until it is asked for and waited for.
        await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    other = Chart("columns", (Point("Papua", 3),))
    assert b"Papua" in await drawing.picture(spec(other, look), png=False)
