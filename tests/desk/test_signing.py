"""Who gets in, and what every page forbids."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.desk.accounts import FIRST_NAME, NameTakenError, add_operator, first_operator
from bot.desk.tokens import COOKIE
from storage.database import Database
from storage.sealing import KeyRing
from storage.tables import operator_sessions, operators
from tests.desk.office import CHOSEN, Clock, Office, open_office
from tests.desk.test_work import NOBODYS

GIVEN = "sandi-dari-kantor"
PAGES = ("", "/sandi", "/kasus/1", f"/kerja/{NOBODYS}", "/tertunda", "/tidak/ada")
FORMS = (
    *("/keluar", "/sandi", "/kasus/1/jawab", "/kasus/1/tutup", "/tertunda/1/1"),
    *(f"/kerja/{NOBODYS}/{act}" for act in ("tampilkan", "terima", "tolak", "tagihan", "bayar", "lewat")),
)


def cookie(office: Office) -> str:
    """Return the operator's secret."""
    return office.client.session.cookie_jar.filter_cookies(office.client.make_url("/desk"))[COOKIE].value


async def test_the_unsigned_see_only_the_sign_in_page(by_hand: Office) -> None:
    """Every page sends somebody without a session to sign in, also one that does not exist."""
    for path in PAGES:
        page = await by_hand.get(f"/desk{path}")
        assert (page.status, page.path) == (200, "/desk/masuk"), path


async def test_the_unsigned_change_nothing(by_hand: Office) -> None:
    """A form without its proof is refused; with the proof of the sign-in page it still needs somebody signed in."""
    outside = await by_hand.get("/desk/masuk")
    for path in (*FORMS, "/masuk"):
        assert (await by_hand.post(f"/desk{path}")).status == 403, path
    for path in FORMS:
        assert (await by_hand.post(f"/desk{path}", outside)).path == "/desk/masuk", path
    assert await by_hand.acts() == []


async def test_the_signed_in_need_the_proof_too(by_hand: Office) -> None:
    """A form without its proof, or with somebody else's, is refused even from an operator."""
    outside = await by_hand.get("/desk/masuk")
    await by_hand.begin()
    for path in FORMS:
        assert (await by_hand.post(f"/desk{path}")).status == 403, path
        assert (await by_hand.post(f"/desk{path}", outside)).status == 403, path


async def test_a_given_password_must_be_changed_first(office: Office) -> None:
    """Until an operator has chosen a password of their own, every page leads to that."""
    await add_operator(office.database, "Sari", GIVEN, "operator", office.clock)
    page = await office.sign_in("SARI ", GIVEN)
    assert page.path == "/desk/sandi"
    assert (await office.get("/desk/tertunda")).path == "/desk/sandi"
    for now, new, again in ((GIVEN, "pendek", "pendek"), (GIVEN, CHOSEN, "lain"), (GIVEN,) * 3, ("x", CHOSEN, CHOSEN)):
        assert (await office.post("/desk/sandi", page, now=now, new=new, again=again)).status == 422
    page = await office.post("/desk/sandi", page, now=GIVEN, new=CHOSEN, again=CHOSEN)
    assert page.path == "/desk"
    assert "desk.news.password" in page.text


async def test_a_new_password_ends_the_other_sessions(office: Office) -> None:
    """Who chooses a new password stays signed in here and nowhere else."""
    page = await office.begin()
    elsewhere = cookie(office)
    await office.post("/desk/sandi", page, now=CHOSEN, new=CHOSEN + "2", again=CHOSEN + "2")
    assert (await office.get("/desk")).path == "/desk"
    office.client.session.cookie_jar.clear()
    async with office.client.get("/desk", cookies={COOKIE: elsewhere}) as answer:
        assert answer.url.path == "/desk/masuk"


async def test_signing_in_changes_the_secret(office: Office) -> None:
    """The cookie from before signing in is worth nothing afterwards, and only a digest of the new one is stored."""
    await office.get("/desk/masuk")
    before = cookie(office)
    await office.begin()
    assert cookie(office) != before
    async with office.database.read() as connection:
        (digest,) = (await connection.execute(sa.select(operator_sessions.c.token_digest))).scalars()
    assert cookie(office).encode() not in digest
    assert len(digest) == 32


async def test_signing_out_ends_the_session_on_the_server(office: Office) -> None:
    """A cookie kept after signing out opens nothing."""
    page = await office.begin()
    kept = cookie(office)
    assert (await office.post("/desk/keluar", page)).path == "/desk/masuk"
    office.client.session.cookie_jar.clear()
    async with office.client.get("/desk", cookies={COOKIE: kept}) as answer:
        assert answer.url.path == "/desk/masuk"


