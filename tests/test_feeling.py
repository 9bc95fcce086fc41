"""How grief, injury and anger are met."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.desk.reasons import reason_key
from bot.wording import load_speech
from conversations.effects import OpenCase
from tests.chat import Chat, to_member, to_review


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


@pytest.mark.parametrize(("text", "kind"), [("suami saya baru meninggal", "death"), ("saya kecelakaan", "accident")])
def test_what_a_member_tells_gets_the_first_steps(text: str, kind: str) -> None:
    """Where a member is in the chat, the case is named for what happened and the first steps are told at once."""
    chat = to_member()
    (said,) = chat.say(text)
    assert chat.effects[-1] == OpenCase(kind, 1)
    assert "175" in said.text
    assert "difoto" in said.text
    assert not any(word in said.text for word in ("Rp", "iuran", "Selamat"))


def test_distress_after_a_while_is_not_greeted_and_unlocks_nothing() -> None:
    """Who comes back in distress after a month gets the first steps and no greeting; the chat stays locked."""
    chat = to_member()
    chat.now += dt.timedelta(days=40)
    (said,) = chat.say("barusan saya kecelakaan")
    assert said.text.startswith("Semoga lekas pulih")
    chat.tap("Lanjut dengan Jamin")
    assert chat.session.locked
    assert chat.session.asked == "guard"


def test_photos_go_to_staff_while_they_have_the_chat() -> None:
    """Papers sent as photos are acknowledged while a case is open; at other times photos can't be read."""
    chat = to_member()
    assert "belum bisa membaca" in chat.happen("photo p1")[0].text
    chat.say("saya kecelakaan")
    assert "Petugas akan melihat foto ini" in chat.happen("photo p2")[0].text
