"""The audit trail's page, for those who check."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from storage import audit
from storage.tables import audit as table
from tests.desk.office import Office
from tests.desk.test_audit import unlock

DAY = dt.timedelta(days=1)


async def fill(office: Office, rows: int = 120) -> None:
    """Let sari and budi do things, one an hour."""
    start = office.clock.now - DAY * 10
    async with office.database.write() as connection:
        for n in range(rows):
            who, act = ("sari", "reply") if n % 2 else ("budi", "reveal")
            await audit.append(connection, start + dt.timedelta(hours=n), who, act, f"case {n}")


async def shown(office: Office, query: str = "") -> list[str]:
    """Return the subjects that the page shows."""
    text = (await office.get(f"/desk/audit{query}")).text
    return [cell.partition("</td>")[0] for cell in text.split("<td>") if cell.startswith("case ")]


async def test_the_newest_first_page_by_page(by_hand: Office) -> None:
    """Fifty rows a page, the newest first; the next page goes on where this one ends, whatever is added meanwhile."""
    await fill(by_hand)
    await by_hand.begin(role="auditor")
    first = await shown(by_hand)
    assert first[0] == "case 119"
    async with by_hand.database.read() as connection:
        n = (await connection.execute(sa.select(table.c.n).where(table.c.subject == first[-1]))).scalar_one()
    second = await shown(by_hand, f"?before={n}")
    assert len(second) == 50
    assert not set(first) & set(second)


@pytest.mark.parametrize(
    ("query", "n"),
    [("?who=budi", 50), ("?act=reply&who=budi", 0), ("?subject=case+11", 11), ("?subject=%25", 0), ("?before=3", 2)],
)
async def test_rows_are_looked_for(by_hand: Office, query: str, n: int) -> None:
    """By whom, which act, what about; a sign that means something to a database means nothing here."""
    await fill(by_hand)
    await by_hand.begin(role="auditor")
    assert len(await shown(by_hand, query)) == n


async def test_rows_of_some_days(by_hand: Office) -> None:
    """Days are those of Jakarta, the last one included; what is no day is not asked for."""
    await fill(by_hand)
    await by_hand.begin(role="auditor")
    day = (by_hand.clock.now - DAY * 8 + dt.timedelta(hours=7)).date()
    assert len(await shown(by_hand, f"?from={day}&to={day}")) == 24
    assert (await shown(by_hand, "?from=kemarin&to=9999-12-31"))[0] == "case 119"


async def test_the_chain_is_checked_on_demand(by_hand: Office) -> None:
    """A whole trail is said to be whole; a row that somebody changed is named, and marked where it is shown."""
    await fill(by_hand)
    await by_hand.begin(role="auditor")
    assert "desk.trail.whole" in (await by_hand.get("/desk/audit?check=1")).text
    await unlock(by_hand.database)
    async with by_hand.database.write() as connection:
        await connection.execute(sa.update(table).where(table.c.n == 110).values(who="tuti"))
    page = await by_hand.get("/desk/audit?check=1")
    assert "desk.trail.broken 110" in page.text
    assert page.text.count("desk.trail.changed") == 1


async def test_nothing_found_is_said(by_hand: Office) -> None:
    """Where nothing fits the page says so."""
    await by_hand.begin(role="auditor")
    assert "desk.trail.none" in (await by_hand.get("/desk/audit?who=tuti")).text
