"""How fast a messenger lets us send."""

from __future__ import annotations

import asyncio

from bot.channels.pace import Bucket, Limits, Pace
from bot.channels.parts import split


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    """Three go at once, then one a second."""
    bucket = Bucket(1, 3, now=0.0)
    for _ in range(3):
        assert bucket.wait(0.0) == 0
        bucket.take(0.0)
    assert bucket.wait(0.0) == 1
    assert bucket.wait(0.5) == 0.5
    assert bucket.wait(100.0) == 0
    assert bucket.is_full(100.0)


async def test_who_waits_for_an_answer_goes_first() -> None:
    """A reply overtakes the broadcasts that were there before it."""
    pace, order = Pace(Limits(overall=50, chat=50)), list[str]()

    async def send(name: str, *, awaited: bool) -> None:
        await pace.enter(name, awaited=awaited)
        order.append(name)

    for number in range(50):
        await pace.enter(f"before {number}", awaited=False)
    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(send(f"broadcast {number}", awaited=False))
        await asyncio.sleep(0)
        group.create_task(send("reply", awaited=True))
    assert order.index("reply") <= 1
    assert order[-1] == "broadcast 4"


def test_a_text_is_cut_between_paragraphs() -> None:
    """Pieces are as long as they may be, break between paragraphs or words, and lose nothing."""
    text = "\n\n".join("kata " * 30 for _ in range(10)).strip()
    pieces = split(text, 400)
    assert all(len(piece) <= 400 for piece in pieces)
    assert [word for piece in pieces for word in piece.split()] == text.split()
    assert split("x" * 10, 4) == ["xxxx", "xxxx", "xx"]
    assert split("", 4) == [""]
