"""Calling the staff's group."""

from __future__ import annotations

import datetime as dt

import pytest
import pytest_asyncio

from bot.calling import Calling, Group
from bot.outbox import GoneError, RefusedError, UnreachableError
from conversations.hours import OFFICE_HOURS
from storage.cases import queue
from storage.cases.acts import claim, mark_overdue
from storage.database import Database
from storage.operators import Operator, keep_operator
from tests.browser.memory_door import key_and_values
from tests.desk.crowd import crowd
from tests.desk.office import Office

MINUTE = dt.timedelta(minutes=1)


class FakeGroup:
    """A group at a messenger: keeps what it hears, unless it has a fault."""

    def __init__(self) -> None:
        self.channels = frozenset({"telegram"})
        self.heard: list[str] = []
        self.tries = 0
        self.fault: Exception | None = None

    async def tell_group(self, chat: str, text: str) -> None:
        """Hear something."""
        assert chat == "-1001"
        self.tries += 1
        if self.fault is not None:
            raise self.fault
        self.heard.append(text)


class Staff:
    """A group of staff, and the desk whose cases it is told about."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.group = FakeGroup()
        self.office.clock.now = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
        self.calling = Calling(
            office.database,
            Group(self.group, "-1001", OFFICE_HOURS),
            say=key_and_values,
            clock=office.clock,
            root="https://desk.example",
        )

    async def told(self, after: dt.timedelta = 3 * MINUTE) -> list[str]:
        """Let time pass and return what the group hears then."""
        self.office.clock.now += after
        await self.calling.round()
        heard, self.group.heard = self.group.heard, []
        return heard


@pytest_asyncio.fixture
async def staff(office: Office) -> Staff:
    """A group while the office is open."""
    return Staff(office)


async def case_id(office: Office) -> str:
    """Return the id of the only case."""
    async with office.database.read() as connection:
        [case] = await queue(connection, office.keys)
    return case.id


async def test_a_case_that_waits_is_told_once(staff: Staff) -> None:
    """After two minutes the group hears number, reason, how long and where, and nothing that the worker said."""
    await staff.office.worker("halo", "petugas", "NIK saya 3273 0117 0890 0001")
    assert await staff.told(MINUTE) == []
    assert await staff.told(2 * MINUTE) == [
        "calling.waits 1 desk.reason.asked desk.waits.minutes 3 https://desk.example/desk/kasus/1"
    ]
    assert await staff.told() == []


async def test_distress_is_told_at_once_and_at_night(staff: Staff) -> None:
    """Somebody in distress does not wait for two minutes, nor for the morning; all others do."""
    staff.office.clock.now += dt.timedelta(hours=12)
    await crowd(staff.office, 2)
    [text] = await staff.told(dt.timedelta())
    assert "desk.reason.distress" in text
    assert await staff.told(dt.timedelta(hours=1)) == []
    assert len(await staff.told(dt.timedelta(hours=12))) == 1


async def test_a_case_somebody_has_is_not_told(staff: Staff, database: Database) -> None:
    """What an operator took within two minutes nobody else is called for."""
    await staff.office.worker("halo", "petugas")
    operator = Operator("sari", "sari", "", "operator", must_change=False)
    async with database.write() as connection:
        await keep_operator(connection, operator, staff.office.clock())
        await claim(connection, await case_id(staff.office), "sari", staff.office.clock(), 8)
    assert await staff.told() == []


async def test_a_missed_target_is_told_once_more(staff: Staff, database: Database) -> None:
    """When a case is marked as late the group hears of it a second time, and never a third."""
    await staff.office.worker("halo", "petugas")
    await staff.told()
    async with database.write() as connection:
        await mark_overdue(connection, await case_id(staff.office), staff.office.clock())
    [late] = await staff.told()
    assert late.startswith("calling.late 1")
    assert await staff.told() == []


async def test_many_are_one_message(staff: Staff) -> None:
    """More than three at a time come as one message with their numbers and one link."""
    await crowd(staff.office, 5)
    [text] = await staff.told()
    assert text.startswith("calling.many 5 desk.waits.minutes 3 ")
    assert text.endswith(" https://desk.example/desk")
    assert {f"{n}" for n in range(1, 6)} <= set(text.replace(",", "").split())
    assert await staff.told() == []


@pytest.mark.parametrize("fault", [RefusedError(), UnreachableError(), GoneError()])
async def test_what_was_not_told_is_told_later(staff: Staff, fault: Exception) -> None:
    """A message that Telegram did not take is sent again after a while, longer each time, until it is."""
    await staff.office.worker("halo", "petugas")
    staff.group.fault = fault
    assert await staff.told() == []
    assert staff.group.tries == 1
    assert await staff.told(dt.timedelta(seconds=20)) == []
    assert staff.group.tries == 1
    assert await staff.told(dt.timedelta(seconds=20)) == []
    assert staff.group.tries == 2
    staff.group.fault = None
    assert len(await staff.told(MINUTE)) == 1


async def test_only_who_has_the_account_calls(staff: Staff) -> None:
    """A process that does not hold the bot's account says nothing."""
    await staff.office.worker("halo", "petugas")
    staff.group.channels = frozenset()
    assert await staff.told() == []
    assert staff.group.tries == 0
