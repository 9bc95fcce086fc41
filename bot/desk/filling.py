"""Placeholders in canned replies: {nama} the worker's first name, {petugas} the operator's, {kasus} the case's number.

They are filled when the answer is sent, so that no name stands in a draft. A name that nobody knows leaves no gap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACEHOLDERS = ("nama", "petugas", "kasus")

_PLACE = re.compile(r" ?\{(" + "|".join(PLACEHOLDERS) + r")\}")
_ANY = re.compile(r"\{([^{}]*)\}")


def filled(words: str, known: Mapping[str, str]) -> str:
    """Return the words with what is known in place of the placeholders; other braces stay as they are."""
    return _PLACE.sub(lambda found: _value(found, known), words)


def unknown_placeholders(words: str) -> tuple[str, ...]:
    """Return what stands in braces and is no placeholder."""
    return tuple(name for name in _ANY.findall(words) if name not in PLACEHOLDERS)


def _value(found: re.Match[str], known: Mapping[str, str]) -> str:
    value = known.get(found[1], "")
    space = " " if found[0].startswith(" ") and value else ""
    return space + value
