"""A chat with all that one can leave behind."""

from __future__ import annotations

import datetime as dt

from bot.turns import Turns
from conversations.messages import AgencyDecided, Bill, BillPaid, EnrolmentAnswered, Incoming, What
from conversations.months import Month
from storage.media import Medium
from tests import toy
from tests.toy import said

BILL = Bill("8810001", 36_800, Month(2026, 12), 2, toy.NOW + dt.timedelta(days=3))
ACCEPTED = EnrolmentAnswered(1, "seed-1", "accepted", kpj="20123456789", bill=BILL)
PAID = BillPaid(1, "seed-1", BILL.code, Month(2026, 12), 2, toy.NOW)
ADDRESS = said(0, "").address


DECIDED = AgencyDecided("active", "WATI7777", "agent", "surat rahasia", "Rina")
PICTURE, CONTENT = Medium(1, "image/jpeg", 4), b"\xff\xd8\xff\xe0"


class Life:
    """A chat with all that one can leave behind."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._number = 0

    async def happen(self, *what: What | str) -> None:
        """Let these happen in turn."""
        for one in what:
            self._number += 1
            typed = said(self._number, one if isinstance(one, str) else "")
            await self._turns.take(typed if isinstance(one, str) else Incoming(ADDRESS, typed.id, one))
