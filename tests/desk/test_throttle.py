"""How often somebody may try to sign in."""

from __future__ import annotations

import datetime as dt

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from bot.desk.throttle import ADDRESS, address_of, subscriber_of
from storage.database import Database
from storage.sealing import KeyRing
from storage.tries import Allowance, forget_full, forgive, spend
from tests.desk.office import CHOSEN, Clock, Office, open_office

pytestmark = pytest.mark.usefixtures("cheap_hashing")
HALF_A_MINUTE = Allowance(2, dt.timedelta(seconds=30))


async def tried(database: Database, seconds: float = 0, what: bytes = b"sari") -> bool:
    """Count a try so many seconds after the start."""
    async with database.write() as connection:
        return await spend(connection, what, HALF_A_MINUTE, Clock().now + dt.timedelta(seconds=seconds))


async def from_elsewhere(office: Office, address: str, name: str = "sari", password: str = "salah") -> int:
    """Try to sign in from an address, through a proxy; return the status of the answer."""
    page = await office.get("/desk/masuk")
    data = {"proof": page.proof, "name": name, "password": password}
    async with office.client.post(
        "/desk/masuk", data=data, headers={"X-Forwarded-For": f"8.8.8.8, {address}"}
    ) as answer:
        return answer.status


async def test_tries_come_back_one_by_one(database: Database) -> None:
    """After the burst there is one more try for each interval, and none is lost by trying in vain."""
    assert [await tried(database, at) for at in (0, 0, 0, 29, 30, 30, 59, 60)] == [
        *(True, True, False, False),
        *(True, False, False, True),
    ]


async def test_each_thing_is_counted_by_itself(database: Database) -> None:
    """What one uses up nobody else lacks."""
    assert [await tried(database) for _ in range(3)] == [True, True, False]
    assert await tried(database, what=b"budi")


async def test_a_right_try_is_given_back(database: Database) -> None:
    """Whoever signs in rightly, however often, uses up nothing."""
    for _ in range(5):
        assert await tried(database)
        async with database.write() as connection:
            await forgive(connection, b"sari", HALF_A_MINUTE)


async def test_what_is_full_again_is_forgotten(database: Database) -> None:
    """Nothing of a try is left once it no longer counts."""
    await tried(database)
    async with database.write() as connection:
        await forget_full(connection, Clock().now + dt.timedelta(seconds=31))
    assert [await tried(database) for _ in range(3)] == [True, True, False]


async def test_processes_count_together(database: Database, keys: KeyRing) -> None:
    """Who changes from one process to another gets no more tries there."""
    async with open_office(database, keys) as one, open_office(database, keys) as other:
        await one.begin()
        one.leave()
        tries = [await (one, other)[n % 2].sign_in("sari", "salah") for n in range(5)]
        assert {answer.status for answer in tries} == {401}
        assert [(await office.sign_in()).path for office in (one, other)] == ["/desk/masuk"] * 2


async def test_somebody_elsewhere_locks_nobody_out(office: Office) -> None:
    """Whoever guesses from another address uses up the tries of that address, not those of the office."""
    await office.begin()
    office.leave()
    assert [await from_elsewhere(office, "203.0.113.9") for _ in range(12)] == [401] * 12
    assert (await office.sign_in()).path == "/desk"


async def test_a_whole_office_signs_in_at_once(office: Office) -> None:
    """More people of one office than an address has tries sign in one after the other: what is right is not counted."""
    await office.begin()
    for _ in range(ADDRESS.burst + 1):
        office.leave()
        assert (await office.sign_in()).path == "/desk"


async def test_an_address_runs_out_whatever_the_names(office: Office) -> None:
    """Thirty names tried from one address are enough for a while; another address goes on."""
    await office.begin()
    office.leave()
    for n in range(ADDRESS.burst):
        assert await from_elsewhere(office, "203.0.113.9", name=f"orang{n}") == 401
    assert await from_elsewhere(office, "203.0.113.9", password=CHOSEN) == 401
    assert await from_elsewhere(office, "203.0.113.10", password=CHOSEN) == 200


def test_only_a_near_proxy_is_believed() -> None:
    """What is said about where somebody comes from counts only if a near proxy says it, and of that its own word."""
    said = {"X-Forwarded-For": "1.1.1.1, 203.0.113.9"}
    for peer, headers, address in (
        ("127.0.0.1", said, "203.0.113.9"),
        ("172.18.0.3", said, "203.0.113.9"),
        ("8.8.4.4", said, "8.8.4.4"),
        ("127.0.0.1", {}, "127.0.0.1"),
        ("127.0.0.1", {"X-Forwarded-For": "<script>"}, "127.0.0.1"),
        ("::ffff:127.0.0.1", said, "203.0.113.9"),
        ("::ffff:8.8.4.4", said, "8.8.4.4"),
    ):
        request = make_mocked_request("GET", "/desk", headers=headers).clone(remote=peer)
        assert address_of(request) == address


def test_a_header_forged_before_the_proxy_s_is_not_believed() -> None:
    """Where a proxy adds a header of its own behind the one that the visitor sent, the proxy's counts."""
    headers = CIMultiDict([("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "203.0.113.9")])
    request = make_mocked_request("GET", "/desk", headers=headers).clone(remote="127.0.0.1")
    assert address_of(request) == "203.0.113.9"


def test_one_subscriber_has_no_new_tries_with_each_address() -> None:
    """All addresses of IPv6 that one line has count as one; of IPv4 each counts for itself."""
    come_from = ("2001:db8:1:1::1", "2001:db8:1:1:ffff::2", "2001:db8:1:2::1", "203.0.113.9", "203.0.113.10")
    requests = (make_mocked_request("GET", "/desk").clone(remote=address) for address in come_from)
    counted = [subscriber_of(request) for request in requests]
    assert counted[0] == counted[1]
    assert len(set(counted)) == 4
