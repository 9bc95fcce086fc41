"""How grief, injury and anger are met."""

from __future__ import annotations

import pytest

from bot.desk.reasons import reason_key
from bot.wording import load_speech
from conversations.effects import OpenCase
from tests.chat import Chat, to_review


@pytest.mark.parametrize(("text", "feeling"), [("suami saya baru meninggal", "bereaved"), ("saya kecelakaan", "hurt")])
def test_distress_goes_to_a_person_and_nothing_is_asked(text: str, feeling: str) -> None:
    """Distress opens an urgent case; no question, price or programme stands in the answer."""
    chat = to_review(Chat())
    (said,) = chat.say(text)
    assert chat.effects[-1] == OpenCase("distress", 1, feeling)
    assert [button.label for button in said.buttons] == ["Lanjut dengan Jamin"]
    assert not any(word in said.text for word in ("Rp", "iuran", "daftar", "?"))


def test_the_form_goes_on_when_the_worker_wants() -> None:
    """After distress the worker may go on where they were; nothing is lost."""
    chat = to_review(Chat())
    chat.say("suami saya baru meninggal")
    chat.tap("Lanjut dengan Jamin")
    assert chat.session.asked == "review"
    assert not chat.session.case


def test_distress_comes_before_any_reading_of_it() -> None:
    """At a question for a name or an occupation, distress is not taken for the answer."""
    chat = Chat()
    chat.say("halo")
    chat.tap("Saya sendiri")
    chat.say("bapak saya tadi wafat")
    assert "occupation" not in chat.session.people[0].answers
    assert chat.session.case


@pytest.mark.parametrize("text", ["dasar bot goblok", "lama banget sih"])
def test_anger_is_met_once_and_a_person_offered(text: str) -> None:
    """An insult or impatience gets an apology and a button to staff; the question stays open."""
    chat = Chat()
    chat.say("halo")
    chat.tap("Saya sendiri")
    (said,) = chat.say(text)
    assert said.text.startswith("Maaf, Kak")
    assert "Bicara dengan petugas" in [button.label for button in said.buttons]
    assert chat.session.asked == "occupation"


def test_staff_see_why() -> None:
    """The desk has words of its own for a case of distress."""
    assert load_speech().phrases[reason_key("distress")]
    assert reason_key("distress") != reason_key("nobody knows")
