"""From the row of the outbox to the incoming: fetched, read, answered, whatever fails on the way."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.ktp.photos import Photos
from bot.ktp.reader import Reader
from bot.ktp.shelf import Shelf
from bot.outbox import DeliveryError, GoneError, RefusedError, UnreachableError
from bot.turns import Taken
from conversations.effects import ReadKtp
from conversations.messages import Address, Incoming, KtpRead
from conversations.session import SCHEMA, Session
from storage.deliveries import Delivery
from tests.chat import HERE
from tests.ktp.conftest import JPEG
from tests.ktp.fake_child import CARD

ASKED = ReadKtp(1, "foto", 7)


def row(attempts: int = 1, channel: str = "whatsapp") -> Delivery:
    """A row that asks for a picture to be read."""
    until = HERE + dt.timedelta(seconds=90)
    return Delivery(5, 9, "handoff", "reading", "", "photo 1", attempts, Address(channel, "b", "a"), "k", ASKED, until)


async def answer(reader: Reader | None, picture: bytes | DeliveryError, attempts: int = 1) -> KtpRead:
    """What comes back for a picture, or for an error where it should be."""

    async def fetch(ref: str, most: int) -> bytes:
        if isinstance(picture, DeliveryError):
            raise picture
        return picture

    said = await Photos(reader, {"whatsapp": fetch}, lambda: HERE).send(row(attempts))
    assert isinstance(said, Incoming)
    assert isinstance(said.what, KtpRead)
    assert (said.id, said.what.person, said.what.asking) == ("handoff 5/9", 1, 7)
    return said.what


async def test_what_was_read_comes_back_with_what_was_asked(reader: Reader) -> None:
    """The answer names the person and the question, so that a stale one is dropped."""
    assert (await answer(reader, JPEG)).card == CARD


@pytest.mark.parametrize(
    ("picture", "advice"),
    [
        (JPEG + b"dark", "dark"),
        (JPEG + b"broken", "not_ktp"),
        (b"%PDF-1.7", "not_ktp"),
        (JPEG + b"deadly", "unread"),
        (GoneError(), "unread"),
        (UnreachableError(), "unread"),
    ],
)
async def test_there_is_always_an_answer(reader: Reader, picture: bytes | DeliveryError, advice: str) -> None:
    """A bad picture, none, something else, or one that breaks the reader: the worker hears what to do."""
    assert await answer(reader, picture, attempts=4) == KtpRead(1, 7, advice=advice)


async def test_a_messenger_that_is_busy_is_asked_again_a_few_times(reader: Reader) -> None:
    """A refusal is tried again by the outbox, but nobody waits long for it."""
    with pytest.raises(RefusedError):
        await answer(reader, RefusedError(), attempts=1)
    assert (await answer(reader, RefusedError(), attempts=4)).advice == "unread"


async def test_where_it_was_switched_off_meanwhile_typing_is_offered() -> None:
    """A picture sent before pictures were switched off still gets an answer."""
    assert (await answer(None, JPEG)).advice == "unread"


async def test_a_channel_without_files_gets_an_answer(reader: Reader) -> None:
    """A chat that moved to a channel from which nothing can be fetched is told to type."""
    said = await Photos(reader, {}, lambda: HERE).send(row(channel="web"))
    assert said.what == KtpRead(1, 7, advice="unread")


async def test_the_reader_wakes_where_a_nik_is_asked_for(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """The models are loaded once the question for the NIK is put, and for no other; a failed turn wakes nobody."""
    woken: list[str] = []
    asked = ""
    monkeypatch.setattr(reader, "wake", lambda: woken.append(asked))
    for asked in ("phone", "nik", "ktp", ""):
        session = Session(SCHEMA, asked=asked) if asked else None
        Photos(reader, {}, lambda: HERE).tell_committed([Taken(Address("web", "b", "a"), False, session=session)])
        Photos(None, {}, lambda: HERE).tell_committed([Taken(Address("web", "b", "a"), False, session=session)])
    assert woken == ["nik", "ktp"]


async def test_a_file_on_the_shelf_is_lent_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file is named, fetched once and forgotten; one too large or gone is no picture."""
    file = tmp_path_factory.mktemp("shelf") / "ktp.jpg"
    file.write_bytes(JPEG)
    shelf = Shelf()
    ref = shelf.put(file)
    assert await shelf.fetch(ref, 100) == JPEG
    for wanted, most in ((ref, 100), ("nobody's", 100), (shelf.put(file), 3), (shelf.put(file.with_name("x")), 100)):
        with pytest.raises(GoneError):
            await shelf.fetch(wanted, most)
