"""Hiding what is personal in what operators see."""

from __future__ import annotations

import re

HIDDEN = "••••"
_SHORT = 10
"""Digits of which none is shown: a birth date has eight, a NIK, a phone or a membership number more."""

_AMOUNT_OR_NUMBER = re.compile(
    r"Rp\s?\d{1,3}(?:\.\d{3}){0,3}(?![\s.\-]?\d)|(\+?\d(?:[^\w\n]{0,3}\d){7,})", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")


def masked_text(text: str) -> str:
    """Hide every number of eight or more digits, however they are set apart, but for amounts of rupiah."""
    return _AMOUNT_OR_NUMBER.sub(lambda found: masked_number(found[1]) if found[1] else found[0], text)


def masked_number(number: str) -> str:
    """Show the last three digits of a long number, none of a short one."""
    digits = _DIGIT.findall(number)
    return HIDDEN if len(digits) < _SHORT else HIDDEN + "".join(digits[-3:])


def masked_words(words: str) -> str:
    """Show the first letter of each word."""
    return " ".join(word[0] + HIDDEN for word in words.split())


def hidden(_value: str) -> str:
    """Show nothing."""
    return HIDDEN
