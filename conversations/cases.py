"""Why a chat is handed to people, and how soon they should answer: one table for the core, the database and the desk.

What staff set and workers are told about (hours, how long a case may lie) stands here too, as data.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple


class Priority(NamedTuple):
    """How soon a case is to be answered: `answer_within` minutes of opening hours, the service-level target."""

    code: str
    answer_within: int


PRIORITIES = (Priority("urgent", 15), Priority("high", 60), Priority("normal", 240), Priority("low", 480))
"""The most pressing first: a priority's place in here is its rank, which is what is stored and sorted by."""

RANKS = {priority.code: rank for rank, priority in enumerate(PRIORITIES)}


class Reason(NamedTuple):
    """Why a case is opened. `anonymous`: the desk shows neither name nor number, and no search finds it by them."""

    code: str
    priority: str
    anonymous: bool = False


REASONS = (
    Reason("distress", "urgent"),
    Reason("accident", "urgent"),
    Reason("death", "urgent"),
    Reason("complaint", "high"),
    Reason("fault", "high"),
    Reason("identity", "high"),
    Reason("refused", "high"),
    Reason("undelivered", "high"),
    Reason("paid_twice", "high"),
    Reason("withdrawn", "high"),
    Reason("asked", "normal"),
    Reason("misunderstood", "normal"),
    Reason("eligibility", "normal"),
    Reason("under_age", "normal"),
    Reason("employer", "normal"),
    Reason("employer_anonymous", "normal", anonymous=True),
    Reason("small_business", "normal"),
    Reason("jht", "normal"),
    Reason("staff", "normal"),
    Reason("unknown_rule", "low"),
)
OTHER = Reason("other", "normal")
"""For a code that this version does not know: an older or a newer one opened the case."""

_BY_CODE = {reason.code: reason for reason in REASONS}

SILENT, NOTES = MODES = ("silent", "notes")
"""What the bot does while staff have a chat: say nothing, or confirm receipt once and ask what staff need."""

RESOLUTIONS = ("answered", "done_elsewhere", "no_reply", "not_for_us", "erased")
"""How a case ended, as staff say it; "erased" is said by us when the worker has everything erased."""

SCORES = ("good", "bad")
WHYS = ("slow", "unclear", "unfriendly", "unsolved")
"""What a worker may tap when asked how staff helped, and, after "bad", why."""

REOPENS_WITHIN = dt.timedelta(hours=24)
"""A call for staff so soon after a case was closed goes on with that case."""

RATES_WITHIN = dt.timedelta(days=7)
"""How long after a case was closed it may be rated."""

IDLE = dt.timedelta(minutes=30)
"""A claimed case whose worker waits and whose operator does nothing for so long goes back to the queue."""

CAPACITY = 8
"""Cases that await staff which one operator may have at once, unless their account says otherwise."""


def reason(code: str) -> Reason:
    """Return what is known of a reason's code."""
    return _BY_CODE.get(code, OTHER)


def rank(code: str) -> int:
    """Return the rank of a reason's priority; 0 is the most pressing."""
    return RANKS[reason(code).priority]
