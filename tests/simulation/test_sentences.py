"""Invented people know our sentences again, whatever stands in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.simulation.sentences import Sentences, Understood
from bot.simulation.story import LISTENED_FOR
from bot.wording import load_speech
from conversations.messages import Say
from conversations.months import Month

PHRASES = {"told": "Kode {code} untuk {who}, lihat {code}.", "other": "Kode hilang?"}


def heard(text: str) -> list[Understood]:
    """What is understood of a text."""
    return list(Sentences(PHRASES, PHRASES).heard(text))


@given(code=st.from_regex(r"\A[A-Z0-9]{1,12}\Z"), who=st.sampled_from(("Kakak", "Siti Aminah", "ibu (istri)")))
def test_what_stood_in_a_sentence_is_given_back(code: str, who: str) -> None:
    """A sentence among others is known by its words, with what was filled in."""
    text = f"Halo!\n\nKode {code} untuk {who}, lihat {code}.\n\nSampai nanti"
    assert heard(text) == [Understood("told", {"code": code, "who": who})]


def test_another_sentence_is_not_understood() -> None:
    """Words that only begin alike, or name two codes, are another sentence."""
    assert heard("Kode AB untuk Kakak, lihat CD.") == []


def test_sentences_listened_for_are_in_the_catalogue() -> None:
    """Every sentence that people listen for is said with the catalogue's words."""
    speech = load_speech()
    sentences = Sentences(speech.phrases, LISTENED_FOR)
    for key in LISTENED_FOR:
        names = {part.split("}")[0]: "x1" for part in speech.phrases[key].split("{")[1:]}
        assert key in {one.key for one in sentences.heard(speech.say(Say(key, names)))}


def test_several_months_are_a_payment_like_one() -> None:
    """Whoever paid several months at once is told so in a sentence that counts as the same."""
    speech = load_speech()
    said = speech.say(
        Say("paid.months", {"who": "Kakak", "first": Month(2026, 11), "last": Month(2027, 1), "number": "S-1"})
    )
    assert "paid.month" in {one.key for one in Sentences(speech.phrases, LISTENED_FOR).heard(said)}
