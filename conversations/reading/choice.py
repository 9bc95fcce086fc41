"""Which of the options that were just shown somebody names, by number or by its words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

WORDS = re.compile(r"\w+")
MOST_WORDS = 6


def read_choice(text: str, options: Sequence[str], spoken: Mapping[str, Sequence[str]]) -> str | None:
    """Give the option whose number or words the text holds; None where it holds none, or those of several.

    `spoken` maps an option to phrases in lower case; a phrase counts where its words stand in the text in that order.
    Long texts are never read as a choice: they are talk.
    """
    said = WORDS.findall(text.lower())
    if not said or len(said) > MOST_WORDS:
        return None
    if len(said) == 1 and said[0].isascii() and said[0].isdecimal():
        n = int(said[0]) if len(said[0]) < 3 else 0
        return options[n - 1] if 1 <= n <= len(options) else None
    padded = f" {' '.join(said)} "
    named = {o for o in options if any(f" {phrase} " in padded for phrase in spoken.get(o, ()))}
    return named.pop() if len(named) == 1 else None
