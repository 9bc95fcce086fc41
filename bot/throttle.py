"""How often pages may be asked for from one address and from one network, so that one flooder is not everybody's flood.

Many phones share one address here, so there is room for a village that opens the same link at once. Messengers and the
backend prove themselves and are bounded by `bot/pressure.py`; the desk counts its own tries (`bot/desk/throttle.py`).
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.channels.web.limit import Limit
from bot.desk.throttle import address_of

FREE = ("/webhooks/", "/desk", "/chat/assets/", "/healthz", "/readyz", "/metrics")
"""Doors that are bounded otherwise, or cost nothing."""
NETWORKS = {4: 24, 6: 48}
ADDRESSES = {4: 32, 6: 64}
"""How many first bits name a network, and one subscriber in it."""


def by_address() -> Limit:
    """300 at once, then ten a second."""
    return Limit(300, 0.1)


def by_network() -> Limit:
    """1,500 at once, then fifty a second."""
    return Limit(1500, 0.02)


def throttle(address: Callable[[], Limit] = by_address, network: Callable[[], Limit] = by_network) -> Middleware:
    """Return what bounds the asking of one application: 429 and when to come again."""
    limits = ((ADDRESSES, address()), (NETWORKS, network()))

    @web.middleware
    async def bounded(request: web.Request, handler: Handler) -> web.StreamResponse:
        come_from = _told(request)
        if come_from is not None and not request.path.startswith(FREE):
            for bits, limit in limits:
                if wait := limit.wait(ipaddress.ip_network((come_from, bits[come_from.version]), strict=False)):
                    return web.Response(status=429, headers={"Retry-After": str(math.ceil(wait))})
        return await handler(request)

    return bounded


def subscriber(request: web.Request) -> IPv4Network | IPv6Network | None:
    """Return whom a request comes from, all of their addresses as one; None where the proxy names nobody."""
    come_from = _told(request)
    return None if come_from is None else ipaddress.ip_network((come_from, ADDRESSES[come_from.version]), strict=False)


def _told(request: web.Request) -> IPv4Address | IPv6Address | None:
    """Return where a request comes from; None for this machine itself, whose proxy names nobody then."""
    try:
        address = ipaddress.ip_address(address_of(request).partition("%")[0])
    except ValueError:
        return None
    return None if address.is_loopback else address
