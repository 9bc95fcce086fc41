"""What buttons carry: short, bound to their question, and safe to read back whatever comes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conversations.asking import Pressed, Question, Word, option_value, pressed, question_value, word_value

NAMES = st.from_regex(r"[a-z_]{1,20}", fullmatch=True)


@given(st.integers(0, 10**9 - 1), NAMES, st.from_regex(r"[a-z0-9_-]{1,20}", fullmatch=True))
def test_an_option_is_read_back_as_it_was_put(asking: int, step: str, option: str) -> None:
    """The button of an option gives back its asking, step and option, within Telegram's 64 bytes."""
    value = option_value(asking, step, option)
    assert pressed(value) == Pressed(asking, step, option)
    assert len(value.encode()) <= 64


@given(NAMES)
def test_words_and_questions_are_read_back(name: str) -> None:
    """The buttons of a global word and of a question give back their names."""
    assert pressed(word_value(name)) == Word(name)
    assert pressed(question_value(name)) == Question(name)


@given(st.text(max_size=80))
def test_anything_may_be_forged(value: str) -> None:
    """Reading a forged value never raises, and gives an option only for one that we could have made."""
    read = pressed(value)
    assert not isinstance(read, Pressed) or 0 <= read.asking < 10**9
