"""The team's page."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from storage.tables import operators
from tests.desk.office import CHOSEN, Office, Page

pytestmark = pytest.mark.usefixtures("cheap_hashing")
PASSWORD = re.compile(r"<code>([a-z2-9-]{19})</code>")


async def with_budi(office: Office) -> Page:
    """Sign an administrator in who adds budi, an operator; return the page that follows."""
    page = await office.begin(role="administrator")
    return await office.post("/desk/tim", page, name="Budi", role="operator")


async def row(office: Office, name: str = "budi") -> sa.Row[tuple[object, ...]]:
    """Return what is stored of an operator."""
    async with office.database.read() as connection:
        return (await connection.execute(sa.select(operators).where(operators.c.name == name))).one()


async def test_a_new_operator_gets_a_password_once(by_hand: Office) -> None:
    """The one-time password is on the page that follows and nowhere else, and leads to choosing one's own."""
    page = await with_budi(by_hand)
    [password] = PASSWORD.findall(page.text)
    assert password not in (await by_hand.get("/desk/tim")).text
    by_hand.leave()
    assert (await by_hand.sign_in("budi", password)).path == "/desk/sandi"
    assert ("sari", "operator_added", "operator budi operator") in await by_hand.acts()


@pytest.mark.parametrize(
    ("name", "role", "problem"),
    [
        ("budi", "operator", "taken"),
        ("(command)", "operator", "unfit"),
        ("", "editor", "unfit"),
        ("tuti", "boss", "role"),
    ],
)
async def test_an_account_that_cannot_be(by_hand: Office, name: str, role: str, problem: str) -> None:
    """A name that is taken or unfit, or a role that there is not, adds nobody and says why."""
    page = await with_budi(by_hand)
    refused = await by_hand.post("/desk/tim", page, name=name, role=role)
    assert (refused.status, f"desk.team.problem.{problem}" in refused.text) == (422, True)


async def test_another_role_holds_at_once(by_hand: Office) -> None:
    """Who is given another role is signed out and comes back as what they are now."""
    await by_hand.begin("budi")
    by_hand.leave()
    page = await by_hand.begin(role="administrator")
    assert "desk.news.team" in (await by_hand.post("/desk/tim/peran", page, name="budi", role="auditor")).text
    assert (await row(by_hand)).role == "auditor"
    by_hand.leave()
    assert (await by_hand.sign_in("budi")).path == "/desk/pengaman"


async def test_a_disabled_account_and_back(by_hand: Office) -> None:
    """A disabled operator is out at once and cannot come back until enabled."""
    await by_hand.begin("budi")
    by_hand.leave()
    page = await by_hand.begin(role="administrator")
    for what, status in (("matikan", 401), ("nyalakan", 200)):
        await by_hand.post(f"/desk/tim/{what}", page, name="budi")
        by_hand.leave()
        assert (await by_hand.sign_in("budi")).status == status
        by_hand.leave()
        page = await by_hand.post("/desk/kode", await by_hand.sign_in(), code=by_hand.code())


async def test_a_new_password_from_the_team(by_hand: Office) -> None:
    """A forgotten password is replaced by a one-time one; the old one is void."""
    await by_hand.begin("budi")
    by_hand.leave()
    page = await by_hand.begin(role="administrator")
    [password] = PASSWORD.findall((await by_hand.post("/desk/tim/sandi", page, name="budi")).text)
    by_hand.leave()
    assert (await by_hand.sign_in("budi", CHOSEN)).status == 401
    assert (await by_hand.sign_in("budi", password)).path == "/desk/sandi"


async def test_a_lost_phone(by_hand: Office) -> None:
    """A phone that is taken away ends the sessions, and another one has to be set up at the next sign-in."""
    await by_hand.begin("budi", "supervisor")
    by_hand.leave()
    page = await by_hand.begin(role="administrator")
    await by_hand.post("/desk/tim/pengaman", page, name="budi")
    assert (await row(by_hand)).totp is None
    by_hand.leave()
    assert (await by_hand.sign_in("budi")).path == "/desk/pengaman"


async def test_somebody_is_signed_out_everywhere(by_hand: Office) -> None:
    """An administrator ends all sessions of an account; its password still works."""
    page = await by_hand.begin(role="administrator")
    assert (await by_hand.post("/desk/tim/keluar", page, name="sari")).path == "/desk/masuk"
    assert (await by_hand.sign_in()).path == "/desk/kode"


@pytest.mark.parametrize(("capacity", "status"), [("1", 200), ("50", 200), ("0", 422), ("51", 422), ("banyak", 422)])
async def test_how_many_cases_at_a_time(by_hand: Office, capacity: str, status: int) -> None:
    """Each operator's capacity is set between one and fifty."""
    page = await with_budi(by_hand)
    assert (await by_hand.post("/desk/tim/kapasitas", page, name="budi", capacity=capacity)).status == status
    assert (await row(by_hand)).capacity == (int(capacity) if status == 200 else 8)


async def test_the_last_administrator_stays(by_hand: Office) -> None:
    """The only administrator can be neither disabled nor given another role; one of two can."""
    page = await by_hand.begin(role="administrator")
    for what, fields in (("matikan", {}), ("peran", {"role": "operator"})):
        refused = await by_hand.post(f"/desk/tim/{what}", page, name="sari", **fields)
        assert "desk.team.problem.last" in refused.text
    await by_hand.post("/desk/tim", page, name="budi", role="administrator")
    assert "desk.news.team" in (await by_hand.post("/desk/tim/matikan", page, name="budi")).text


async def test_nobody_of_that_name(by_hand: Office) -> None:
    """What is asked for somebody who is not there changes nothing and says so."""
    page = await by_hand.begin(role="administrator")
    for what in ("sandi", "pengaman", "keluar", "matikan", "nyalakan"):
        assert "desk.team.problem.nobody" in (await by_hand.post(f"/desk/tim/{what}", page, name="tuti")).text


async def test_who_only_sees_the_team(by_hand: Office) -> None:
    """A supervisor sees who works here and what each may do, and no form that would be refused."""
    await by_hand.begin(role="supervisor")
    page = await by_hand.get("/desk/tim")
    assert "desk.act.audit.read" in page.text
    assert 'action="/desk/tim' not in page.text
