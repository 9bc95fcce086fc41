"""A correction in passing goes to the answer it is about."""

from __future__ import annotations

import pytest

from conversations.messages import Tap
from tests.chat import FITS, Chat, to_review


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("penghasilan saya sebenarnya 3 juta", "income", 3_000_000),
        ("nama saya yang benar Siti Aminah", "name", "Siti Aminah"),
        ("nomor hp saya ganti jadi 081398765432", "phone", "+6281398765432"),
        ("pekerjaan saya sebenarnya tukang parkir", "occupation", "parking_attendant"),
    ],
)
def test_a_new_value_is_taken_and_the_open_question_put_again(text: str, field: str, value: object) -> None:
    """A correction that names the new value changes that answer alone, and the chat stays where it is."""
    chat = to_review(Chat())
    before = chat.session.people[0].answers
    (said,) = chat.say(text)
    assert chat.session.people[0].answers == {**before, field: value}
    assert chat.session.asked == "review"
    assert said.text.startswith("Baik, sudah Jamin ganti.")


def test_the_open_question_keeps_its_buttons() -> None:
    """A correction that changes nothing shown leaves the buttons of the open question good."""
    chat = Chat()
    chat.say("halo")
    chat.tap("Saya sendiri")
    chat.say("narik ojol")
    chat.tap("Pelanggan/usaha sendiri", FITS)
    chat.say("2 juta")
    chat.tap("JKK + JKM")
    agree = chat.value("Ya, setuju")
    chat.say("penghasilan saya sebenarnya 3 juta")
    chat.take(Tap(agree))
    assert chat.session.asked == "nik"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("eh salah, NIK saya tadi keliru", "nik"),
        ("ganti nama", "name"),
        ("maaf kak tadi NIK-nya saya salah ketik deh", "nik"),
    ],
)
def test_without_a_new_value_that_question_is_opened(text: str, field: str) -> None:
    """A correction without the new value opens the question it is about."""
    chat = to_review(Chat())
    before = chat.session.people[0].answers
    chat.say(text)
    assert chat.session.asked == field
    assert chat.session.people[0].answers == before


def test_earnings_a_day_lead_to_the_days_first() -> None:
    """A corrected income by the day asks for the days a month, as it does the first time."""
    chat = to_review(Chat())
    chat.say("penghasilan saya sebenarnya 100rb sehari")
    assert chat.session.asked == "work_days"


def test_a_date_that_differs_from_the_nik_is_asked_about() -> None:
    """A corrected birth date that the NIK contradicts is put once more before it counts."""
    chat = to_review(Chat())
    chat.say("tanggal lahir saya salah, yang benar 17 agustus 1991")
    assert chat.session.asked == "birth_date"
    assert chat.session.people[0].answers["birth_date"] == "1990-08-17"
    chat.say("17 agustus 1991")
    assert chat.session.people[0].answers["birth_date"] == "1991-08-17"


@pytest.mark.parametrize("text", ["nama saya Siti", "nik dan nama saya salah semua", "penghasilan saya naik turun"])
def test_what_corrects_nothing_clearly_changes_nothing(text: str) -> None:
    """Without a sign of a mistake, or about two answers at once, nothing is changed."""
    chat = to_review(Chat())
    before = chat.session.people[0].answers
    chat.say(text)
    assert chat.session.people[0].answers == before
