"""What is held about people: marked in the schema, found again, exported whole, erased for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio
import sqlalchemy as sa

from bot.outbox import Outbox
from bot.turns import Turns
from conversations.messages import Bill, BillPaid, CaseClosed, EnrolmentAnswered, Incoming, What
from conversations.months import Month
from conversations.turn import Facts, Lacking
from storage.cases import open_cases
from storage.database import Database
from storage.enrolments import enrolments_of, months_paid, opened
from storage.erasure import forget_erased
from storage.export import export_chat
from storage.people import age_band, people_by_name, people_by_nik, people_by_phone, people_of
from storage.sealing import KeyRing
from storage.tables import cases, chats, consents, inbound, metadata, name_words, outbox, people
from storage.transcript import lines_after
from tests import toy
from tests.toy import said

BILL = Bill("8810001", 36_800, Month(2026, 12), 2, toy.NOW + dt.timedelta(days=3))
ACCEPTED = EnrolmentAnswered(1, "seed-1", "accepted", kpj="20123456789", bill=BILL)
PAID = BillPaid(1, "seed-1", BILL.code, Month(2026, 12), 2, toy.NOW)
SECRETS = (toy.NIK, "Siti", toy.PHONE, "1990-03-12", ACCEPTED.kpj, BILL.code, "rahasia")
ADDRESS = said(0, "").address
MARKS = {"sealed", "index", "key", "clear", "none"}


async def _fetch(_needs: Lacking, facts: Facts) -> Facts:
    return facts


class Life:
    """A chat with all that one can leave behind."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._number = 0

    async def happen(self, *what: What | str) -> None:
        """Let these happen in turn."""
        for one in what:
            self._number += 1
            typed = said(self._number, one if isinstance(one, str) else "")
            await self._turns.take(typed if isinstance(one, str) else Incoming(ADDRESS, typed.id, one))


@pytest_asyncio.fixture
async def life(database: Database, keys: KeyRing) -> AsyncIterator[Life]:
    """An enrolled, insured chat with an open case."""
    delivery = Outbox(database, keys, {}, holder="test", clock=lambda: toy.NOW)
    turns = Turns(database, keys, toy.CORE, delivery, clock=lambda: toy.NOW, fetch=_fetch)
    await turns.start()
    life = Life(turns)
    await life.happen("halo", "check", "consent", "submit", ACCEPTED, PAID, "case")
    yield life
    await turns.stop()


