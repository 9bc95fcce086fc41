"""Who waits for staff, and in which order."""

from __future__ import annotations

from bot.app import Jamin
from bot.clock import Clock
from conversations.messages import Text
from storage.cases import queue
from tests.shell.worker import Worker


async def test_distress_goes_before_who_came_earlier(jamin: Jamin, clock: Clock) -> None:
    """Somebody who was bereaved is answered before those who merely waited longer."""
    await Worker(jamin, clock, "first").say(Text("petugas"))
    await Worker(jamin, clock, "second").say(Text("suami saya baru meninggal"))
    async with jamin.database.read() as connection:
        waiting = await queue(connection, jamin.keys)
    assert [case.reason for case in waiting] == ["distress", "asked"]
