"""Finding a case by what an operator has in hand."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
import sqlalchemy as sa

from storage.cases.search import Wanted, read_search, search
from storage.database import Database
from storage.rotation import rotate
from storage.sealing import KeyRing
from storage.tables import case_marks
from tests.chat import FITS
from tests.storage.casebook import Casebook, open_casebook

FORM = ("halo", "saya sendiri", "narik ojol", "1", FITS, "2 juta", "1", "ya")
NIK, NAME, PHONE = "3273011708900001", "Budi Santoso", "081234567890"


@pytest_asyncio.fixture
async def book(database: Database, keys: KeyRing) -> AsyncIterator[Casebook]:
    """Chats over a fresh database."""
    async with open_casebook(database, keys) as opened:
        yield opened


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("12", [Wanted("number", ("12",))]),
        ("# 12", [Wanted("number", ("12",))]),
        ("3273 0117 0890 0001", [Wanted("nik", (NIK,))]),
        ("0812-3456-7890", [Wanted("phone", ("+6281234567890",))]),
        ("+62 812 3456 7890", [Wanted("phone", ("+6281234567890",))]),
        ("26110000017", [Wanted("kpj", ("26110000017",))]),
        ("81234567890", [Wanted("phone", ("+6281234567890",)), Wanted("kpj", ("81234567890",))]),
        ("santoso BUDI", [Wanted("name", ("budi", "santoso"))]),
        ("1234567890123", []),
        ("?", []),
        ("", []),
    ],
)
def test_what_was_typed(text: str, wanted: list[Wanted]) -> None:
    """A search is read as all that it may be, and as nothing else."""
    assert read_search(text) == wanted


async def test_a_draft_is_found_by_what_it_holds(book: Casebook) -> None:
    """Who calls in the middle of the form is found by NIK, whole words of the name, phone and number."""
    case = await book.call("a", *FORM, NIK, NAME, "17 Agustus 1990", PHONE, "petugas")
    await book.call("b")
    for text in (NIK, "santoso", "Budi Santoso", PHONE, f"#{case.number}"):
        assert [found.number for found in await book.read(search, book.keys, text)] == [case.number], text
    for text in ("budi aminah", "san", "3273011708900002", "081298765432", "#99", "26110000017"):
        assert await book.read(search, book.keys, text) == [], text
    assert case.region == "3273"


async def test_a_whatsapp_number_finds_its_chat(book: Casebook) -> None:
    """Who writes on WhatsApp is found by the number they write from."""
    case = await book.call("6281234567890", channel="whatsapp")
    assert [found.number for found in await book.read(search, book.keys, PHONE)] == [case.number]


async def test_a_case_is_found_by_a_new_key_alone(book: Casebook, keys_text: str) -> None:
    """After the turn to a new master key, nothing that a case is found by needs the old one."""
    case = await book.call("a", *FORM, NIK, NAME, "17 Agustus 1990", PHONE, "petugas")
    new = KeyRing.make("k2")
    async for _ in rotate(book.database, KeyRing.from_text(f"{new},{keys_text}")):
        pass
    for text in (NIK, "santoso", PHONE):
        assert [found.number for found in await book.read(search, KeyRing.from_text(new), text)] == [case.number], text


async def test_an_anonymous_case_is_found_by_its_number_alone(book: Casebook) -> None:
    """A report without a name is not found by the name, nor by the number it was written from."""
    case = await book.call(
        "6281234567890", "halo", "saya sendiri", "narik ojol", "digaji majikan", "2", channel="whatsapp"
    )
    assert case.anonymous
    assert await book.read(search, book.keys, PHONE) == []
    assert [found.number for found in await book.read(search, book.keys, f"{case.number}")] == [case.number]


async def test_erasing_takes_the_marks(book: Casebook) -> None:
    """After everything is erased nothing finds the case but its number."""
    await book.call("a", *FORM, NIK, NAME, "petugas")
    await book.happen("a", "hapus data saya", "hapus semua")
    async with book.database.read() as connection:
        assert (await connection.execute(sa.select(case_marks))).first() is None
    assert await book.read(search, book.keys, NAME) == []