def test_every_column_says_what_it_holds() -> None:
    """A column without a mark is a fault of the schema, and so is ciphertext in a column of text."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            assert column.info.get("personal") in MARKS, f"{table.name}.{column.name}"
            if column.info["personal"] == "sealed":
                assert isinstance(column.type, sa.LargeBinary)


async def test_people_are_found_by_what_is_sealed(life: Life, database: Database, keys: KeyRing) -> None:
    """NIK, phone and whole words of the name find a person; parts of words do not."""
    async with database.read() as connection:
        [by_nik] = await people_by_nik(connection, keys, toy.NIK)
        assert await people_by_phone(connection, keys, toy.PHONE) == [by_nik]
        assert await people_by_name(connection, keys, "RAHAYU siti") == [by_nik]
        assert await people_by_name(connection, keys, "sit") == []
        assert await people_by_name(connection, keys, "siti budi") == []
        assert await people_by_name(connection, keys, "") == []
    assert by_nik.opened() == toy.DATA


async def test_the_backend_s_news_are_kept_beside_the_session(life: Life, database: Database, keys: KeyRing) -> None:
    """An acceptance and a payment change the enrolment and record the months, each month once."""
    await life.happen(PAID, EnrolmentAnswered(1, "somebody else's", "refused"))
    async with database.read() as connection:
        [enrolment] = await enrolments_of(connection, 1)
        [person] = await people_of(connection, keys, 1)
        assert enrolment.state == "accepted"
        assert opened(enrolment, person) == (ACCEPTED.kpj, BILL)
        assert await months_paid(connection, enrolment.id) == ["2026-12", "2027-01"]


async def test_a_chat_has_one_open_case(life: Life, database: Database, keys: KeyRing) -> None:
    """A second case while one is open adds nothing; after closing, the next one is new."""
    await life.happen("case")
    async with database.read() as connection:
        [case] = await open_cases(connection, keys)
    assert (case.reason, case.note, case.address) == ("asked", "rahasia", ADDRESS)
    await life.happen(CaseClosed(case.id), "case")
    async with database.read() as connection:
        [again] = await open_cases(connection, keys)
        assert (await connection.execute(sa.select(sa.func.count()).select_from(cases))).scalar_one() == 2
    assert again.number != case.number


async def test_an_export_holds_everything_sealed(life: Life, database: Database, keys: KeyRing) -> None:
    """The copy for the person holds all that was typed and told, opened, and every sealed column."""
    async with database.read() as connection:
        exported = await export_chat(connection, keys, 1)
    text = msgspec.json.encode(exported).decode()
    assert [secret for secret in SECRETS if secret not in text] == []
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.info["personal"] == "sealed":
                assert f'"{column.name}":' in text


async def _sealed_left(database: Database) -> set[str]:
    """Name the sealed, index and key columns that still hold something."""
    left = set()
    async with database.read() as connection:
        for table in metadata.sorted_tables:
            for row in await connection.execute(sa.select(table)):
                left |= {
                    f"{table.name}.{column.name}"
                    for column in table.columns
                    if column.info["personal"] in {"sealed", "index", "key"} and row._mapping[column] is not None
                }
    return left


async def test_erasing_destroys_keys_and_leaves_one_last_reply(life: Life, database: Database, keys: KeyRing) -> None:
    """After erasure only the last reply and an empty session are there; figures, consents and proofs stay."""
    async with database.read() as connection:
        before = (await connection.execute(sa.select(chats.c.data_key, chats.c.ref))).one()
    await life.happen("erase")
    async with database.read() as connection:
        after = (await connection.execute(sa.select(chats.c.data_key, chats.c.ref))).one()
        [line] = await lines_after(connection, keys, ADDRESS)
        text = msgspec.json.encode(await export_chat(connection, keys, 1)).decode()
        figures = (await connection.execute(sa.select(people.c.occupation, people.c.age_band))).one()
        kept = [
            (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
            for table in (inbound, outbox, consents, name_words)
        ]
    assert before.data_key != after.data_key
    assert before.ref != after.ref
    assert line.words.endswith(" erase")
    assert [secret for secret in SECRETS if secret in text] == []
    assert figures == ("ojek", "30-39")
    assert kept == [8, 1, 1, 0]


async def test_what_is_erased_is_forgotten_at_last(life: Life, database: Database, keys: KeyRing) -> None:
    """Later the address goes too; what stays personal is only an index: of taken messages and of paid bills."""
    await life.happen("erase")
    async with database.write() as connection:
        assert await forget_erased(connection, toy.NOW) == 0
        assert await forget_erased(connection, toy.NOW + dt.timedelta(days=1)) == 1
        assert await lines_after(connection, keys, ADDRESS) == []
    assert await _sealed_left(database) == {"inbound.source", "contributions.bill_index"}
    await life.happen("halo")
    async with database.read() as connection:
        assert len(await lines_after(connection, keys, ADDRESS)) == 2


async def test_who_writes_again_is_not_forgotten(life: Life, database: Database, keys: KeyRing) -> None:
    """A chat that goes on after erasure lives on."""
    await life.happen("erase", "halo")
    async with database.write() as connection:
        assert await forget_erased(connection, toy.NOW + dt.timedelta(days=1)) == 0
        assert len(await lines_after(connection, keys, ADDRESS)) == 3


async def test_an_erased_draft_leaves_no_transcript(life: Life, database: Database, keys: KeyRing) -> None:
    """Saying no erases what was said up to here and the questions to the backend about that person."""
    await life.happen("draft")
    async with database.read() as connection:
        [line] = await lines_after(connection, keys, ADDRESS)
        lanes = await connection.execute(sa.select(outbox.c.order_key).where(outbox.c.lane == "handoff"))
    assert line.words.endswith(" draft")
    assert list(lanes.scalars()) == ["enrolment seed-1"]


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2008-11-22", ""),
        ("2008-11-21", "18-29"),
        ("1990-03-12", "30-39"),
        ("1961-11-22", "60-64"),
        ("1961-11-21", ""),
        ("12 Maret", ""),
    ],
)
def test_age_bands_follow_jakarta_s_calendar(born: str, band: str) -> None:
    """Somebody is 18 from their birthday on in Jakarta, and nobody of 65 has a band."""
    assert age_band(born, toy.NOW) == band
