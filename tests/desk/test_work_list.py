"""The work list: who has what, until when it was promised, taking it away as a sheet, taking a record back."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from bot.desk.sheet import sheet
from storage.work_claims import HELD_FOR, claim
from tests.desk.office import Office, Page
from tests.desk.test_work import ACCEPTED, NOBODYS, Desk, stage

NIK = "3273011708900001"


@pytest.fixture
async def desk(by_hand: Office) -> Desk:
    """An enrolment that waits, opened by sari."""
    enrolment = await by_hand.waiting_enrolment()
    await by_hand.begin()
    path = f"/desk/kerja/{enrolment.id}"
    return Desk(by_hand, enrolment.id, await by_hand.get(path))


async def changed_places(desk: Desk, name: str = "budi", role: str = "operator") -> Desk:
    """Let somebody else sit down at the same page."""
    desk.office.leave()
    await desk.office.begin(name, role)
    return Desk(desk.office, desk.path.rpartition("/")[2], await desk.office.get(desk.path))


async def test_two_operators_are_never_on_the_same_one(desk: Desk) -> None:
    """While one operator has an enrolment another sees who has it, and can neither reveal nor record anything."""
    assert (await desk.send("tampilkan", field="nik", why="entering")).status == 200
    other = await changed_places(desk)
    assert "desk.work.theirs sari" in other.page.text
    for act, fields in (
        ("tampilkan", {"field": "nik", "why": "entering"}),
        ("terima", ACCEPTED),
        ("tolak", {"reason": "age"}),
        ("ambil", {}),
    ):
        refused = await other.send(act, **fields)
        assert "desk.news.not_claimed" in refused.text
        assert NIK not in refused.text
    assert (await desk.office.enrolment()).state == "waiting"


async def test_what_lies_comes_free(desk: Desk) -> None:
    """Half an hour after the last act of who has it an enrolment is anybody's."""
    await desk.send("ambil")
    other = await changed_places(desk)
    desk.office.clock.now += HELD_FOR
    assert "desk.news.not_claimed" not in (await other.send("ambil")).text
    assert "desk.work.holder budi" in (await desk.office.get("/desk/kerja")).text


async def test_giving_back(desk: Desk) -> None:
    """What is given back, one by one or all at once, is free for others; what others have stays theirs."""
    for act in (f"{desk.path}/lepas", "/desk/kerja/lepas-semua"):
        assert "desk.work.holder sari" in (await _taken(desk)).text
        assert "desk.work.holder" not in (await desk.office.post(act, desk.page)).text
    await _taken(desk)
    other = await changed_places(desk)
    await other.send("lepas")
    assert "desk.work.holder sari" in (await desk.office.get("/desk/kerja")).text


async def _taken(desk: Desk) -> Page:
    await desk.send("ambil")
    return await desk.office.get("/desk/kerja")


async def test_a_record_gives_it_back(desk: Desk) -> None:
    """Who has recorded an outcome is done with it."""
    await desk.send("terima", **ACCEPTED)
    assert "desk.work.holder" not in (await desk.office.get("/desk/kerja")).text


async def test_taking_the_next_one(desk: Desk) -> None:
    """One button gives the enrolment that waits longest and that nobody has; then there is none left."""
    taken = await desk.office.post("/desk/kerja/berikutnya", desk.page)
    assert taken.path == desk.path
    await changed_places(desk)
    none = await desk.office.post("/desk/kerja/berikutnya", await desk.office.get("/desk/kerja"))
    assert "desk.news.none_free" in none.text


async def test_at_the_same_moment_one_gets_it(desk: Desk) -> None:
    """Of two processes that take an enrolment one gets it; who has it may ask again, and never for less long."""
    now, office = desk.office.clock(), desk.office
    reference = desk.path.rpartition("/")[2]
    asked = (("a", HELD_FOR * 4), ("b", HELD_FOR), ("a", HELD_FOR))
    async with office.database.write() as connection:
        assert [await claim(connection, reference, who, now, span) for who, span in asked] == [True, False, True]
        assert not await claim(connection, reference, "b", now + HELD_FOR * 3)
        assert await claim(connection, reference, "b", now + HELD_FOR * 4)


