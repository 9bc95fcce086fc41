"""One turn: pure, bound to its question, kind to whatever comes."""

from __future__ import annotations

import datetime as dt
from itertools import takewhile
from pathlib import Path

import pytest
from msgspec.structs import replace

from conversations.asking import option_value
from conversations.effects import CheckIdentity, EraseDraft, OpenCase, RecordConsent, SubmitEnrolment
from conversations.engine import take_turn
from conversations.messages import (
    BillPaid,
    Contact,
    EnrolmentAnswered,
    IdentityChecked,
    Incoming,
    Private,
    Start,
    Tap,
    Text,
)
from conversations.months import Month
from conversations.session import encode, fresh
from conversations.turn import Needs, RankQuestion
from tests.chat import ADDRESS, FITS, HERE, Chat, facts, to_review

RIDER = Path(__file__).parent / "dialogues" / "rider.txt"


@pytest.fixture
def chat() -> Chat:
    """A new chat."""
    return Chat()


@pytest.fixture
def review(chat: Chat) -> Chat:
    """A chat with everything answered."""
    return to_review(chat)


# --- the form --------------------------------------------------------------------------------------------------------


def test_a_rider_needs_fourteen_turns_of_which_five_are_typed() -> None:
    """From hello to the receipt a rider takes at most fourteen turns, at most five of them typed."""
    lines = RIDER.read_text(encoding="utf-8").splitlines()
    turns = [line for line in takewhile(lambda line: line != "! accepted", lines) if line.startswith("> ")]
    assert len(turns) <= 14
    assert sum(not turn.startswith("> [") for turn in turns) <= 5


def test_progress_never_goes_back_on_the_straight_way(chat: Chat) -> None:
    """Each answer on the straight way brings the form further, and never beyond its end."""
    seen = []
    chat.say("halo")
    seen.append(chat.messages[0].progress)
    for label in ("Saya sendiri", "Ojek online", "Pelanggan/usaha sendiri", FITS, "Rp1,5 juta–Rp2 juta", "JKK + JKM"):
        chat.tap(label)
        seen.append(chat.messages[0].progress)
    steps = [now for now, _ in filter(None, seen)]
    assert steps == sorted(set(steps))
    assert all(now <= total for now, total in filter(None, seen))


def test_an_enrolment_is_handed_on_once_with_what_was_reviewed(review: Chat) -> None:
    """A yes to the review hands on exactly what it showed, and a second tap hands on nothing."""
    yes = review.value("Benar, daftarkan")
    review.take(Tap(yes))
    review.take(Tap(yes))
    sent = [effect for effect in review.effects if isinstance(effect, SubmitEnrolment)]
    assert len(sent) == 1
    assert sent[0].data == {
        "nik": "3273011708900001",
        "name": "Budi Santoso",
        "birth_date": "1990-08-17",
        "phone": "+6281234567890",
    }
    assert (sent[0].order.occupation, sent[0].order.base, sent[0].order.first) == (
        "ojek_online",
        2_000_000,
        Month(2026, 11),
    )


def test_what_was_handed_on_has_a_reference_of_its_own(review: Chat) -> None:
    """Two enrolments of one chat, and one sent again after a refusal, never share a reference."""
    review.tap("Benar, daftarkan")
    first = review.last(SubmitEnrolment)
    review.happen("refused identity")
    review.tap("Benar, daftarkan")
    assert review.last(SubmitEnrolment).enrolment != first.enrolment


def test_refused_twice_for_the_same_data_a_person_of_ours_looks(review: Chat) -> None:
    """Who is sure of data that the registration system does not know is not sent round in a circle."""
    review.tap("Benar, daftarkan")
    review.happen("refused identity")
    assert not any(isinstance(effect, OpenCase) for effect in review.effects)
    review.tap("Benar, daftarkan")
    [told, *_] = review.happen("refused identity")
    assert review.last(OpenCase).reason == "identity"
    assert "Petugas kami akan ikut melihat" in told.text


def test_asking_about_an_option_does_not_choose_it() -> None:
    """Who asks about JHT has not taken it; who says what they want and asks in one message has both."""
    chat = Chat()
    for said in ("halo", "saya sendiri", "narik ojol", "pelanggan", "1", "2 juta", "jht bisa diambil kapan?"):
        chat.say(said)
    assert chat.session.asked == "plan"
    chat.say("jkk jkm aja, jht bisa diambil kapan?")
    assert chat.session.people[0].answers["plan"] == "two"


