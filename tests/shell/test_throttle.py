"""One flooder is told to come again; the neighbours are not."""

from __future__ import annotations

import asyncio

import aiohttp
from aiohttp import web

from bot.channels.web.limit import Limit
from bot.throttle import throttle
from tests.backend.running import serving


async def page(_: web.Request) -> web.Response:
    """Show something."""
    return web.Response(text="page")


def app() -> web.Application:
    """Return an application that takes two from an address and three from a network, for an hour."""
    app = web.Application(middlewares=[throttle(lambda: Limit(2, 3600), lambda: Limit(3, 3600))])
    app.router.add_get("/{path:.*}", page)
    return app


async def asked(url: str, come_from: str, path: str = "/", times: int = 1) -> list[int]:
    """Ask through this machine's proxy on behalf of an address; give the statuses."""
    found = []
    async with aiohttp.ClientSession(headers={"X-Forwarded-For": come_from} if come_from else {}) as http:
        for _ in range(times):
            async with http.get(url + path) as answer:
                found.append(answer.status)
                assert answer.status == 200 or int(answer.headers["Retry-After"]) > 0
    return found


async def test_an_address_and_its_network_are_bounded() -> None:
    """What is too much from an address, or from all of its network together, is refused, and others are served."""
    async with serving(app()) as url:
        assert await asked(url, "203.0.113.7", times=3) == [200, 200, 429]
        assert await asked(url, "203.0.113.8", times=2) == [200, 429]
        assert await asked(url, "198.51.100.1") == [200]


async def test_one_computer_does_not_hold_every_line() -> None:
    """Who keeps many requests open, as chats are, gets no more; when one ends there is room again, and a neighbour was
    served all the while."""
    let_go, held = asyncio.Event(), asyncio.Semaphore(0)

    async def hold(_: web.Request) -> web.Response:
        held.release()
        await let_go.wait()
        return web.Response()

    app = web.Application(middlewares=[throttle(under_way=(2, 3))])
    app.router.add_get("/", hold)
    async with serving(app) as url:
        one = [asyncio.create_task(asked(url, "203.0.113.7")) for _ in range(2)]
        for _ in one:
            await held.acquire()
        assert await asked(url, "203.0.113.7") == [429]
        neighbour = asyncio.create_task(asked(url, "203.0.113.8"))
        await held.acquire()
        assert await asked(url, "203.0.113.9") == [429]
        let_go.set()
        assert await asyncio.gather(*one, neighbour) == [[200]] * 3
        assert await asked(url, "203.0.113.7") == [200]


async def test_one_subscriber_has_many_addresses() -> None:
    """Of an IPv6 subscriber's addresses all count as one."""
    async with serving(app()) as url:
        each = [await asked(url, f"2001:db8:1:1::{n}") for n in range(3)]
    assert each == [[200], [200], [429]]


async def test_who_comes_through_a_socket_for_both_kinds_is_counted_alone() -> None:
    """Listening on "::", visitors of IPv4 come as addresses of IPv6; they are not one network all together."""
    async with serving(app()) as url:
        each = [await asked(url, f"::ffff:203.0.{n}.7") for n in range(5)]
    assert each == [[200]] * 5


async def test_programs_and_this_machine_are_bounded_elsewhere() -> None:
    """Webhooks, the desk and what comes from here without a name are not counted."""
    async with serving(app()) as url:
        assert await asked(url, "203.0.113.7", "/webhooks/whatsapp", times=4) == [200] * 4
        assert await asked(url, "203.0.113.7", "/desk", times=4) == [200] * 4
        assert await asked(url, "", times=5) == [200] * 5


async def test_what_costs_something_is_counted_for_strangers() -> None:
    """Asking again and again whether we are ready, knocking at the desk, which both write, or asking for figures is
    bounded like any page."""
    async with serving(app()) as url:
        for address, path in (("203.0.113.7", "/readyz"), ("198.51.100.1", "/metrics"), ("192.0.2.1", "/desk/masuk")):
            assert await asked(url, address, path, times=3) == [200, 200, 429]


async def test_a_forged_forwarding_names_the_proxy_s_neighbour() -> None:
    """Of several addresses only the last, which the proxy wrote itself, counts."""
    async with serving(app()) as url:
        each = [await asked(url, f"192.0.2.{n}, 203.0.113.7") for n in range(3)]
    assert each == [[200], [200], [429]]
