"""What could not be delivered."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables import outbox
from tests.desk.office import Office


async def kill(office: Office, *lines: int, error: str = "GoneError") -> list[int]:
    """Let replies be given up, the last one unless lines are named; return their lines."""
    async with office.database.write() as connection:
        killed = list(lines) or [(await connection.execute(sa.select(sa.func.max(outbox.c.line)))).scalar_one()]
        dead = {"state": "dead", "error": error, "done_at": office.clock()}
        await connection.execute(sa.update(outbox).where(outbox.c.line.in_(killed)).values(dead))
    return killed


async def states(office: Office, *lines: int) -> list[str]:
    """Return what became of replies."""
    async with office.database.read() as connection:
        found = sa.select(outbox.c.state).where(outbox.c.line.in_(lines)).order_by(outbox.c.line)
        return list((await connection.execute(found)).scalars())


async def test_what_failed_is_seen_and_sent_again(office: Office) -> None:
    """The queue counts what was given up; each can be sent again once, which is audited."""
    await office.begin()
    assert "desk.dead.some" not in (await office.get("/desk")).text
    await office.worker("halo")
    [line] = await kill(office)
    assert "desk.dead.some 1" in (await office.get("/desk")).text
    page = await office.get("/desk/tertunda")
    assert "desk.dead.error desk.dead.error.GoneError" in page.text
    for news in ("retried", "gone"):
        assert f"desk.news.{news}" in (await office.post(f"/desk/tertunda/1/{line}", page)).text
    assert await office.acts() == [("sari", "retry", f"outbox 1/{line}")]
    assert await states(office, line) == ["new"]
    assert "desk.dead.none" in (await office.get("/desk/tertunda")).text


async def test_the_case_and_an_unknown_error_are_shown(office: Office) -> None:
    """An error that has no words is told by its name; a chat with an open case is led to."""
    await office.begin()
    await office.worker("halo", "petugas")
    await kill(office, error="131047")
    page = await office.get("/desk/tertunda")
    assert "131047" in page.text
    assert 'href="/desk/kasus/1"' in page.text


async def test_a_whole_channel_is_sent_again(by_hand: Office) -> None:
    """After a channel was away a supervisor sends everything of it again, once, and nothing of the others."""
    page = await by_hand.begin(role="supervisor")
    await by_hand.worker("halo", "halo", "halo")
    lines = await kill(by_hand, 2, 4)
    assert "desk.dead.sweep" not in (await by_hand.get("/desk/tertunda")).text
    assert "desk.dead.sweep web 2" in (await by_hand.get("/desk/tertunda?kanal=web")).text
    assert "desk.news.gone" in (await by_hand.post("/desk/tertunda/semua", page, channel="telegram")).text
    assert await states(by_hand, *lines) == ["dead", "dead"]
    assert "desk.news.swept" in (await by_hand.post("/desk/tertunda/semua", page, channel="web")).text
    assert await states(by_hand, *lines) == ["new", "new"]
    assert await by_hand.acts() == [("sari", "retry_channel", "outbox web 2")]


async def test_one_is_put_away_with_a_reason(by_hand: Office) -> None:
    """What is of no use any more is put away for good, for a reason of ours, which is audited."""
    page = await by_hand.begin(role="supervisor")
    await by_hand.worker("halo")
    [line] = await kill(by_hand)
    for why in ("", "0812 3456 7890"):
        assert (await by_hand.post(f"/desk/tertunda/1/{line}/buang", page, why=why)).status == 422
    for news in ("discarded", "gone"):
        answer = await by_hand.post(f"/desk/tertunda/1/{line}/buang", page, why="answered")
        assert f"desk.news.{news}" in answer.text
    assert await states(by_hand, line) == ["discarded"]
    assert await by_hand.acts() == [("sari", "discard", f"outbox 1/{line} answered")]


async def test_what_was_erased_cannot_be_sent(office: Office) -> None:
    """A letter whose content was erased is shown as such and offers no button to send it."""
    await office.begin()
    await office.worker("halo")
    [line] = await kill(office)
    async with office.database.write() as connection:
        await connection.execute(sa.update(outbox).where(outbox.c.line == line).values(payload=None))
    page = await office.get("/desk/tertunda")
    assert "desk.dead.erased" in page.text
    assert "desk.dead.retry" not in page.text
    assert "desk.news.gone" in (await office.post(f"/desk/tertunda/1/{line}", page)).text
