"""What reminders change, as the office sees it."""

from __future__ import annotations

import sqlalchemy as sa

from bot.desk.reminders import ENOUGH, percent, shares
from conversations.months import Month
from storage.reminders import Effect
from storage.tables import contributions, reminders
from tests.chat import HERE
from tests.desk.office import Office

NOVEMBER = Month(2026, 11)


async def test_both_shares_stand_side_by_side(office: Office) -> None:
    """For each month it is told how many members got all reminders or fewer, and how many of each paid; what
    somebody asked for counts for neither."""
    told = {"chat_id": 1, "person": 1, "month": str(NOVEMBER), "moment": "due", "due_at": HERE, "state": "told"}
    async with office.database.write() as connection:
        for name, fewer in (("a", False), ("b", False), ("c", True)):
            row = {"key": name, "enrolment_id": name, "fewer": fewer, "price": 350, "told_at": HERE}
            await connection.execute(sa.insert(reminders).values(**told, **row))
        asked = {"key": "d", "enrolment_id": "c", "fewer": False, "moment": "tomorrow"}
        await connection.execute(sa.insert(reminders).values(**{**told, **asked}))
        await connection.execute(sa.insert(contributions).values(enrolment_id="a", month="2026-11", paid_at=HERE))
    await office.begin("rudi", "auditor")
    page = await office.get("/desk/pengingat")
    rows = " ".join(page.text.split())
    assert "desk.reminders.all</td> <td>2</td><td>2</td><td>1</td><td>50,0%" in rows
    assert "desk.reminders.fewer</td> <td>1</td><td>1</td><td>0</td><td>0,0%" in rows
    assert f"desk.reminders.enough {ENOUGH}" in rows
    assert "JAMIN_REMINDER_BUDGET" in rows


async def test_where_nothing_was_planned_the_page_says_so(office: Office) -> None:
    """Before the first reminder there is nothing to compare, but the settings stand there."""
    await office.begin("rudi", "auditor")
    assert "desk.reminders.none" in (await office.get("/desk/pengingat")).text


def test_few_members_prove_nothing() -> None:
    """Only where both shares are large is a difference more than chance."""
    large, small = Effect(False, ENOUGH, 0, 0, 0), Effect(True, ENOUGH - 1, 0, 0, 0)
    assert not shares(NOVEMBER, [large, small]).enough
    assert shares(NOVEMBER, [large, small._replace(members=ENOUGH)]).enough
    assert not shares(NOVEMBER, []).enough


def test_a_share_of_nobody_is_no_number() -> None:
    """Nothing is divided by nobody."""
    assert (percent(1, 3), percent(0, 0)) == ("33,3%", "–")
