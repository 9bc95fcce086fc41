"""What was read is shown and taken by a clear yes; what was not asked for, or is doubtful, is not."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

import pytest

from conversations.effects import CheckIdentity, ReadKtp
from conversations.messages import Contact, Photo, Unsupported
from storage.handoffs import of_person, order_key
from tests.chat import Chat, facts, to_review

PHOTO = Path(__file__).parent.parent / "dialogues" / "ktp_photo.txt"


@pytest.fixture
def chat() -> Chat:
    """A rider at the question for the NIK, where pictures are read."""
    chat = Chat(facts(reads_ktp=True))
    chat.say("halo")
    chat.tap("Saya sendiri", "Ojek online", "Pelanggan/usaha sendiri", "18–64 th, WNI, ada KTP", "Rp2 juta–Rp3 juta")
    chat.tap("JKK + JKM", "Ya, setuju")
    return chat


@pytest.fixture
def shown(chat: Chat) -> Chat:
    """The same rider, looking at what was read."""
    chat.take(Photo("p"))
    chat.happen("ktp card")
    return chat


def test_with_a_picture_a_rider_needs_eleven_turns_of_which_three_are_typed() -> None:
    """From hello to the receipt a rider with a picture takes at most eleven turns, at most three of them typed."""
    lines = list(takewhile(lambda line: line != "! accepted", PHOTO.read_text(encoding="utf-8").splitlines()))
    turns = [line for line in lines if line.startswith(("> ", "! photo"))]
    assert len(turns) <= 11
    assert sum(not turn.startswith(("> [", "! photo")) for turn in turns) <= 3


@pytest.mark.parametrize("said", ["ya", "sama semua", "iya cocok"])
def test_a_yes_takes_all_of_it(shown: Chat, said: str) -> None:
    """A word that is a yes takes every field, and the next question is the phone's."""
    shown.say(said)
    assert shown.session.asked == "phone"
    assert shown.session.people[0].answers["name"] == "Budi Santoso"


def test_a_shared_number_says_yes_too(shown: Chat) -> None:
    """The number may be shared from the messenger instead of typed: what was shown is then so."""
    shown.take(Contact("+6281234567890"))
    assert shown.last(CheckIdentity).data["nik"] == "3273011708900001"


@pytest.mark.parametrize("said", ["nik sudah benar", "nama saya apa?", "1", "hmm", "tidak", "bukan"])
def test_what_is_no_yes_takes_nothing(shown: Chat, said: str) -> None:
    """Anything else leaves the question open, and the fields as they were shown."""
    shown.say(said)
    assert shown.session.asked == "ktp"
    assert shown.session.people[0].answers["ktp"]["nik"]
    assert "nik" not in shown.session.people[0].answers


def test_a_field_that_is_wrong_is_asked_for(shown: Chat) -> None:
    """A field called wrong is not taken; it is asked for as if there had been no picture."""
    shown.tap("Nama salah", "Sama semua")
    assert shown.session.asked == "name"
    assert "name" not in shown.session.people[0].answers


def test_a_picture_in_place_of_a_nik_given_before(chat: Chat) -> None:
    """A NIK that was given stays until another one is sure; a doubtful one is asked about and takes no silent place."""
    chat = to_review(Chat(facts(reads_ktp=True)))
    chat.say("ganti nik")
    chat.take(Photo("p"))
    chat.happen("ktp card nik")
    chat.tap("Sama semua")
    assert chat.session.asked == "nik"
    assert chat.session.people[0].answers["nik"] == "3273011708900001"
    chat.tap("Sama dengan KTP")
    assert chat.session.asked == "review"


def test_typing_meanwhile_makes_the_picture_stale(chat: Chat) -> None:
    """Who typed the NIK while the picture was read is not bothered with the picture any more."""
    chat.take(Photo("p"))
    chat.say("3273011708900001")
    assert chat.happen("ktp card") == ()
    assert "ktp" not in chat.session.people[0].answers


def test_a_picture_sent_as_a_file_is_read_too(chat: Chat) -> None:
    """Who sends the picture as a file, to keep it sharp, gets it read; a voice at that question is still a voice."""
    chat.take(Unsupported("voice", "v"))
    assert not [effect for effect in chat.effects if isinstance(effect, ReadKtp)]
    chat.take(Unsupported("file", "p"))
    assert chat.last(ReadKtp).ref == "p"


def test_nothing_is_read_before_the_consent() -> None:
    """A picture sent before the consent, or at another question, is not even fetched."""
    chat = Chat(facts(reads_ktp=True))
    chat.say("halo")
    chat.take(Photo("p"))
    assert not [effect for effect in chat.effects if isinstance(effect, ReadKtp)]


def test_what_waits_to_be_read_is_forgotten_with_its_person() -> None:
    """A picture that waits is among what is taken back when its person's data is erased or a consent withdrawn."""
    assert order_key(ReadKtp(3, "p", 7)) in of_person(3)
