"""The manual backend's work: from waiting to accepted to paid."""

from __future__ import annotations

import pytest

from tests.desk.office import Office, Page

NOBODYS = "00000000-0000-4000-8000-000000000000"
ACCEPTED = {
    "kpj": "26110000017",
    "code": "880812345678",
    "total": "12.400",
    "first": "2026-11",
    "months": "1",
    "expires": "2026-11-24",
}
RENEWED = {"code": "990012345678", "total": "12.400", "first": "2026-12", "months": "1", "expires": "2026-12-10"}


class Desk:
    """An operator at the page of the worker's enrolment."""

    def __init__(self, office: Office, reference: str, page: Page) -> None:
        self.office = office
        self.path = f"/desk/kerja/{reference}"
        self.page = page

    async def send(self, act: str, **fields: str) -> Page:
        """Send one of the page's forms."""
        return await self.office.post(f"{self.path}/{act}", self.page, **fields)


@pytest.fixture
async def desk(by_hand: Office) -> Desk:
    """An enrolment that waits, opened by an operator."""
    enrolment = await by_hand.waiting_enrolment()
    await by_hand.begin()
    path = f"/desk/kerja/{enrolment.id}"
    assert path in (await by_hand.get("/desk/kerja")).text
    return Desk(by_hand, enrolment.id, await by_hand.get(path))


async def stage(office: Office) -> str:
    """Return the stages of the work list that are not empty."""
    queue = (await office.get("/desk/kerja")).text
    return " ".join(stage for stage in ("enter", "bill", "pay") if f"desk.work.{stage} 1" in queue)


async def test_an_enrolment_goes_from_waiting_to_accepted_to_paid(desk: Desk) -> None:
    """What an operator records is told to the worker as a machine's answer would be."""
    office = desk.office
    assert "Pendaftaran Kakak sudah diterima petugas." in office.heard[-1]
    assert await stage(office) == "enter"
    recorded = await desk.send("terima", **ACCEPTED)
    assert "desk.news.recorded" in recorded.text
    for said in ("26110000017", "880812345678", "Rp12.400", "Bayar paling lambat 24 November 2026."):
        assert said in office.heard[-1]
    assert (await office.enrolment()).state == "accepted"
    assert await stage(office) == "pay"
    await desk.send("bayar")
    assert "Pembayaran" in office.heard[-1]
    assert await stage(office) == ""
    assert [act for _, act, _ in await office.acts()] == ["accepted", "paid"]


async def test_each_is_recorded_once(desk: Desk) -> None:
    """The same form sent twice, or by two operators, is recorded once: the first outcome holds."""
    office = desk.office
    await desk.send("terima", **ACCEPTED)
    heard = list(office.heard)
    for act, fields in (("terima", ACCEPTED | {"kpj": "99999999999"}), ("tolak", {"reason": "age"})):
        assert "desk.news.before" in (await desk.send(act, **fields)).text
    assert office.heard == heard
    await desk.send("bayar")
    heard = list(office.heard)
    for act in ("bayar", "lewat"):
        assert "desk.news.before" in (await desk.send(act)).text
    assert office.heard == heard
    assert [act for _, act, _ in await office.acts()] == ["accepted", "paid"]


async def test_a_refusal_is_told_with_its_reason(desk: Desk) -> None:
    """A refusal reaches the worker in words and leaves the work list."""
    await desk.send("tolak", reason="age")
    assert (await desk.office.enrolment()).reason == "age"
    assert "belum bisa" in desk.office.heard[-1] or "umur" in desk.office.heard[-1].lower()
    assert await stage(desk.office) == ""
    assert "desk.refused.age" in (await desk.office.get(desk.path)).text


async def test_a_reason_is_one_of_ours(desk: Desk) -> None:
    """A refusal without a reason, or with one that nobody offered, is not recorded."""
    for reason in ("", "0812 3456 7890"):
        assert (await desk.send("tolak", reason=reason)).status == 422
    assert (await desk.office.enrolment()).state == "waiting"


