"""What operators do with a case besides answering it."""

from __future__ import annotations

import sqlalchemy as sa

from storage.tables import drafts
from tests.desk.office import TO_THE_REVIEW, Office, Page

CASE = "/desk/kasus/1"


async def opened(office: Office) -> Page:
    """Let a worker who is half-way through the form call for somebody, and open the case."""
    await office.begin()
    await office.worker(*TO_THE_REVIEW[:10], "petugas")
    return await office.get(CASE)


async def test_the_first_one_has_it(office: Office) -> None:
    """A case is taken by one; who comes second is told so, and it can be handed back."""
    page = await opened(office)
    assert "desk.news.claim_mine" in (await office.post(f"{CASE}/ambil", page)).text
    await office.begin("rudi")
    rudis = await office.get(CASE)
    assert "desk.news.claim_taken" in (await office.post(f"{CASE}/ambil", rudis)).text
    assert "desk.news.returned" in (await office.post(f"{CASE}/lepas", rudis)).text
    assert "desk.news.claim_mine" in (await office.post(f"{CASE}/ambil", rudis)).text
    assert [act for _, act, _ in await office.acts()] == ["claim", "return", "claim"]


async def test_supervisors_give_a_case_to_who_is_there(office: Office) -> None:
    """A case goes to a colleague who works at the desk, and to nobody else; operators cannot give it away."""
    page = await opened(office)
    assert (await office.post(f"{CASE}/alihkan", page, operator="sari")).status == 403
    await office.begin("edi", "editor")
    await office.begin("dewi", "supervisor")
    page = await office.get(CASE)
    for to in ("", "edi", "tidak-ada"):
        assert (await office.post(f"{CASE}/alihkan", page, operator=to)).status == 422
    assert "desk.case.holder sari" in (await office.post(f"{CASE}/alihkan", page, operator="sari")).text


async def test_a_note_is_for_colleagues(office: Office) -> None:
    """A note stands in the conversation with who wrote it, masked; the worker hears nothing of it."""
    page, heard = await opened(office), list(office.heard)
    noted = await office.post(f"{CASE}/catat", page, note="NIK 3273011708900001 sudah dicek")
    assert "NIK ••••001 sudah dicek" in noted.text
    assert (await office.post(f"{CASE}/catat", page, note=" ")).status == 422
    assert office.heard == heard


async def test_the_bot_can_be_told_to_be_silent(office: Office) -> None:
    """An operator chooses what the bot does while the case is open."""
    page = await opened(office)
    assert "desk.mode.now.silent" in (await office.post(f"{CASE}/mode", page, form=page.form, mode="silent")).text
    heard = len(office.heard)
    await office.worker("halo?")
    assert len(office.heard) == heard


async def test_a_correction_is_offered_not_made(office: Office) -> None:
    """A field is changed only once the worker says yes."""
    page = await opened(office)
    offered = await office.post(f"{CASE}/ubah", page, form=page.form, field="name", value="Budi Hartono")
    assert "desk.news.offered" in offered.text
    assert "Budi Hartono" in office.heard[-1]
    for wrong in ({"field": "whom", "value": "self"}, {"field": "name", "value": ""}):
        assert (await office.post(f"{CASE}/ubah", page, form=page.form, **wrong)).status == 422


async def test_a_worker_is_sent_into_a_flow_once(office: Office) -> None:
    """Sent twice from one page the worker is led once; a flow that is none of ours is refused."""
    page = await opened(office)
    for _ in range(2):
        await office.post(f"{CASE}/arahkan", page, form=page.form, flow="enrolment")
    assert (await office.post(f"{CASE}/arahkan", page, form=page.form, flow="stop")).status == 422
    assert [act for _, act, _ in await office.acts()] == ["lead"]


async def test_a_field_is_revealed_for_a_reason(office: Office) -> None:
    """A masked field is shown to who says why, and the trail keeps the field and the reason."""
    page = await opened(office)
    assert "3273011708900001" not in page.text
    for wrong in ({"field": "nik", "why": ""}, {"field": "address", "why": "asked"}):
        assert (await office.post(f"{CASE}/tampilkan", page, **wrong)).status == 422
    shown = await office.post(f"{CASE}/tampilkan", page, field="nik", why="comparing")
    assert "3273011708900001" in shown.text
    assert "Budi Santoso" not in shown.text.partition('id="revealed"')[2]
    assert await office.acts() == [("sari", "reveal", "case 1 nik comparing")]


async def test_drafts_are_each_operators_own(office: Office) -> None:
    """What one writes is there for them alone, sealed, and gone once it is sent or the case is closed."""
    page = await opened(office)
    await office.post(f"{CASE}/draf", page, text="Baik, Kak Budi")
    assert "Baik, Kak Budi</textarea>" in (await office.get(CASE)).text
    async with office.database.read() as connection:
        sealed = (await connection.execute(sa.select(drafts.c.text))).scalar_one()
    assert b"Budi" not in sealed
    await office.begin("rudi")
    rudis = await office.get(CASE)
    assert "Baik, Kak Budi" not in rudis.text
    await office.post(f"{CASE}/draf", rudis, text="Halo")
    await office.post(f"{CASE}/jawab", rudis, form=rudis.form, text="Halo")
    assert "Halo</textarea>" not in (await office.get(CASE)).text
    await office.post(f"{CASE}/tutup", rudis)
    async with office.database.read() as connection:
        assert (await connection.execute(sa.select(sa.func.count()).select_from(drafts))).scalar_one() == 0


async def test_staff_open_a_case_themselves(office: Office) -> None:
    """Who wants to write to a worker again opens a case from the closed one, twice clicked once, and can answer."""
    page = await opened(office)
    await office.post(f"{CASE}/tutup", page)
    closed = await office.get(CASE)
    for _ in range(2):
        fresh = await office.post(f"{CASE}/buka", closed, form=closed.form)
        assert 'id="reply"' in fresh.text
    assert [act for _, act, _ in await office.acts()] == ["close", "open"]


async def test_an_anonymous_report_shows_nothing_of_its_sender(office: Office) -> None:
    """Of a report without a name neither what was said before nor the data stands on the page, nor can it be seen."""
    await office.begin()
    await office.worker("halo", "[Saya sendiri]", "tukang las", "[Digaji majikan]", "[Cerita tanpa nama]")
    await office.worker("Bengkel Maju di Garut")
    page = await office.get(CASE)
    assert "desk.reason.employer_anonymous" in page.text
    assert "Bengkel Maju" in page.text
    assert "tukang las" not in page.text
    assert (await office.post(f"{CASE}/tampilkan", page, field="all", why="asked")).status == 422
