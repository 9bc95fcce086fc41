"""From keys and values to Indonesian sentences."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.wording import load_speech
from conversations.messages import Button, Lines, Reply, Rupiah, Say
from conversations.months import Month
from conversations.session import fresh
from conversations.speech import Speech

SPEECH = Speech(
    "id",
    {"is": "{x}", "money.exact": "Rp{number}", "money.millions": "Rp{number} juta", "plain": "tanpa {kurung}"},
    {},
)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Rupiah(16_800), "Rp16.800"),
        (Rupiah(999_999), "Rp999.999"),
        (Rupiah(1_000_000), "Rp1 juta"),
        (Rupiah(1_750_000), "Rp1,75 juta"),
        (Rupiah(1_234_567), "Rp1.234.567"),
        (Rupiah(42_000_000), "Rp42 juta"),
        (Month(2027, 3), "Maret 2027"),
        (dt.date(1990, 8, 17), "17 Agustus 1990"),
        (("a", Rupiah(500), Month(2026, 12)), "a, Rp500, Desember 2026"),
        (Lines((Say("is", {"x": 1}), Say("is", {"x": 2}))), "1\n2"),
        (Say("is", {"x": "dalam"}), "dalam"),
    ],
)
def test_values_are_said_the_indonesian_way(value: Any, words: str) -> None:
    """Amounts, months, dates and lists are written as Indonesians write them."""
    assert SPEECH.say(Say("is", {"x": value})) == words


def test_what_a_worker_typed_is_never_a_placeholder() -> None:
    """Braces in a value stay what they are."""
    assert SPEECH.say(Say("is", {"x": "{number} {0} %s"})) == "{number} {0} %s"


def test_paragraphs_and_labels_begin_with_a_capital() -> None:
    """Each paragraph and each label begins with a capital, whatever value it begins with."""
    reply = Reply((Say("is", {"x": "satu"}), Say("is", {"x": "dua"})), (Button(Say("is", {"x": "tiga"}), "v"),))
    message = SPEECH.message(reply, fresh())
    assert message.text == "Satu\n\nDua"
    assert message.buttons[0].label == "Tiga"


def test_a_missing_key_is_an_error() -> None:
    """A key the catalogue lacks raises, so that it is found at load and not on a phone."""
    with pytest.raises(KeyError):
        SPEECH.say(Say("nothing"))


def test_the_catalogue_is_read_once_a_process() -> None:
    """The same speech is given again."""
    assert load_speech("id") is load_speech("id")
