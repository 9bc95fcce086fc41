"""A chat with all that one can leave behind."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.turns import Turns
from conversations.messages import AgencyDecided, Bill, BillPaid, EnrolmentAnswered, Incoming, What
from conversations.months import Month
from storage.agents import keep_photo
from storage.cases.notes import add_note
from storage.drafts import Desk, keep_draft
from storage.forms import ACCEPTED as FOUND_GOOD
from storage.forms import decide_form, give_to_person, keep_form, keep_form_photo, send_form
from storage.media import Medium
from storage.sealing import KeyRing
from storage.tables import agents, case_marks, cases, moves
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


async def leave_the_rest(connection: AsyncConnection, keys: KeyRing, chat: int = 1) -> None:
    """Leave what needs staff, a form on paper or another device, so that every column that may hold something personal
    of a chat does."""
    case = (await connection.execute(sa.select(cases.c.id, cases.c.number))).one()
    await add_note(connection, keys, case.id, "sari", "catatan rahasia", toy.NOW)
    await keep_draft(connection, keys, Desk(case.number, chat, "sari"), "jawaban rahasia", toy.NOW)
    mark = {"mark": keys.index("nik", toy.NIK), "number": case.number, "chat_id": chat}
    await connection.execute(sa.insert(case_marks).values(mark))
    shown = {"chat_id": chat, "code_index": keys.index("move", "KODE1234"), "shown_at": toy.NOW, "expires_at": toy.NOW}
    await connection.execute(sa.insert(moves).values(shown))
    agent = (await connection.execute(sa.select(agents.c.id).where(agents.c.chat_id == chat))).scalar_one()
    await keep_photo(connection, keys, agent, CONTENT)
    for line, code in enumerate(("FORM7777", "FORM8888"), start=70):
        await keep_form(connection, keys, chat, code, "WATI7777", {"nik": toy.NIK}, toy.NOW)
        await send_form(connection, chat, code, line, toy.NOW)
        assert await keep_form_photo(connection, keys, chat, line, CONTENT)
    await decide_form(connection, "FORM7777", FOUND_GOOD, "sari", toy.NOW)
    await give_to_person(connection, "FORM7777", chat)
