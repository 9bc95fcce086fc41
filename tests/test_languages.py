"""The language of a chat: guessed, offered once, chosen, changed at any moment with the open question kept."""

from __future__ import annotations

from conversations.engine import take_turn
from conversations.languages import CHOOSING
from conversations.messages import Incoming, Start, Tap, Text, What
from conversations.session import fresh
from conversations.turn import Turn
from tests.chat import ADDRESS, HERE, Chat, facts

ALL = ("id", "en", "jv", "su")


def everywhere() -> Chat:
    """A chat where every language may be spoken, asked its first question."""
    chat = Chat(facts(languages=ALL))
    chat.take(Start())
    return chat


def keys(turn: Turn) -> list[str]:
    """The sentences of a turn's last reply."""
    return [say.key for say in turn.replies[-1].says]


def carried(turn: Turn) -> list[str]:
    """What the buttons of a turn's last reply carry."""
    return [button.value for button in turn.replies[-1].buttons]


def came(what: What, language: str = "") -> Turn:
    """The first turn of a chat whose messenger tells a language of itself."""
    turn = take_turn(fresh(), Incoming(ADDRESS, "1", what, language=language), HERE, facts(languages=ALL))
    assert isinstance(turn, Turn)
    return turn


def test_a_named_language_is_spoken_at_once_and_the_question_kept() -> None:
    """ "Pakai bahasa jawa" changes the language; what was asked is asked again in full, answers stay."""
    chat = everywhere()
    chat.tap("Saya sendiri")
    asked, answers = chat.session.asked, chat.session.people
    chat.take(Text("pakai bahasa jawa"))
    assert chat.session.locale == "jv"
    assert (chat.session.asked, chat.session.people) == (asked, answers)
    assert keys(chat.turn)[0] == "language.now"
    assert f"{asked}.ask" in keys(chat.turn)


def test_languages_are_shown_and_the_open_question_waits() -> None:
    """ "Ganti bahasa" shows every language; the buttons above stay good, and a tap changes it."""
    chat = everywhere()
    before = chat.value("Saya sendiri")
    chat.say("ganti bahasa")
    assert carried(chat.turn) == [f"!{word}" for word in CHOOSING]
    chat.take(Tap("!language_su"))
    assert chat.session.locale == "su"
    chat.take(Tap(before))
    assert "stale" in keys(chat.turn)


def test_a_side_flow_stays_open() -> None:
    """Who changes the language in the middle of something goes on there."""
    chat = everywhere()
    chat.say("komplain")
    flow, asked = chat.session.flow, chat.session.asked
    chat.say("english please")
    assert (chat.session.flow, chat.session.asked, chat.session.locale) == (flow, asked, "en")


def test_a_language_is_offered_once_by_how_somebody_writes() -> None:
    """Javanese words bring an offer beside the question, never a change; it is made once."""
    chat = everywhere()
    chat.say("kulo badhe ndaftar pripun")
    assert "language.offer.jv" in keys(chat.turn)
    assert "!language_jv" in carried(chat.turn)
    assert chat.session.locale == "id"
    chat.say("kulo mboten ngertos")
    assert "language.offer.jv" not in keys(chat.turn)


def test_a_language_is_offered_by_what_the_messenger_tells() -> None:
    """A phone in English is offered English with the first words; one in Indonesian is offered nothing."""
    assert "language.offer.en" in keys(came(Start(), "en-US"))
    assert "!language_en" in carried(came(Start(), "en-US"))
    assert not any(key.startswith("language.") for key in keys(came(Start(), "id")))


def test_what_is_not_offered_here_is_not_spoken() -> None:
    """Where only Indonesian is signed off nothing is offered, and a forged button or a wish changes nothing."""
    chat = Chat()
    chat.take(Start())
    for what in (Text("kulo badhe ndaftar pripun"), Text("english please"), Tap("!language_jv")):
        chat.take(what)
        assert chat.session.locale == "id"
        assert "!language_jv" not in carried(chat.turn)


def test_staff_keep_the_chat_when_the_language_changes() -> None:
    """A change of language while staff have the chat is told, and they keep it."""
    chat = everywhere()
    chat.say("petugas")
    assert chat.session.case
    chat.say("english please")
    assert chat.session.case
    assert chat.session.locale == "en"
