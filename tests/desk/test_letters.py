"""What could not be delivered."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables import outbox
from tests.desk.office import Office


async def kill_the_last_reply(office: Office) -> int:
    """Let the last reply be given up; return its line."""
    async with office.database.write() as connection:
        line = (await connection.execute(sa.select(sa.func.max(outbox.c.line)))).scalar_one()
        await connection.execute(sa.update(outbox).where(outbox.c.line == line).values(state="dead", error="GoneError"))
    return int(line)


async def test_what_failed_is_seen_and_sent_again(office: Office) -> None:
    """The queue counts what was given up; each can be sent again once, which is audited."""
    await office.begin()
    assert "desk.dead.some" not in (await office.get("/desk")).text
    await office.worker("halo")
    line = await kill_the_last_reply(office)
    assert "desk.dead.some 1" in (await office.get("/desk")).text
    page = await office.get("/desk/tertunda")
    assert "GoneError" in page.text
    for news in ("retried", "gone"):
        assert f"desk.news.{news}" in (await office.post(f"/desk/tertunda/1/{line}", page)).text
    assert await office.acts() == [("sari", "retry", f"outbox 1/{line}")]
    async with office.database.read() as connection:
        state = (await connection.execute(sa.select(outbox.c.state).where(outbox.c.line == line))).scalar_one()
    assert state == "new"
