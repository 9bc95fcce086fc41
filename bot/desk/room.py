"""What every page of the desk works with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import NamedTuple, Protocol

from aiohttp import web

from bot.reminding import Limits
from bot.turns import Taken
from conversations.messages import Address, Incoming, Kind
from storage import audit
from storage.batch import sources, taken_before
from storage.database import Database
from storage.desk_sessions import Session
from storage.operators import Operator
from storage.sealing import KeyRing


class Say(Protocol):
    """The catalogue: the text behind `key`, with `values` filled in."""

    def __call__(self, key: str, /, **values: str) -> str:
        """Return the text."""


class Act(NamedTuple):
    """Something an operator does to a chat: the incoming `what` under `id`, and how the audit trail calls it."""

    id: str
    what: Kind
    name: str
    subject: str


class Room(NamedTuple):
    """The desk's surroundings.

    `take` is `Turns.take`, `say` the catalogue, `manual` tells that enrolments are keyed in by hand, `secure` that
    operators come by HTTPS, so that the cookie is sent by nothing else, `second_factor` whether some roles need one;
    `on_behalf_of` is whom workers read as the sender, `limits` are those of reminders.
    """

    database: Database
    keys: KeyRing
    take: Callable[[Incoming], Awaitable[Taken]]
    clock: Callable[[], dt.datetime]
    say: Say
    manual: bool
    secure: bool
    second_factor: bool = True
    on_behalf_of: str = ""
    limits: Limits = Limits()

    async def do(self, operator: Operator, address: Address, act: Act) -> bool:
        """Audit an act, then take it; tell whether it was new.

        Audited first: should the program die in between, the trail names an act too many, never one too few.

        Raises:
            BusyError: too much is waiting; the operator should try again.
        """
        incoming = Incoming(address, f"desk:{act.id}", act.what)  # type: ignore[arg-type]
        async with self.database.write() as connection:
            if await taken_before(connection, sources(self.keys, incoming)):
                return False
            await audit.append(connection, self.clock(), operator.name, act.name, act.subject)
        return not (await self.take(incoming)).duplicate


ROOM = web.AppKey("desk_room", Room)
OPERATOR = web.RequestKey("desk_operator", Operator)
SESSION = web.RequestKey("desk_session", Session)
FIRST = web.RequestKey("desk_first", str)
"""The page that somebody must pass before all others, "" once there is none."""
TOKEN = web.RequestKey("desk_token", str)
