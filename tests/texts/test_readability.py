"""Texts stay short and common: the limits hold for all that is said, in every language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wordfreq import zipf_frequency

from bot.ask import load_entries, load_told
from bot.texts import catalogue
from bot.texts.readability import plain_words, reading, sentences
from conversations.reading.language import LANGUAGES

MEAN, LONGEST, SHARE_OF_LONG = 6.0, 20, 0.015
RARE = 3.0
"""A word met less often than once in a million words of everyday texts (the Zipf scale of `wordfreq`)."""
SHARE_OF_RARE = 0.015
COUNTED = ("id", "en")
"""The languages that `wordfreq` has counted."""


def said(locale: str) -> Iterator[str]:
    """All that is said in a language, names of occupations left out."""
    for text in catalogue.read(locale).values():
        if text.is_said and not text.key.startswith(("occupation.", *catalogue.OF_THEIR_OWN)):
            yield from text.forms
    if locale == catalogue.SOURCE:
        yield from (entry.text for entry in load_entries())
    else:
        yield from ("\n".join((told.answer, *told.also)) for told in load_told(locale).values())


@pytest.mark.parametrize("locale", LANGUAGES)
def test_sentences_are_short(locale: str) -> None:
    """Sentences have a handful of words; three in two hundred at most are longer than fifteen, and none than twenty."""
    found = reading(said(locale), lambda _: False)
    assert found.mean <= MEAN
    assert found.longest <= LONGEST
    assert found.long <= SHARE_OF_LONG


@pytest.mark.parametrize("locale", COUNTED)
def test_words_are_common(locale: str) -> None:
    """Nearly every word is one that people meet in everyday texts."""
    assert reading(said(locale), lambda word: zipf_frequency(word, locale) < RARE).rare <= SHARE_OF_RARE


def test_a_hard_text_is_found_hard() -> None:
    """A sentence of an office is long and rare."""
    text = "Apabila peserta bersangkutan berkehendak melakukan penyetoran " + "dan seterusnya " * 8
    found = reading([text], lambda word: word == "penyetoran")
    assert found.longest == 22
    assert found.long == 1
    assert found.rare > 0


def test_values_count_as_a_word_and_are_no_rare_one() -> None:
    """A value filled in is one word of its sentence, and none to look up; names and short forms are none either."""
    assert sentences("Bayar {total} untuk {months} bulan. Ya?") == [["Bayar", "X", "untuk", "X", "bulan"], ["Ya"]]
    assert plain_words("Nomor KTP Budi: {nik} ya, benar") == ["benar"]


@given(st.text())
def test_any_text_divides_into_sentences_of_words(text: str) -> None:
    """No sentence is empty, whatever the text."""
    assert all(sentences(text))
