"""docs/cases.md tells what the table of reasons holds."""

from __future__ import annotations

import re
from pathlib import Path

from bot.desk.reasons import reason_key
from bot.wording import load_speech
from conversations.cases import OTHER, PRIORITIES, REASONS, rank, reason

PAGE = (Path(__file__).parent.parent / "docs" / "cases.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| (\d+) minutes \| .+ \|$", re.MULTILINE)


def test_the_page_and_the_code_agree() -> None:
    """Every reason stands on the page with its priority and time, in the order of the table."""
    within = {priority.code: str(priority.answer_within) for priority in PRIORITIES}
    assert ROW.findall(PAGE) == [(one.code, one.priority, within[one.priority]) for one in REASONS]


def test_every_reason_has_words_and_a_rank() -> None:
    """Staff read each reason in words, and one that this version doesn't know as another reason."""
    named = {one.code: load_speech().phrases[reason_key(one.code)] for one in (*REASONS, OTHER)}
    assert len(set(named.values())) == len(named)
    assert reason("from a later version") is OTHER
    assert [rank(code) for code in ("distress", "complaint", "asked", "unknown_rule", "x")] == [0, 1, 2, 3, 2]
