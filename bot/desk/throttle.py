"""How often somebody may try to prove who they are, counted for all processes together.

Three counts: of a name from one address, of an address, which may stand for a whole office, and of a name from
anywhere. Whoever guesses from elsewhere uses up their own tries first, so that nobody is locked out of an office by
them. A try that was right is given back. Names count whether anybody has them or not.
"""

from __future__ import annotations

import datetime as dt
import ipaddress

from aiohttp import web

from bot.desk.room import ROOM
from storage.tries import Allowance, forget_full, forgive, spend

HERE = Allowance(5, dt.timedelta(seconds=30))
ADDRESS = Allowance(30, dt.timedelta(seconds=2))
ANYWHERE = Allowance(50, dt.timedelta(minutes=1))


async def allows(request: web.Request, name: str) -> bool:
    """Count a try of somebody who says this is their name; tell whether it may be made."""
    room = request.app[ROOM]
    now = room.clock()
    async with room.database.write() as connection:
        await forget_full(connection, now)
        for what, allowance in _counted(request, name):
            if not await spend(connection, what, allowance, now):
                return False
    return True


async def was_right(request: web.Request, name: str) -> None:
    """Give a try back."""
    async with request.app[ROOM].database.write() as connection:
        for what, allowance in _counted(request, name):
            await forgive(connection, what, allowance)


def _counted(request: web.Request, name: str) -> tuple[tuple[bytes, Allowance], ...]:
    keys, address = request.app[ROOM].keys, address_of(request)
    return (
        (keys.index("try_here", f"{address}|{name}"), HERE),
        (keys.index("try_address", address), ADDRESS),
        (keys.index("try_anywhere", name), ANYWHERE),
    )


def address_of(request: web.Request) -> str:
    """Return where a request comes from: what a proxy on this machine or in its network says, else who connected."""
    peer = request.remote or ""
    said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return said if said and _is_near(peer) and _is_address(said) else peer


def _is_near(peer: str) -> bool:
    return _is_address(peer) and ipaddress.ip_address(peer).is_private


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
