"""Knowing our own sentences again in what was said, by their place in the catalogue: how invented people understand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Sentence(NamedTuple):
    """One sentence of the catalogue: its longest fixed part, and the whole with its placeholders as groups."""

    fixed: str
    whole: re.Pattern[str]


class Understood(NamedTuple):
    """A sentence that was said: its key, and what stood in its placeholders."""

    key: str
    values: dict[str, str]


class Sentences:
    """The sentences listened for."""

    def __init__(self, phrases: Mapping[str, str], keys: Iterable[str]) -> None:
        self._listened_for = {key: _sentence(phrases[key]) for key in keys}

    def heard(self, text: str) -> Iterator[Understood]:
        """Yield those that a message says."""
        for key, sentence in self._listened_for.items():
            if sentence.fixed in text and (found := sentence.whole.search(text)):
                yield Understood(key, found.groupdict())


def _sentence(phrase: str) -> Sentence:
    fixed, *rest = _PLACEHOLDER.split(phrase)
    parts, seen = [re.escape(fixed)], set[str]()
    for name, after in zip(rest[::2], rest[1::2], strict=True):
        parts += [f"(?P={name})" if name in seen else f"(?P<{name}>.+?)", re.escape(after) or r"(?=\s|$)"]
        seen.add(name)
    return Sentence(max((fixed, *rest[1::2]), key=len), re.compile("".join(parts)))