async def test_a_session_lasts_twelve_hours(office: Office) -> None:
    """After twelve hours an operator signs in again, however busy they were."""
    await office.begin()
    for _ in range(11):
        office.clock.now += dt.timedelta(hours=1)
        assert (await office.get("/desk")).path == "/desk"
    office.clock.now += dt.timedelta(hours=1)
    assert (await office.get("/desk")).path == "/desk/masuk"


async def test_an_idle_session_ends(office: Office) -> None:
    """Two hours after the last page somebody signs in again."""
    await office.begin()
    office.clock.now += dt.timedelta(hours=1, minutes=59)
    assert (await office.get("/desk")).path == "/desk"
    office.clock.now += dt.timedelta(hours=2)
    assert (await office.get("/desk")).path == "/desk/masuk"


async def test_a_stolen_session_cookie_opens_nothing_once_signed_out(office: Office) -> None:
    """Whoever lost a device ends every session of theirs from another one; a stolen cookie opens nothing then."""
    await office.begin()
    stolen = cookie(office)
    office.leave()
    page = await office.sign_in()
    assert (await office.post("/desk/keluar-semua", page)).path == "/desk/masuk"
    for kept in (stolen, cookie(office)):
        office.client.session.cookie_jar.clear()
        async with office.client.get("/desk", cookies={COOKIE: kept}) as answer:
            assert answer.url.path == "/desk/masuk"


async def test_a_disabled_operator_is_out_at_once(office: Office) -> None:
    """An operator who was disabled gets no further, with a session or with the password."""
    await office.begin()
    async with office.database.write() as connection:
        await connection.execute(sa.update(operators).values(disabled_at=office.clock()))
    assert (await office.get("/desk")).path == "/desk/masuk"
    assert (await office.sign_in()).status == 401


async def test_wrong_tries_look_alike_and_run_out(office: Office) -> None:
    """A wrong password, an unknown name and too many tries get one answer; the sixth try in a row is not made."""
    page = await office.begin()
    await office.post("/desk/keluar", page)
    unknown = await office.sign_in("nobody", CHOSEN)
    wrong = [await office.sign_in("sari", f"salah-sekali-{n}") for n in range(5)]
    assert {answer.status for answer in (unknown, *wrong)} == {401}
    right_but_late = await office.sign_in()
    assert right_but_late.status == 401
    assert "desk.sign_in.wrong" in right_but_late.text
    assert "desk.sign_in.wrong" in unknown.text


async def test_strange_names_and_cookies_are_only_wrong(office: Office) -> None:
    """What no database or codec takes is answered like any other wrong try."""
    assert (await office.sign_in("sari\0", "\0")).status == 401
    office.client.session.cookie_jar.clear()
    async with office.client.get("/desk", headers={"Cookie": f"{COOKIE}=\udcff"}) as answer:
        assert (answer.status, answer.url.path) == (200, "/desk/masuk")


async def test_nothing_is_kept_framed_or_run(office: Office) -> None:
    """Every answer, refusals and redirections too, forbids caching, framing and any script but our files."""
    await office.begin()
    for path in ("/desk", "/desk/kasus/9", "/desk/masuk"):
        async with office.client.get(path, allow_redirects=False) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "script-src 'self';" in policy
            assert "unsafe" not in policy
            assert answer.headers["Cache-Control"] == "no-store"


async def test_the_cookie_is_for_the_desk_alone(office: Office) -> None:
    """Scripts cannot read the cookie, other sites do not cause it to be sent, other pages do not get it."""
    async with office.client.get("/desk/masuk") as answer:
        given = answer.cookies[COOKIE]
    assert (given["path"], given["samesite"], given["httponly"]) == ("/desk", "Strict", True)


async def test_over_https_the_cookie_is_ours_alone(database: Database, keys: KeyRing) -> None:
    """Over HTTPS the cookie has a name that browsers take from this host only, and the other one counts for nothing."""
    async with open_office(database, keys, secure=True) as office, office.client.get("/desk/masuk") as answer:
        given = answer.cookies[f"__Host-{COOKIE}"]
        assert (given["path"], given["secure"], given["domain"]) == ("/", True, "")
        assert COOKIE not in answer.cookies


async def test_the_first_start_makes_one_operator(database: Database) -> None:
    """The first operator gets a one-time password, long enough and told once."""
    password = await first_operator(database, Clock())
    assert password is not None
    assert len(password.replace("-", "")) == 16
    assert await first_operator(database, Clock()) is None
    async with database.read() as connection:
        row = (await connection.execute(sa.select(operators))).one()
    assert (row.name, row.must_change) == (FIRST_NAME, True)
    assert row.password_hash.startswith("$argon2id$")


async def test_a_name_is_given_once(database: Database) -> None:
    """Two operators cannot have one name, however it is written."""
    await add_operator(database, "Sari", GIVEN, "operator", Clock())
    with pytest.raises(NameTakenError):
        await add_operator(database, " sari ", GIVEN, "operator", Clock())
