"""Which openings of a link are counted: those of people, and not a flood of them from one address.

Messengers open a link that is forwarded to show what is behind it, search engines to read it. Nobody is kept out by any
of this; only the figures stay honest and the database at rest.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import NamedTuple

from aiohttp import web

from bot.channels.web.limit import Limit
from bot.desk.throttle import address_of
from conversations.months import jakarta
from storage.arrivals import note_opening
from storage.database import Database
from storage.sealing import KeyRing

AT_ONCE = 10
EVERY = 30.0
"""From one address so many openings count at once, then one in so many seconds: a village may share one."""

ROBOTS = re.compile(
    r"bot\b|crawl|spider|preview|facebookexternalhit|whatsapp|slack|embedly|curl|wget|python", re.IGNORECASE
)
"""How programs call themselves that open links for others; WhatsApp does so when it shows a preview."""


class Counting(NamedTuple):
    """Counts openings; `limit` is kept for each address."""

    database: Database
    keys: KeyRing
    clock: Callable[[], dt.datetime]
    limit: Limit

    async def opened(self, request: web.Request, code: str) -> None:
        """Count this opening of a code's page, if it is somebody's."""
        address = address_of(request)
        if not is_somebodys(request) or self.limit.wait(address):
            return
        now = self.clock()
        async with self.database.write() as connection:
            await note_opening(connection, code, self.source(address, now), now)

    def source(self, address: str, now: dt.datetime) -> bytes:
        """Return an index of an address on a day: two openings of a day can be compared, and no two days."""
        return self.keys.index("opening", f"{jakarta(now)} {address}")


def is_somebodys(request: web.Request) -> bool:
    """Tell whether a person opens the page: who only looks whether it is there doesn't, nor who shows a preview."""
    agent = request.headers.get("User-Agent", "")
    return request.method == "GET" and bool(agent) and not ROBOTS.search(agent)
