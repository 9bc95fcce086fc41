"""What an agent may do follows from their role, and what was filled in is not kept for ever."""

from __future__ import annotations

import datetime as dt

import pytest

from conversations.asking import word_value
from conversations.messages import Tap
from conversations.prompting import MOST_BUTTONS
from conversations.retention import FORM_DAYS
from tests.chat import FITS, Chat

FILLED_IN = ("3273015708900002", "Sri Wahyuni", "17 agustus 1990", "0812 9999 8887")


def approved(role: str) -> Chat:
    """Somebody whom staff made an agent of this role, at their menu."""
    chat = Chat()
    chat.say("jadi agen")
    chat.tap("Agen")
    chat.happen(f"decided active AGEN7 {role}")
    chat.take(Tap(word_value("agency")))
    return chat


def filled_in(chat: Chat) -> None:
    """Fill in for somebody, up to the question how they agree."""
    chat.tap("Bantu isi data")
    chat.say("jual sayur di pasar")
    chat.tap("Pelanggan/usaha sendiri", FITS)
    chat.say("1,2 juta")
    chat.tap("JKK + JKM")
    chat.say(*FILLED_IN)


@pytest.mark.parametrize("role", ["agent", "counter", "coordinator"])
def test_only_at_a_counter_there_is_a_code_to_scan(role: str) -> None:
    """Who enters data gets a code that the worker types; at a shared screen there is one to scan besides."""
    chat = approved(role)
    filled_in(chat)
    said = chat.tap("Lanjut di HP-nya")[0].text
    assert "?kode=" in said
    assert ("/kode/" in said) == (role == "counter")


def test_a_volunteer_enters_nobodys_data() -> None:
    """A volunteer has links, words and figures, and no way to fill in or to send a form."""
    labels = {button.label for button in approved("volunteer").buttons}
    assert {"Tautan saya", "Kata-kata siap kirim"} <= labels
    assert not {"Bantu isi data", "Kirim foto formulir"} & labels


def test_each_form_is_asked_for_by_its_code_until_it_is_forgotten() -> None:
    """With two forms open the agent names the one; once what was filled in is forgotten, no photo is asked for."""
    chat = approved("agent")
    for _ in range(2):
        filled_in(chat)
        chat.tap("Dia tidak punya HP", "Nanti saja")
    assert len(chat.buttons) == MOST_BUTTONS
    first, second = (form.code for form in chat.session.agency.forms) if chat.session.agency else ("", "")
    chat.tap("Kirim foto formulir")
    assert [button.label for button in chat.buttons] == [first, second]
    assert second in chat.tap(second)[0].text
    chat.happen("photo terang")
    assert chat.session.agency is not None
    assert [form.code for form in chat.session.agency.forms] == [first]
    chat.now += dt.timedelta(days=FORM_DAYS)
    chat.take(Tap(word_value("agency")))
    assert "Kirim foto formulir" not in {button.label for button in chat.buttons}
