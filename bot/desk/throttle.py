"""How often somebody may try to prove who they are, counted for all processes together.

Three counts: of a name from one address, of an address, which may stand for a whole office, and of a name from
anywhere. Whoever guesses from elsewhere uses up their own tries first, so that nobody is locked out of an office by
them. A try that was right is given back. Names count whether anybody has them or not.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

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
    keys, address = request.app[ROOM].keys, subscriber_of(request)
    return (
        (keys.index("try_here", f"{address}|{name}"), HERE),
        (keys.index("try_address", address), ADDRESS),
        (keys.index("try_anywhere", name), ANYWHERE),
    )


def address_of(request: web.Request) -> str:
    """Return where a request comes from: what a proxy on this machine or in its network says, else who connected.

    Of several addresses the last counts, and of several headers too: some proxies add one of their own after whatever
    the visitor sent.
    """
    peer = request.remote or ""
    near = address_in(peer)
    said = address_in(request.headers.getall("X-Forwarded-For", [""])[-1].rpartition(",")[2])
    if near is None:
        return peer
    return str(said if said and near.is_private else near)


def subscriber_of(request: web.Request) -> str:
    """Return whom a request comes from: an address of IPv4, or all those that one subscriber has of IPv6, who would
    otherwise have new tries with each of them."""
    text = address_of(request)
    address = address_in(text)
    return str(ipaddress.ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else text


@lru_cache(maxsize=4096)
def address_in(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address, None where there is none. One of IPv4 that came through a socket for both kinds is what it was,
    or all of them would lie in one network."""
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
