"""What is held about people: marked in the schema, found again, exported whole, erased for good."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from conversations.messages import CaseClosed, EnrolmentAnswered
from storage.cases import queue
from storage.database import Database
from storage.enrolments import enrolments_of, months_paid, opened
from storage.erasure import forget_erased
from storage.export import export_chat
from storage.media import keep_medium, media_of, open_medium
from storage.people import age_band, people_by_name, people_by_nik, people_by_phone, people_of
from storage.sealing import KeyRing
from storage.tables import cases, chats, consents, inbound, media, metadata, name_words, outbox, people
from storage.transcript import lines_after
from tests import toy
from tests.storage.living import ACCEPTED, ADDRESS, BILL, CONTENT, PAID, PICTURE, Life

SECRETS = (
    toy.NIK,
    "Siti",
    toy.PHONE,
    "1990-03-12",
    ACCEPTED.kpj,
    BILL.code,
    "rahasia",
    base64.b64encode(CONTENT).decode(),
)
NOT_THEIRS = {
    "operators": "sealed is what staff sign in with",
    "passed_on": "what an agent filled in is about somebody else, who alone takes it over",
    "case_marks": "indexes of what the transcript says, for staff to find the case by",
    "case_presence": "which operator looks at a case this minute",
}
"""Tables that no copy for a worker has, though they hold something sealed or name a chat; with the reason."""

MARKS = {"sealed", "index", "key", "clear", "none"}
OF_NO_CHAT = {"operators.data_key", "operators.totp", "tries.what", "openings.source", "cohort_members.nik_index"}
"""Columns about staff, about whoever opened a link, and about a sponsor's list, which no chat leaves behind."""


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
        [case] = await queue(connection, keys)
    assert (case.reason, case.note, case.address) == ("asked", "rahasia", ADDRESS)
    await life.happen(CaseClosed(case.id), "case")
    async with database.read() as connection:
        [again] = await queue(connection, keys)
        assert (await connection.execute(sa.select(sa.func.count()).select_from(cases))).scalar_one() == 2
    assert again.number != case.number


async def test_an_export_holds_everything_sealed(whole_life: Life, database: Database, keys: KeyRing) -> None:
    """The copy for the person holds all that was typed and told, opened, and every sealed column."""
    async with database.read() as connection:
        exported = await export_chat(connection, keys, 1)
    text = msgspec.json.encode(exported).decode()
    assert [secret for secret in SECRETS if secret not in text] == []
    held = set(exported) | _within(exported)
    for table in metadata.sorted_tables:
        theirs = "chat_id" in table.c or any(column.info["personal"] == "sealed" for column in table.columns)
        assert not theirs or table.name in held | NOT_THEIRS.keys(), table.name


def _within(exported: Any) -> set[str]:
    """Name the tables whose rows lie within rows of others."""
    rows = [row for rows in exported.values() for row in rows]
    inner = {name: value for row in rows for name, value in row.items() if isinstance(value, list)}
    return set(inner) | {name for value in inner.values() for row in value if isinstance(row, dict) for name in row}


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


async def test_a_life_leaves_something_in_every_column(whole_life: Life, database: Database) -> None:
    """A new column that may hold something personal fails here until this life fills it, so that the tests of what is
    exported and erased speak about it too."""
    personal = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if column.info["personal"] in {"sealed", "index", "key"}
    }
    assert personal - await _sealed_left(database) == OF_NO_CHAT


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
    assert kept == [12, 1, 1, 0]


async def test_what_is_erased_is_forgotten_at_last(whole_life: Life, database: Database, keys: KeyRing) -> None:
    """Later the address goes too; what stays personal is only an index: of taken messages and of paid bills."""
    life = whole_life
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


async def test_what_was_sent_is_kept_once_and_sealed(life: Life, database: Database, keys: KeyRing) -> None:
    """A picture opens again for its line, and is not replaced."""
    async with database.write() as connection:
        assert not await keep_medium(connection, keys, 1, PICTURE, b"another", toy.NOW)
        assert not await keep_medium(connection, keys, 77, PICTURE, CONTENT, toy.NOW)
        assert await media_of(connection, 1) == [PICTURE]
        assert await open_medium(connection, keys, 1, 1) == (PICTURE, CONTENT)
        assert await open_medium(connection, keys, 1, 2) is None
        stored = (await connection.execute(sa.select(media.c.content))).scalar_one()
        assert CONTENT not in stored


async def test_a_picture_that_comes_after_erasing_is_not_kept(life: Life, database: Database, keys: KeyRing) -> None:
    """What was still being fetched when its chat was erased is dropped."""
    await life.happen("erase")
    async with database.write() as connection:
        assert await media_of(connection, 1) == []
        assert not await keep_medium(connection, keys, 1, PICTURE, CONTENT, toy.NOW)


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