@pytest.mark.parametrize("field", ACCEPTED)
async def test_a_field_that_is_not_right_is_named(desk: Desk, field: str) -> None:
    """Nothing is recorded until every field is right; what was typed stays."""
    refused = await desk.send("terima", **ACCEPTED | {field: "salah"})
    assert refused.status == 422
    assert refused.text.count('aria-invalid="true"') == 1
    assert 'value="salah"' in refused.text
    assert (await desk.office.enrolment()).state == "waiting"


async def test_data_is_masked_until_it_is_revealed(desk: Desk) -> None:
    """A field is shown for a reason, which is audited with the field's name and never with what it holds."""
    assert "occupation.ojek_online" in desk.page.text
    hidden = ("3273011708900001", "Budi", "Santoso", "1990-08-17", "+6281234567890")
    assert not any(value in desk.page.text for value in hidden)
    shown = await desk.send("tampilkan", field="nik", why="entering")
    assert hidden[0] in shown.text
    assert not any(value in shown.text for value in hidden[1:])
    everything = await desk.send("tampilkan", field="all", why="comparing")
    assert all(value in everything.text for value in hidden)
    reference = desk.path.rpartition("/")[2]
    assert await desk.office.acts() == [
        ("sari", "reveal", f"enrolment {reference} nik entering"),
        ("sari", "reveal", f"enrolment {reference} nik,name,birth_date,phone comparing"),
    ]


@pytest.mark.parametrize(("field", "why"), [("nik", ""), ("nik", "iseng"), ("", "entering"), ("address", "entering")])
async def test_nothing_is_revealed_without_a_reason(desk: Desk, field: str, why: str) -> None:
    """Without one of the reasons, or for a field that is not there, nothing is shown."""
    refused = await desk.send("tampilkan", field=field, why=why)
    assert refused.status == 422
    assert "3273011708900001" not in refused.text
    assert await desk.office.acts() == []


async def test_a_code_that_ran_out_is_followed_by_a_new_one(desk: Desk) -> None:
    """The worker is told that the code ran out and asks for a new one; the operator records it; it is paid."""
    office = desk.office
    await desk.send("terima", **ACCEPTED)
    await office.worker("[Ya, ingatkan]")
    await desk.send("lewat")
    assert await stage(office) == "pay"
    await office.worker("[Bayar iuran]", "1")
    assert await stage(office) == "bill"
    assert "desk.news.recorded" in (await desk.send("tagihan", **RENEWED)).text
    assert "990012345678" in office.heard[-1]
    assert await stage(office) == "pay"
    await desk.send("bayar")
    assert await stage(office) == ""


async def test_no_bill_for_a_month_that_is_paid(desk: Desk) -> None:
    """A new bill cannot begin with a month that is recorded as paid."""
    await desk.send("terima", **ACCEPTED)
    await desk.send("bayar")
    refused = await desk.send("tagihan", **RENEWED | {"first": "2026-11"})
    assert refused.status == 422


async def test_no_bill_before_the_enrolment(desk: Desk) -> None:
    """Nobody is billed who is not enrolled yet."""
    for act, fields in (("tagihan", RENEWED), ("bayar", {}), ("lewat", {})):
        assert "desk.news.before" in (await desk.send(act, **fields)).text
    assert await desk.office.acts() == []


async def test_an_erased_person_leaves_the_work_list(desk: Desk) -> None:
    """After the worker has everything erased there is nothing left to key in or to reveal."""
    office = desk.office
    await office.worker("hapus data saya", "[Ya, hapus semua]")
    assert await stage(office) == ""
    assert (await office.get(desk.path)).status == 404
    assert (await desk.send("tampilkan", field="all", why="entering")).status == 404


async def test_only_the_manual_backend_has_a_work_list(office: Office) -> None:
    """Where a machine enrols nobody can record an outcome by hand."""
    page = await office.begin()
    assert "desk.work" not in page.text
    assert (await office.get("/desk/kerja")).status == 404
    assert (await office.post(f"/desk/kerja/{NOBODYS}/terima", page, **ACCEPTED)).status == 404


async def test_no_such_enrolment(by_hand: Office) -> None:
    """A reference that nobody has is told so."""
    await by_hand.begin()
    assert (await by_hand.get(f"/desk/kerja/{NOBODYS}")).status == 404
