"""The second factor: a code of the phone besides the password."""

from __future__ import annotations

import datetime as dt
import re

import pyotp
import pytest
import sqlalchemy as sa

from bot.desk.roles import SECOND_FACTOR
from storage.tables import backup_codes, operators
from tests.desk.office import CHOSEN, PHONE, Office, Page

SECRET = re.compile(r"<code>([A-Z2-7 ]{39})</code>")
BACKUP = re.compile(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>")


async def newcomer(office: Office, role: str = "supervisor") -> Page:
    """Make somebody without a phone and sign them in."""
    await office.begin("sari", "operator")
    async with office.database.write() as connection:
        await connection.execute(sa.update(operators).values(role=role))
    return await office.get("/desk")


def shown(page: Page) -> pyotp.TOTP:
    """Set a phone up with what the page shows."""
    found = SECRET.search(page.text)
    assert found
    return pyotp.TOTP(found[1].replace(" ", ""))


async def set_up(office: Office, page: Page) -> tuple[pyotp.TOTP, list[str]]:
    """Set the phone up; return it and the backup codes."""
    phone = shown(page)
    confirmed = await office.post("/desk/pengaman", page, code=phone.at(office.clock.now))
    office.clock.now += dt.timedelta(seconds=30)
    return phone, BACKUP.findall(confirmed.text)


@pytest.mark.parametrize("role", sorted(SECOND_FACTOR))
async def test_whoever_sees_much_needs_a_phone(by_hand: Office, role: str) -> None:
    """In live mode every role beyond operator sees nothing before a phone is set up."""
    assert (await newcomer(by_hand, role)).path == "/desk/pengaman"
    for path in ("/desk/tim", "/desk/audit", "/desk/kerja", "/desk/tidak-ada"):
        assert (await by_hand.get(path)).path == "/desk/pengaman"


async def test_in_a_simulation_the_phone_is_offered(office: Office) -> None:
    """In demo mode, where nothing is real, a phone can be set up but need not be."""
    assert (await newcomer(office)).path == "/desk"
    assert SECRET.search((await office.get("/desk/pengaman")).text)


async def test_the_phone_is_set_up_by_its_first_code(by_hand: Office) -> None:
    """A wrong first code changes nothing; the right one ends all other sessions and gives ten backup codes, once."""
    page = await newcomer(by_hand)
    assert (await by_hand.post("/desk/pengaman", page, code="000000")).status == 422
    _, codes = await set_up(by_hand, page)
    assert len(set(codes)) == 10
    assert (await by_hand.get("/desk")).path == "/desk"
    again = await by_hand.get("/desk/pengaman")
    assert not BACKUP.search(again.text)
    assert not SECRET.search(again.text)
    assert (await by_hand.get("/desk/pengaman/gambar.svg")).status == 404
    assert ("sari", "second_factor", "") in await by_hand.acts()


async def test_the_picture_shows_the_secret_to_a_camera(by_hand: Office) -> None:
    """While the phone is not set up there is a picture for its camera, drawn without styles or scripts, never kept."""
    page = await newcomer(by_hand)
    async with by_hand.client.get("/desk/pengaman/gambar.svg") as answer:
        drawn = await answer.text()
        assert answer.content_type == "image/svg+xml"
        assert answer.headers["Cache-Control"] == "no-store"
    assert drawn.startswith("<svg")
    assert "style=" not in drawn
    assert '<img src="/desk/pengaman/gambar.svg"' in page.text


async def test_signing_in_takes_password_and_code(by_hand: Office) -> None:
    """After the password nothing opens but the page for the code, not even for somebody who knows the addresses."""
    await by_hand.begin(role="supervisor")
    by_hand.leave()
    page = await by_hand.sign_in()
    assert page.path == "/desk/kode"
    for path in ("/desk", "/desk/tim", "/desk/sandi", "/desk/pengaman", "/desk/yakin", "/desk/masuk"):
        assert (await by_hand.get(path)).path == "/desk/kode"
    assert (await by_hand.post("/desk/sandi", page, now=CHOSEN, new="x" * 12, again="x" * 12)).path == "/desk/kode"
    assert (await by_hand.post("/desk/kode", page, code="123456")).status == 401
    assert (await by_hand.post("/desk/kode", page, code=by_hand.code())).path == "/desk"


async def test_half_signed_in_does_not_last(by_hand: Office) -> None:
    """Ten minutes after the password it has to be given again."""
    await by_hand.begin(role="supervisor")
    by_hand.leave()
    page = await by_hand.sign_in()
    by_hand.clock.now += dt.timedelta(minutes=10)
    assert (await by_hand.post("/desk/kode", page, code=by_hand.code())).path == "/desk/masuk"


async def test_a_code_is_taken_once(by_hand: Office) -> None:
    """A code somebody read over a shoulder is void once it was used, and so are those before it."""
    await by_hand.begin(role="supervisor")
    before, now = by_hand.code(), by_hand.code()
    for code, status in ((now, 200), (now, 401), (before, 401)):
        by_hand.leave()
        assert (await by_hand.post("/desk/kode", await by_hand.sign_in(), code=code)).status == status


@pytest.mark.parametrize(("seconds", "status"), [(-60, 401), (-30, 200), (30, 200), (60, 401)])
async def test_a_phone_s_clock_may_be_off_by_half_a_minute(by_hand: Office, seconds: int, status: int) -> None:
    """The code of the step before or after is taken, no other."""
    await by_hand.begin(role="supervisor")
    by_hand.leave()
    by_hand.clock.now += dt.timedelta(minutes=5)
    page = await by_hand.sign_in()
    shown = pyotp.TOTP(PHONE).at(by_hand.clock.now + dt.timedelta(seconds=seconds))
    assert (await by_hand.post("/desk/kode", page, code=shown)).status == status


async def test_a_backup_code_is_used_up(by_hand: Office) -> None:
    """Without the phone a backup code signs in, once, however it is typed; only digests of them are stored."""
    _, codes = await set_up(by_hand, await newcomer(by_hand))
    for typed, path in ((codes[0].upper().replace("-", " "), "/desk"), (codes[0], "/desk/kode"), (codes[1], "/desk")):
        by_hand.leave()
        assert (await by_hand.post("/desk/kode", await by_hand.sign_in(), code=typed)).path == path
    async with by_hand.database.read() as connection:
        digests = list((await connection.execute(sa.select(backup_codes.c.digest))).scalars())
    assert len(digests) == 8
    assert not any(code.replace("-", "").encode() in digest for code in codes for digest in digests)


async def test_new_backup_codes_void_the_old_ones(by_hand: Office) -> None:
    """New backup codes are given for a code of the phone alone, and the old ones are void from then on."""
    phone, old = await set_up(by_hand, await newcomer(by_hand))
    page = await by_hand.get("/desk/pengaman")
    assert (await by_hand.post("/desk/pengaman/cadangan", page, code="000000")).status == 422
    renewed = await by_hand.post("/desk/pengaman/cadangan", page, code=phone.at(by_hand.clock.now))
    new = BACKUP.findall(renewed.text)
    assert not set(new) & set(old)
    for code, path in ((old[0], "/desk/kode"), (new[0], "/desk")):
        by_hand.leave()
        assert (await by_hand.post("/desk/kode", await by_hand.sign_in(), code=code)).path == path


async def test_the_secret_is_sealed(by_hand: Office) -> None:
    """Who has the database alone cannot make codes."""
    phone, _ = await set_up(by_hand, await newcomer(by_hand))
    async with by_hand.database.read() as connection:
        row = (await connection.execute(sa.select(operators))).one()
    assert not any(phone.secret.encode() in value for value in row if isinstance(value, bytes))
    assert row.totp is not None


async def test_codes_run_out_of_tries(by_hand: Office) -> None:
    """After five wrong codes even the right one has to wait."""
    await by_hand.begin(role="supervisor")
    by_hand.leave()
    page = await by_hand.sign_in()
    for n in range(5):
        assert (await by_hand.post("/desk/kode", page, code=f"00000{n}")).status == 401
    assert (await by_hand.post("/desk/kode", page, code=pyotp.TOTP(PHONE).at(by_hand.clock.now))).status == 401
    by_hand.clock.now += dt.timedelta(minutes=2)
    assert (await by_hand.post("/desk/kode", page, code=by_hand.code())).path == "/desk"


async def test_what_matters_asks_once_more(by_hand: Office) -> None:
    """A quarter of an hour after signing in, managing the team takes another code, and goes on where one was."""
    page = await by_hand.begin(role="administrator")
    by_hand.clock.now += dt.timedelta(minutes=14)
    added = await by_hand.post("/desk/tim", page, name="budi", role="operator")
    assert added.status == 200
    by_hand.clock.now += dt.timedelta(minutes=2)
    team = str(by_hand.client.make_url("/desk/tim"))
    data = {"proof": page.proof, "name": "budi"}
    async with by_hand.client.post("/desk/tim/matikan", data=data, headers={"Referer": team}) as answer:
        assert (answer.url.path, answer.url.query["ke"]) == ("/desk/yakin", "/desk/tim")
        sure = Page(answer.status, answer.url.path, await answer.text())
    assert (await by_hand.post("/desk/yakin", sure, ke="/desk/tim", code="000000")).status == 401
    assert (await by_hand.post("/desk/yakin", sure, ke="/desk/tim", code=by_hand.code())).path == "/desk/tim"
    assert "desk.news.team" in (await by_hand.post("/desk/tim/matikan", page, name="budi")).text


async def test_being_sure_leads_nowhere_else(office: Office) -> None:
    """Whoever is sent to the page by somebody else's link ends on a page of the desk."""
    page = await office.begin()
    for away in ("https://example.org", "//example.org/desk", "/desk/../x", "/desk?x=1"):
        assert (await office.post("/desk/yakin", page, ke=away, password=CHOSEN)).path == "/desk"
