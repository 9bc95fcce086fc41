"""How often pages may be asked for from one address and from one network, so that one flooder is not everybody's flood.

Many phones share one address here, so there is room for a village that opens the same link at once. Messengers and the
backend prove themselves and are bounded by `bot/pressure.py`; the desk counts its own tries (`bot/desk/throttle.py`).
"""

from __future__ import annotations

import contextlib
import ipaddress
import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.channels.web.limit import Limit
from bot.desk.throttle import address_in, address_of

FREE = ("/webhooks/", "/desk", "/chat/assets/", "/healthz")
"""Doors that are bounded otherwise, or cost nothing. `/readyz` writes and `/metrics` counts: they are none of these."""
NETWORKS = {4: 24, 6: 48}
ADDRESSES = {4: 32, 6: 64}
"""How many first bits name a network, and one subscriber in it."""
COUNTED = "/desk/masuk"
"""Where strangers knock at the desk: each try writes. Whoever is in may ask as often as the desk is busy."""
UNDER_WAY = (1_000, 5_000)
"""Requests under way at a time, from an address and from a network. An open chat is one for as long as its page is, so
that nobody opens them until there is no room for a neighbour."""
LATER = 60.0
"""Seconds until one of so many may have ended."""
Network = IPv4Network | IPv6Network


def by_address() -> Limit:
    """300 at once, then ten a second."""
    return Limit(300, 0.1)


def by_network() -> Limit:
    """1,500 at once, then fifty a second."""
    return Limit(1500, 0.02)


def throttle(
    address: Callable[[], Limit] = by_address,
    network: Callable[[], Limit] = by_network,
    under_way: tuple[int, int] = UNDER_WAY,
) -> Middleware:
    """Return what bounds the asking of one application, from each address and from each network: 429 and when to come
    again."""
    bounds = (Bound(ADDRESSES, address(), under_way[0]), Bound(NETWORKS, network(), under_way[1]))

    @web.middleware
    async def bounded(request: web.Request, handler: Handler) -> web.StreamResponse:
        free = request.path.startswith(FREE) and not request.path.startswith(COUNTED)
        come_from = None if free else _told(request)
        if come_from is None:
            return await handler(request)
        for bound in bounds:
            if wait := bound.wait(come_from):
                return web.Response(status=429, headers={"Retry-After": str(math.ceil(wait))})
        with contextlib.ExitStack() as stack:
            for bound in bounds:
                stack.enter_context(bound.having(come_from))
            return await handler(request)

    return bounded


class UnderWay:
    """Counts what is under way, by whom it comes from."""

    def __init__(self) -> None:
        self._counted: Counter[Hashable] = Counter()

    def of(self, whom: Hashable) -> int:
        """Return how many come from somebody."""
        return self._counted[whom]

    @contextlib.contextmanager
    def one(self, whom: Hashable) -> Iterator[None]:
        """Count one more while the block lasts."""
        self._counted[whom] += 1
        try:
            yield
        finally:
            self._counted[whom] -= 1
            if not self._counted[whom]:
                del self._counted[whom]


class Bound:
    """How much may come from the networks of as many first `bits`: requests in time, and `most` that are under way."""

    def __init__(self, bits: Mapping[int, int], limit: Limit, most: int) -> None:
        self._bits = bits
        self._limit = limit
        self._most = most
        self._under_way = UnderWay()

    def wait(self, come_from: IPv4Address | IPv6Address) -> float:
        """Count a request; return the seconds until it would be taken, 0 where it is."""
        network = _network(come_from, self._bits[come_from.version])
        return LATER if self._under_way.of(network) >= self._most else self._limit.wait(network)

    def having(self, come_from: IPv4Address | IPv6Address) -> AbstractContextManager[None]:
        """Count it as under way while the block lasts."""
        return self._under_way.one(_network(come_from, self._bits[come_from.version]))


def subscriber(request: web.Request) -> Network | None:
    """Return whom a request comes from, all of their addresses as one; None where the proxy names nobody."""
    come_from = _told(request)
    return None if come_from is None else _network(come_from, ADDRESSES[come_from.version])


@lru_cache(maxsize=4096)
def _network(address: IPv4Address | IPv6Address, bits: int) -> Network:
    return ipaddress.ip_network((address, bits), strict=False)


def _told(request: web.Request) -> IPv4Address | IPv6Address | None:
    """Return where a request comes from; None for this machine itself, whose proxy names nobody then."""
    address = address_in(address_of(request))
    return None if address is None or address.is_loopback else address
