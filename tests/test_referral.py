"""Who sent a worker: the first link counts for a while, wherever the talk goes on, and the worker may decline it."""

from __future__ import annotations

import datetime as dt

import pytest

from conversations.codes import drawn, looks_drawn
from conversations.effects import MoveTo, NoteReferral
from conversations.flows.moving import digest
from conversations.messages import Address, Continued, Start
from conversations.referral import WINDOW
from conversations.session import decode, encode
from tests.chat import DRAWN, REFERRALS, Chat

MINUTE = dt.timedelta(minutes=1)


def came(chat: Chat, code: str) -> list[str]:
    """Open a link; the codes that were noted."""
    before = len(chat.effects)
    chat.take(Start(code))
    return [effect.code for effect in chat.effects[before:] if isinstance(effect, NoteReferral)]


def test_the_first_link_counts_within_the_window() -> None:
    """Within the window another agent's link changes nothing; from its last moment on a newer one takes its place."""
    chat = Chat()
    assert came(chat, "AGEN7") == ["AGEN7"]
    chat.now += WINDOW - MINUTE
    assert came(chat, "SEBAR") == []
    chat.now += MINUTE
    assert came(chat, "SEBAR") == ["SEBAR"]


def test_after_a_hand_off_no_link_counts_any_more() -> None:
    """Once somebody was handed on, whoever sent them stays who sent them, however old that is."""
    chat = Chat()
    came(chat, "AGEN7")
    handed_on(chat)
    chat.now += WINDOW * 2
    assert came(chat, "SEBAR") == []
    assert chat.session.origin is not None
    assert chat.session.origin.code == "AGEN7"


def handed_on(chat: Chat) -> None:
    """Bring somebody who came by an agent's link through the hand-off."""
    chat.tap("Saya sendiri")
    chat.say("narik ojol")
    chat.tap("Pelanggan/usaha sendiri", "18–64 th, WNI, ada KTP")
    chat.say("2 juta")
    chat.tap("JKK + JKM", "Ya, setuju", "Boleh")
    chat.say("3273011708900001", "Budi Santoso", "17 Agustus 1990", "081234567890")
    chat.tap("Benar, daftarkan")


def test_the_worker_is_told_and_may_decline() -> None:
    """Who sent them is said at once with the way to decline; declined, it is noted, and a later link counts anew."""
    chat = Chat()
    chat.take(Start("AGEN7"))
    assert "Bu Wati" in chat.messages[0].text
    assert "tanpa agen" in chat.messages[0].text
    chat.say("tanpa agen")
    assert chat.session.origin is None
    assert chat.effects[-1] == NoteReferral("AGEN7", kept=False)
    assert came(chat, "SEBAR") == ["SEBAR"]


def test_it_survives_a_change_of_channel() -> None:
    """A chat that goes on elsewhere keeps who sent it, and a new link there changes nothing."""
    chat = Chat()
    came(chat, "AGEN7")
    chat.tap("Saya sendiri")
    chat.say("pindah ke telegram")
    to = Address("telegram", "700", "7")
    chat.take(Continued(to, digest(DRAWN.code)))
    assert MoveTo(to) in chat.effects
    there = Chat(session=decode(encode(chat.session)))
    there.now = chat.now
    assert there.session.origin is not None
    assert there.session.origin.code == "AGEN7"
    assert came(there, "SEBAR") == []


@pytest.mark.parametrize("code", ["GUESSED", "AGEN", "agen7 ", "' OR 1=1", "A" * 64])
def test_a_guessed_or_forged_code_is_nobodys(code: str) -> None:
    """A code that nobody has sends nobody: nothing is remembered, nothing noted, and the form asks about no agent."""
    chat = Chat()
    assert came(chat, code) == []
    assert chat.session.origin is None


def test_codes_do_not_tell_of_each_other() -> None:
    """A thousand codes of one seed are a thousand codes, none is a known one, and a part of one is none."""
    codes = {drawn(f"benih/event/{n}") for n in range(1000)}
    assert len(codes) == 1000
    assert not codes & set(REFERRALS)
    assert not any(looks_drawn(code.lower()) or looks_drawn(code[:-1]) for code in codes)
