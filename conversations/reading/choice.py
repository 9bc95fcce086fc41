"""Which of the options that were just shown somebody names, by number or by its words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from conversations.reading.spelling import vocabulary

WORDS = re.compile(r"\w+")
MOST_WORDS = 6
BESIDE = vocabulary("yang yg nomor nomer no pilih pilihan angka ya kak aja saja")
DENIALS = vocabulary("tidak gak ga nggak enggak ndak jangan bukan tanpa ora kagak belum")
ORDINALS = {"pertama": 1, "kesatu": 1, "kedua": 2, "ketiga": 3, "keempat": 4, "kelima": 5, "keenam": 6}


def read_choice(text: str, options: Sequence[str], spoken: Mapping[str, Sequence[str]]) -> str | None:
    """Give the option whose number or words the text holds; None where it holds none, or those of several.

    `spoken` maps an option to phrases in lower case; a phrase counts where its words stand in the text in that order,
    unless a longer one holds it, and in a text that denies something only if it denies too: "jangan jht" is not "jht".
    Long texts are never read as a choice: they are talk.
    """
    said = WORDS.findall(text.lower())
    if not said or len(said) > MOST_WORDS:
        return None
    if n := number(said):
        return options[n - 1] if n <= len(options) else None
    padded = f" {' '.join(said)} "
    denied = not DENIALS.isdisjoint(said)
    found = {
        phrase: o
        for o in options
        for phrase in spoken.get(o, ())
        if f" {phrase} " in padded and (not denied or not DENIALS.isdisjoint(phrase.split()))
    }
    named = {o for phrase, o in found.items() if not any(held_by(phrase, other) for other in found)}
    return named.pop() if len(named) == 1 else None


def held_by(phrase: str, other: str) -> bool:
    """Tell whether another phrase says the same words and more."""
    return phrase != other and f" {phrase} " in f" {other} "


def number(said: list[str]) -> int:
    """Read "2", "nomor 2" or "yang kedua" as a number from 1; 0 for anything else."""
    bare = [word for word in said if word not in BESIDE]
    if len(bare) != 1:
        return 0
    digits = bare[0].isascii() and bare[0].isdecimal() and len(bare[0]) < 3
    return int(bare[0]) if digits else ORDINALS.get(bare[0], 0)
