"""One message in parts, where a messenger takes less at a time than we say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from storage.deliveries import Delivery

BREAKS = ("\n\n", "\n", ". ", " ")
"""Where a long text may be cut, the best first."""

Part = TypeVar("Part")


def split(text: str, most: int) -> list[str]:
    """Cut a text into pieces of at most `most` characters, between paragraphs if that is possible."""
    pieces = []
    while len(text) > most:
        at = _cut(text, most)
        pieces.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*pieces, text]


def _cut(text: str, most: int) -> int:
    for mark in BREAKS:
        at = text.rfind(mark, most // 4, most - len(mark) + 1)
        if at > 0:
            return at + len(mark)
    return most


class Progress:
    """Which parts of a row have left, so that a row tried again goes on where it stopped."""

    def __init__(self) -> None:
        self._left: dict[tuple[int, int], int] = {}

    def still_to_send(self, delivery: Delivery, parts: Sequence[Part]) -> Sequence[Part]:
        """Return the parts that have not left yet."""
        return parts[self._left.get((delivery.chat_id, delivery.line), 0) :]

    def sent_one(self, delivery: Delivery, parts: int) -> None:
        """Note that one more of `parts` has left."""
        row = (delivery.chat_id, delivery.line)
        sent = self._left.pop(row, 0) + 1
        if sent < parts:
            self._left[row] = sent
