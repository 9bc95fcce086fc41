"""From what is meant to what is said: catalogue keys and values become sentences of one language.

The catalogue and the approved answers are handed in; nothing is opened here. Numbers, months and dates follow CLDR.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any

import msgspec
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from conversations.answers.entry import Entry, fill
from conversations.answers.values import MONTH_NAMES, Known, values_on
from conversations.messages import Button, Lines, Message, Reply, Rupiah, Say, Shown
from conversations.months import Month
from conversations.session import Session

ANSWER, QUESTION = "answer.", "question."
FIRST_FORM, INDONESIAN = "one", "id"
WRITTEN = {"en": "en_ID"}
"""Where CLDR has a language as it is written in Indonesia: Rp8.400 must read as it stands on the bill."""

NO_FORMS: Mapping[str, tuple[str, ...]] = {}


class Speech:
    """One language: `phrases` by catalogue key, `answers` by entry id; `numbered` holds the forms of those phrases that
    depend on a number, in the order of the language's plural rule, the last of them for all else."""

    def __init__(
        self,
        locale: str,
        phrases: Mapping[str, str],
        answers: Mapping[str, Entry],
        numbered: Mapping[str, tuple[str, ...]] = NO_FORMS,
    ) -> None:
        self.locale = locale
        self.written = WRITTEN.get(locale, locale)
        self.phrases = phrases
        self.answers = answers
        self.numbered = numbered

    def say(self, say: Say) -> str:
        """Give the words of one sentence or paragraph.

        Raises:
            KeyError: the catalogue lacks the key, or the sentence a value; the check at load finds both first.
        """
        if say.key.startswith(ANSWER):
            return self._answer(say)
        if say.key.startswith(QUESTION):
            return self.answers[say.key.removeprefix(QUESTION)].label
        return self._phrase(say)

    def message(self, reply: Reply, session: Session) -> Message:
        """Give a reply in words, with where the form stands."""
        text = "\n\n".join(capital(self.say(say)) for say in reply.says)
        buttons = tuple(self._button(button) for button in reply.buttons)
        told = Message(
            text, buttons, session.flow, session.asked, reply.progress, paper=reply.paper, locale=self.locale
        )
        if reply.template is None:
            return told
        values = tuple((name, self._value(value)) for name, value in reply.template.values.items())
        return msgspec.structs.replace(told, template=reply.template.key, values=values)

    def _phrase(self, say: Say) -> str:
        phrase = self.phrases[say.key] if say.key not in self.numbered else self._form(say)
        if "{" not in phrase:
            return phrase
        return phrase.format_map({name: self._value(value) for name, value in say.values.items()})

    def _form(self, say: Say) -> str:
        """Give the form that fits the number said: "1 month", "2 months"."""
        forms = self.numbered[say.key]
        count = next((int(value) for value in say.values.values() if is_count(value)), None)
        return forms[0] if count is not None and plural_rule(self.locale)(count) == FIRST_FORM else forms[-1]

    def _answer(self, say: Say) -> str:
        entry = self.answers[say.key.removeprefix(ANSWER)]
        values = answer_values(say.values["today"], say.values.get("known"))
        return fill(entry, values if self.written == INDONESIAN else {k: self._month(v) for k, v in values.items()})

    def _month(self, value: str) -> str:
        """Give a value of an answer with its month in this language: "Desember 2026" is "December 2026"."""
        name, _, year = value.partition(" ")
        if name not in MONTH_NAMES or not year.isdecimal():
            return value
        return month_in_words(int(year), MONTH_NAMES.index(name) + 1, self.written)

    def _button(self, button: Button) -> Shown:
        label = self.say(button.label)
        return Shown(capital(label), button.value, button.url)

    def _value(self, value: Any) -> str:
        match value:
            case Say():
                return self.say(value)
            case Rupiah(rupiah):
                return self._money(rupiah)
            case Month(year, month):
                return month_in_words(year, month, self.written)
            case Lines(says):
                return "\n".join(map(self.say, says))
            case dt.date():
                return date_in_words(value, self.written)
            case tuple():
                return ", ".join(map(self._value, value))
        return str(value)

    def _money(self, rupiah: int) -> str:
        """Write an amount the way people say it: Rp8.400, Rp1,5 juta."""
        if rupiah >= 1_000_000 and rupiah % 50_000 == 0:
            return self.phrases["money.millions"].format(number=decimal(rupiah / 1_000_000, self.written))
        return self.phrases["money.exact"].format(number=decimal(rupiah, self.written))


def is_count(value: object) -> bool:
    """Tell whether a value of a sentence counts something; amounts and months do not."""
    return isinstance(value, int) or (isinstance(value, str) and value.isascii() and value.isdecimal())


def capital(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]


@cache
def plural_rule(locale: str) -> Callable[[int], str]:
    """Give the plural rule of a language."""
    return Locale.parse(locale).plural_form


@lru_cache(maxsize=4096)
def decimal(number: float, locale: str) -> str:
    """Write a number: 8.400, 1,5."""
    return format_decimal(number, locale=locale)


@lru_cache(maxsize=256)
def month_in_words(year: int, month: int, locale: str) -> str:
    """Write a contribution month: Desember 2026."""
    return format_date(dt.date(year, month, 1), "MMMM y", locale=locale)


@lru_cache(maxsize=4096)
def date_in_words(date: dt.date, locale: str) -> str:
    """Write a day: 17 Agustus 1990."""
    return format_date(date, "d MMMM y", locale=locale)


@lru_cache(maxsize=256)
def answer_values(today: dt.date, known: Known | None) -> dict[str, str]:
    """Give the placeholders of the approved answers on a day."""
    return values_on(today, known)