async def test_the_promise_has_a_clock(desk: Desk) -> None:
    """The list says how much of the promised day is left, and marks what is late."""
    desk.office.clock.now += dt.timedelta(hours=1, minutes=30)
    assert "desk.promise.left desk.waits.hours 22" in (await desk.office.get("/desk/kerja")).text
    desk.office.clock.now += dt.timedelta(hours=25)
    await desk.office.sign_in()
    late = await desk.office.get("/desk/kerja")
    assert "desk.promise.late 1" in late.text
    assert "desk.promise.over desk.waits.hours 2" in late.text
    assert 'class="breach"' in (await desk.office.get(desk.path)).text


async def test_a_mistaken_record_is_taken_back(desk: Desk) -> None:
    """A supervisor takes an outcome back: the worker is told, the enrolment waits again and can be recorded anew."""
    await desk.send("terima", **ACCEPTED | {"kpj": "11111111111"})
    lead = await changed_places(desk, role="supervisor")
    assert "desk.news.reopened" in (await lead.send("buka-lagi")).text
    assert "keliru" in desk.office.heard[-1]
    enrolment = await desk.office.enrolment()
    assert (enrolment.state, enrolment.kpj, enrolment.bill) == ("waiting", None, None)
    assert await stage(desk.office) == "enter"
    assert "desk.news.recorded" in (await lead.send("terima", **ACCEPTED)).text
    assert ACCEPTED["kpj"] in desk.office.heard[-1]
    acts = [(who, act) for who, act, _ in await desk.office.acts()]
    assert acts == [("sari", "accepted"), ("budi", "reopened"), ("budi", "accepted")]


async def test_a_mistaken_refusal_is_taken_back(desk: Desk) -> None:
    """A refusal that was a mistake is taken back like any outcome."""
    await desk.send("tolak", reason="already_member")
    lead = await changed_places(desk, role="supervisor")
    assert "desk.news.reopened" in (await lead.send("buka-lagi")).text
    await lead.send("terima", **ACCEPTED)
    assert (await desk.office.enrolment()).state == "accepted"


async def test_what_was_paid_is_not_taken_back(desk: Desk) -> None:
    """Nothing is taken back that does not stand, or for which a month was paid."""
    lead = await changed_places(desk, role="supervisor")
    assert "desk.news.before" in (await lead.send("buka-lagi")).text
    await lead.send("terima", **ACCEPTED)
    await lead.send("bayar")
    assert "desk.news.before" in (await lead.send("buka-lagi")).text
    assert (await desk.office.enrolment()).state == "accepted"


async def test_a_sheet_for_the_official_form(desk: Desk) -> None:
    """A supervisor takes what waits away as a sheet with every digit; each enrolment is audited and stays theirs."""
    lead = await changed_places(desk, role="supervisor")
    async with desk.office.client.post("/desk/kerja/unduh", data={"proof": lead.page.proof}) as answer:
        assert answer.headers["Content-Disposition"].endswith('.xlsx"')
        assert answer.headers["Cache-Control"] == "no-store"
        texts = written(await answer.read())
    assert {NIK, "Budi Santoso", "1990-08-17", "+6281234567890"} <= set(texts)
    reference = desk.path.rpartition("/")[2]
    assert await desk.office.acts() == [("budi", "export", f"enrolment {reference}")]
    third = await changed_places(desk, "tuti", "supervisor")
    assert "desk.work.theirs budi" in third.page.text
    assert "desk.news.nothing_to_export" in (await desk.office.post("/desk/kerja/unduh", third.page)).text


def written(sheet: bytes) -> list[str]:
    """Return the texts of a sheet's cells."""
    with zipfile.ZipFile(io.BytesIO(sheet)) as archive:
        strings = archive.read("xl/sharedStrings.xml").decode()
    return [part.partition("</t>")[0].rpartition(">")[2] for part in strings.split("<t")[1:]]


def test_no_cell_is_a_formula() -> None:
    """A name that begins like a formula is a text in the sheet, and an amount a number."""
    made = sheet(["a", "b"], [['=HYPERLINK("http://x")', 1_000_000], ["+62", 0], ["@SUM(1)", 1]])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    assert "<v>1000000</v>" in page
    assert "@SUM(1)" in written(made)


async def test_nobody_takes_what_is_not_there(desk: Desk) -> None:
    """An enrolment that nobody knows cannot be taken."""
    assert (await desk.office.post(f"/desk/kerja/{NOBODYS}/ambil", desk.page)).status == 404
