"""What comes late, from elsewhere, or where free words may not be said any more: as the core meets it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from conversations.effects import FollowNumber, KeepMedia, RecordConsent
from conversations.engine import take_turn
from conversations.late import LATE_AFTER
from conversations.letters import PLACEHOLDERS
from conversations.messages import (
    CaseClosed,
    Contact,
    Incoming,
    NewsWanted,
    NumberChanged,
    Photo,
    ReminderDue,
    Tap,
    Text,
    Unsupported,
    What,
)
from conversations.months import Month
from conversations.turn import Turn
from tests.chat import ADDRESS, Chat, facts, index, to_review


@pytest.fixture
def review() -> Chat:
    """A chat with everything answered, in live mode."""
    return to_review(Chat(facts(demo=False)))


def late(chat: Chat, what: What, **given: Any) -> Turn:
    """Let something come in as the messenger tells of it, by default said twelve hours ago."""
    given = given or {"sent_at": chat.now - LATE_AFTER}
    rankings = {what.text: index().rank(what.text)} if isinstance(what, Text) else {}
    chat.facts = facts(demo=False, rankings=rankings, ahead=0)
    turn = take_turn(chat.session, Incoming(ADDRESS, "9", what, **given), chat.now, chat.facts)
    assert isinstance(turn, Turn)
    return turn


# --- late ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [{}, {"unseen": True}])
def test_a_late_answer_is_asked_again_and_changes_nothing(review: Chat, given: dict[str, Any]) -> None:
    """A yes to the review from long ago, or given before it was read, hands nothing on."""
    for what in (Text("ya"), Text("benar"), Tap(review.value("Benar, daftarkan"))):
        turn = late(review, what, **given)
        assert turn.outcome == "late"
        assert turn.effects == ()
        assert turn.session.people == review.session.people
        assert turn.replies[0].says[-1].key == "review.question"
        assert turn.replies[0].buttons


@pytest.mark.parametrize("given", [{}, {"unseen": True}])
def test_a_yes_to_an_offer_that_was_not_read_changes_nothing(review: Chat, given: dict[str, Any]) -> None:
    """Staff offer a change; a yes said before it was read is not for it, one said afterwards is."""
    review.happen("staff Rina: Kak, namanya saya bantu perbaiki ya.")
    review.happen("proposes Rina: name Budi Santosa")
    turn = late(review, Text("ya"), **given)
    assert turn.outcome == "late"
    assert turn.session.people == review.session.people
    review.say("ya")
    assert review.session.people[0].answers["name"] == "Budi Santosa"


def test_a_late_number_is_asked_again() -> None:
    """A phone number shared long ago is not taken for the person asked about now."""
    chat = Chat()
    to_review(chat)
    chat.say("4")
    assert late(chat, Contact("+6281299998888")).session.people == chat.session.people


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("petugas", "word"), ("hapus data saya", "word"), ("jkk itu apa?", "digression"), ("suami meninggal", "to_staff")],
)
def test_what_answers_nothing_is_never_too_late(review: Chat, text: str, outcome: str) -> None:
    """Words that work everywhere, questions and distress are met whenever they come."""
    assert late(review, Text(text)).outcome == outcome


def test_a_late_word_that_is_a_button_of_the_question_is_asked_again(review: Chat) -> None:
    """What says a button is an answer, though it is a word elsewhere."""
    review.say("berhenti")
    assert late(review, Text("hapus")).outcome == "late"
    assert late(review, Text("nanti")).outcome == "late"


def test_what_comes_in_time_is_taken(review: Chat) -> None:
    """A moment less than too late is an answer."""
    in_time = review.now - LATE_AFTER + dt.timedelta(seconds=1)
    assert late(review, Text("ya"), sent_at=in_time).outcome == "answered"


def test_only_the_first_that_led_here_counts(review: Chat) -> None:
    """Where somebody came from is kept once."""
    first = late(review, Text("halo"), source="ad:1")
    review.session = first.session
    assert late(review, Text("halo"), source="post:2").session.source == "ad:1"


# --- for staff -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "kept"),
    [
        (Photo("m1"), KeepMedia("m1", "photo")),
        (Unsupported("voice", "m2"), KeepMedia("m2", "voice")),
        (Unsupported("file", "m3"), KeepMedia("m3", "file")),
        (Unsupported("file"), None),
        (Unsupported("sticker", "m4"), None),
    ],
)
def test_pictures_are_kept_only_while_staff_have_the_chat(what: What, kept: KeepMedia | None) -> None:
    """With a case open what can be looked at is fetched; without one nothing is."""
    chat = Chat()
    chat.say("halo")
    chat.take(what)
    assert chat.effects == []
    chat.say("petugas")
    chat.effects.clear()
    chat.take(what)
    assert chat.effects == ([kept] if kept else [])
    assert (chat.turn.outcome == "to_staff") is (kept is not None)


# --- another number, other wishes ------------------------------------------------------------------------------------


def test_another_number_is_followed_and_locked(review: Chat) -> None:
    """The birth date is asked there before anything else, as after thirty idle days."""
    assert review.take(NumberChanged("62811")) == ()
    assert review.effects[-1] == FollowNumber("62811")
    [asked] = review.say("status")
    assert "Budi" not in asked.text
    assert (review.session.flow, review.session.asked, review.session.locked) == ("guard", "guard", True)
    review.say("17 Agustus 1990")
    assert not review.session.locked
    assert review.session.asked == "review"


def test_who_gave_no_birth_date_is_not_asked_for_it() -> None:
    """Without one there is nothing personal to guard."""
    chat = Chat()
    chat.say("halo")
    chat.take(NumberChanged("62811"))
    assert chat.effects == [FollowNumber("62811")]
    assert chat.session.flow == "enrolment"


def test_a_wish_about_broadcasts_is_put_on_record(review: Chat) -> None:
    """What was told to the messenger is kept beside what was agreed with us, and nothing is said."""
    assert review.take(NewsWanted(False)) == ()
    kept = review.effects[-1]
    assert isinstance(kept, RecordConsent)
    assert (kept.person, kept.purpose, kept.given) == (0, "broadcast", False)


# --- templates -------------------------------------------------------------------------------------------------------


def member(chat: Chat) -> Chat:
    """A chat whose enrolment was accepted, with reminders wanted."""
    chat.tap("Benar, daftarkan")
    chat.happen("accepted")
    chat.tap("Ya, ingatkan")
    return chat


EVENTS = (
    ("accepted", "enrolment_accepted"),
    ("refused identity", "enrolment_refused"),
    ("staff Rina: halo", "staff_answered"),
)


@pytest.mark.parametrize(("event", "template"), EVENTS)
def test_what_may_come_after_a_day_has_a_template(review: Chat, event: str, template: str) -> None:
    """News of the backend and of staff name what may be said when free words may not."""
    review.tap("Benar, daftarkan")
    [message] = review.happen(event)
    assert message.template == template


def test_templates_are_given_what_they_need(review: Chat) -> None:
    """A reminder and a payment fill exactly the placeholders of their templates, in words, naming nobody."""
    member(review)
    enrolment = review.session.people[0].enrolment
    assert enrolment is not None
    [due] = review.take(ReminderDue(1, enrolment.reference, Month(2027, 3)))
    [paid] = review.happen("paid")
    for message, name in ((due, "payment_due"), (paid, "payment_received")):
        assert message.template == name
        assert {value for value, _ in message.values} == PLACEHOLDERS[name]
        assert "Budi" not in str(message.values)
    assert dict(due.values) == {"month": "Maret 2027", "due": "15 Maret 2027"}
    assert dict(paid.values) == {"months": "1", "first": "November 2026"}


def test_other_news_has_none(review: Chat) -> None:
    """What names no template is announced by the general one."""
    review.say("petugas")
    [message] = review.take(CaseClosed("x"))
    assert message.template == ""


@pytest.mark.parametrize(("event", "template"), EVENTS)
def test_in_demo_mode_no_template_claims_anything(event: str, template: str) -> None:
    """An approved text can't say that all is a simulation, so none of them is named."""
    chat = to_review(Chat())
    chat.tap("Benar, daftarkan")
    assert [message.template for message in chat.happen(event)] == [""], template
