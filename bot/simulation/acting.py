"""What invented people do, one act after the other: they open a page, say something in their chat, or let time pass."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import NamedTuple

from bot.simulation.phone import Phone
from conversations.messages import What

MINUTE, HOUR, DAY = 60, 3_600, 86_400
"""In seconds."""
UNTIL_WOKEN = math.inf


class Act(NamedTuple):
    """Something done now: `what` is said in the chat, led there by `source`; `opens` is the code of a link whose page
    is opened. The next act comes `then` seconds later, once all that was set going has been answered."""

    then: float
    what: What | None = None
    source: str = ""
    opens: str = ""


Acts = Generator[Act, None, None]
"""Someone's acts, each decided when its time has come."""


@dataclass(eq=False)
class Actor:
    """Somebody with a phone and things to do; `said` counts what they sent."""

    phone: Phone
    acts: Acts
    said: int = 0


def passing_by(code: str) -> Acts:
    """Open the page of a link and leave it at that."""
    yield Act(0, opens=code)