def test_a_review_that_changed_makes_its_old_yes_stale(review: Chat) -> None:
    """A yes to a price that has changed meanwhile agrees to nothing."""
    yes = review.value("Benar, daftarkan")
    review.now = dt.datetime(2027, 4, 1, 5, tzinfo=dt.UTC)
    review.session = replace(review.session, last_at=review.now)
    review.take(Tap(yes))
    assert not any(isinstance(effect, SubmitEnrolment) for effect in review.effects)
    assert "26.800" in review.messages[0].text


def test_a_consent_is_recorded_before_any_identifying_datum(review: Chat) -> None:
    """The consent is on record before the first identity check asks about anybody."""
    kinds = [type(effect) for effect in review.effects]
    assert kinds.index(RecordConsent) < kinds.index(CheckIdentity)


def test_an_occupation_changed_in_the_review_is_checked_anew(review: Chat) -> None:
    """Eligibility follows the answers: a domestic worker found out in the review comes to staff, not to a receipt."""
    review.say("1", "pembantu rumah tangga")
    assert review.session.asked == "ending"


def test_an_agent_code_that_is_not_known_is_not_kept(chat: Chat) -> None:
    """Only codes we know are remembered."""
    chat.take(Start("PALSU"))
    assert chat.session.origin is None


# --- questions in the middle -----------------------------------------------------------------------------------------


def test_a_question_needs_its_ranking_and_then_runs_again() -> None:
    """A turn that lacks the ranking of a question asks for it and changes nothing."""
    session = fresh(seed="s")
    turn = take_turn(session, Incoming(ADDRESS, "1", Text("jkk itu apa?")), HERE, facts())
    assert turn == Needs(RankQuestion("jkk itu apa?"))


def test_an_answer_and_a_question_in_one_message_are_both_taken(chat: Chat) -> None:
    """What answers our question is kept even where it asks one too."""
    chat.say("halo")
    chat.tap("Saya sendiri")
    said = chat.say("ojol, jkk itu apa ya?")
    assert chat.session.people[0].answers.get("occupation") == "ojek_online"
    assert "JKK" in said[0].text


def test_a_question_that_rules_leave_open_reaches_staff(chat: Chat) -> None:
    """What only staff can answer opens a case, and our question stays open."""
    entry = min(chat.facts.open_entries)
    chat.say("halo")
    chat.take(Tap(f"?{entry}"))
    assert chat.effects == [OpenCase("unknown_rule", 0, entry)]
    assert chat.session.asked == "whom"


def test_an_answer_tells_nothing_personal_while_the_chat_is_locked(review: Chat) -> None:
    """A locked chat answers questions, but not with what it knows of anybody."""
    review.now += dt.timedelta(days=31)
    review.say("iuran saya berapa sebulan?")
    assert review.session.locked
    assert "Budi" not in review.messages[0].text
    assert "13.400" not in review.messages[0].text


# --- what is typed and tapped ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Orang lain", "orang lain", "keluarga", "2"])
def test_a_typed_label_is_its_button(chat: Chat, typed: str) -> None:
    """Who types what a button says has tapped it, even where the words are global elsewhere."""
    chat.say("halo", typed)
    assert chat.session.asked == "relation"


def test_a_double_tap_is_silent_and_an_older_one_is_told(chat: Chat) -> None:
    """A button tapped twice says nothing more; an older one says where the chat is."""
    chat.say("halo")
    whom = chat.value("Saya sendiri")
    chat.take(Tap(whom))
    chat.take(Tap(whom))
    assert chat.turn.outcome == "silent"
    chat.say("ojol")
    chat.take(Tap(whom))
    assert chat.turn.outcome == "stale"


def test_a_tap_for_another_step_under_the_open_asking_is_no_answer(chat: Chat) -> None:
    """An option counts only for the step it was offered by."""
    chat.say("halo")
    before = chat.session.people
    chat.take(Tap(option_value(chat.session.asking, "consent", "self")))
    assert chat.session.people == before


def test_a_number_shared_from_the_messenger_answers_only_the_phone_step(chat: Chat) -> None:
    """A shared contact is read where a number is asked for, and is no answer elsewhere."""
    chat.say("halo")
    chat.take(Contact("+6281234567890"))
    assert chat.turn.outcome == "problem"
    chat.session = fresh(seed="s")
    to_review(chat)
    chat.say("7")
    chat.take(Contact("+6281299998888"))
    assert chat.session.people[0].answers["phone"] == "+6281299998888"


