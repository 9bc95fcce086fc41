"""A complaint: a number at once, and no more promised than the office has set."""

from __future__ import annotations

import re

import pytest

from conversations.effects import OpenCase
from tests.chat import Chat, facts


@pytest.mark.parametrize(("days", "promised"), [(5, "berusaha menjawab di sini dalam 5 hari kerja"), (0, "secepatnya")])
def test_the_office_sets_what_is_promised(days: int, promised: str) -> None:
    """The time is the office's setting and told as an aim; where none is set none is named."""
    chat = Chat(facts(complaint_days=days))
    chat.say("halo", "mau komplain", "Kartunya tidak keluar.")
    said = "\n".join(message.text for message in chat.messages)
    assert promised in said
    assert ("hari kerja" in said) is bool(days)


def test_the_number_is_in_the_case_and_tells_nothing() -> None:
    """Staff find the case by the number that the worker was told; it is no number of anybody."""
    chat = Chat()
    chat.say("halo", "mau komplain", "Kartunya tidak keluar.")
    [number] = re.findall(r"K-[0-9A-F]{8}", chat.messages[0].text)
    [case] = [effect for effect in chat.effects if isinstance(effect, OpenCase)]
    assert (case.reason, case.note) == ("complaint", f"{number}: Kartunya tidak keluar.")
