"""Which language is named, written in, told of by a messenger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.reading.language import LANGUAGES, WRITTEN, named_in, told_by, written_in


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kulo badhe ndaftar, pripun carane?", "jv"),
        ("piye carane, aku ora ngerti", "jv"),
        ("abdi hoyong daptar, kumaha carana?", "su"),
        ("Sabaraha iuranna? abdi teu gaduh KTP", "su"),
        ("how do I pay the insurance?", "en"),
        ("I don’t understand this", "en"),
        ("saya mau daftar, bagaimana caranya?", "id"),
        ("narik ojol", ""),
        ("kulo", ""),
        ("", ""),
        ("3273011708900001", ""),
    ],
)
def test_how_somebody_writes_tells_their_language(text: str, code: str) -> None:
    """Two words that belong to one language alone tell it; one, or none, tells nothing."""
    assert written_in(text) == code


def test_no_word_tells_two_languages() -> None:
    """Every word of the lists stands for one language only."""
    words = [word for words in WRITTEN.values() for word in words]
    assert len(words) == len(set(words))


@given(st.text())
def test_any_text_is_a_language_or_none(text: str) -> None:
    """Whatever is typed is read as one of ours, or as nothing."""
    assert written_in(text) in (*LANGUAGES, "")
    assert named_in(text) in (*LANGUAGES, "")


@pytest.mark.parametrize(
    ("text", "code"),
    [("pakai bahasa jawa", "jv"), ("english please", "en"), ("jawa atau sunda", ""), ("ganti bahasa", "")],
)
def test_a_language_is_named(text: str, code: str) -> None:
    """A language that is named alone is the one that is meant."""
    assert named_in(text) == code


@pytest.mark.parametrize(
    ("tag", "code"),
    [("id", "id"), ("in", "id"), ("en-GB", "en"), ("jv_ID", "jv"), ("jw", "jv"), ("su", "su"), ("ar", ""), ("", "")],
)
def test_a_messenger_tells_a_language_by_its_tag(tag: str, code: str) -> None:
    """Regions are dropped, older codes known, languages that we do not speak are none."""
    assert told_by(tag) == code