def test_a_private_answer_counts_only_for_the_asking_it_was_made_for(review: Chat) -> None:
    """What is typed on the one-time page is dropped once its question is over."""
    review.take(Private(review.session.asking - 1, "3273011708900002"))
    assert review.turn.outcome == "stale"
    review.say("4")
    review.take(Private(review.session.asking, "3273011708900002"))
    assert review.session.people[0].answers["nik"] == "3273011708900002"


@pytest.mark.parametrize(("typed", "step"), [("ganti nama", "name"), ("NIK salah", "nik"), ("no hp salah", "phone")])
def test_a_correction_opens_what_it_names(review: Chat, typed: str, step: str) -> None:
    """ "Ganti nama" opens the name, wherever the chat is."""
    review.say(typed)
    assert review.session.asked == step


def test_an_answer_after_a_farewell_is_no_answer(chat: Chat) -> None:
    """After a no to the consent nothing is open, so that a late yes agrees to nothing."""
    chat.say("halo", "saya", "ojol")
    chat.tap("Pelanggan/usaha sendiri", FITS)
    chat.say("2 juta")
    chat.tap("JKK + JKM", "Tidak")
    assert any(isinstance(effect, EraseDraft) for effect in chat.effects)
    chat.say("ya")
    assert chat.session.people == ()


# --- staff -----------------------------------------------------------------------------------------------------------


def test_a_second_call_for_staff_opens_no_second_story(chat: Chat) -> None:
    """The button for staff, tapped again, says that they know already."""
    chat.say("halo", "petugas")
    chat.take(Tap("!operator"))
    assert chat.session.case
    assert chat.messages[0].text.startswith("Petugas sudah diberi tahu")


def test_while_staff_have_the_chat_the_bot_is_quiet(chat: Chat) -> None:
    """A message for staff is acknowledged once and then only passed on."""
    chat.say("halo", "petugas")
    assert chat.say("saya mau cerita")
    assert not chat.say("begini ceritanya")


# --- events ----------------------------------------------------------------------------------------------------------


def test_a_verdict_about_older_data_is_dropped(review: Chat) -> None:
    """An answer about data that was changed meanwhile changes nothing and says nothing."""
    asked = review.last(CheckIdentity)
    review.say("5", "Budi Hartono")
    before = review.session
    assert not review.take(IdentityChecked(1, asked.digest, "differs", ("name",)))
    assert review.session == before


def test_a_verdict_after_the_hand_off_is_dropped(review: Chat) -> None:
    """Once handed on, the backend's answer to the enrolment decides."""
    asked = review.last(CheckIdentity)
    review.tap("Benar, daftarkan")
    assert not review.take(IdentityChecked(1, asked.digest, "differs", ("name",)))


def test_a_payment_told_twice_counts_once(review: Chat) -> None:
    """The same payment told again changes nothing and says nothing."""
    review.tap("Benar, daftarkan")
    review.happen("accepted")
    sent = review.last(SubmitEnrolment)
    paid = BillPaid(1, sent.enrolment, review.bill().code, Month(2026, 11), 1, HERE)
    assert review.take(paid)
    after = review.session
    assert not review.take(paid)
    assert review.session == after


def test_an_event_about_somebody_unknown_is_dropped(review: Chat) -> None:
    """What comes for an enrolment this chat doesn't have changes nothing."""
    before = review.session
    assert not review.take(EnrolmentAnswered(7, "fremd", "accepted"))
    assert review.session == before


def test_what_breaks_is_told_and_reaches_staff(review: Chat) -> None:
    """A fault of ours gets an apology and a case, and every answer stays."""
    before = review.session.people
    review.happen("faulted")
    assert review.effects[-1] == OpenCase("fault", 1, "ZeroDivisionError")
    assert review.session.people == before
    assert review.value("Benar, daftarkan")


def test_a_turn_leaves_the_given_session_alone(review: Chat) -> None:
    """The same session and incoming give the same turn, and the session given is not changed."""
    before = encode(review.session)
    incoming = Incoming(ADDRESS, "1", Text("2"))
    turns = [take_turn(review.session, incoming, review.now, review.facts) for _ in range(2)]
    assert turns[0] == turns[1]
    assert encode(review.session) == before
