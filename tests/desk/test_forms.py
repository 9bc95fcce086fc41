"""Somebody without a phone: filled in by an agent, signed by hand, looked at by staff, and only then handed on."""

from __future__ import annotations

import sqlalchemy as sa

from conversations.messages import Photo
from conversations.on_paper import address_of
from storage.chats import chat_at
from storage.enrolments import enrolments_of
from storage.erasure import erase_chat
from storage.export import export_chat
from storage.forms import keep_form_photo
from storage.people import people_of
from storage.tables import consents, signed_forms
from tests.desk.office import Office, Page
from tests.desk.test_agents import APPLICATION, decide

PHOTO = b"\xff\xd8\xff\xe0 tanda tangan"
FILLED_IN = (
    *("agen", "[Bantu isi data]", "jual sayur di pasar", "[Pelanggan/usaha sendiri]", "[18–64 th, WNI, ada KTP]"),
    *("1,2 juta", "[JKK + JKM]", "3273015708900002", "Sri Wahyuni", "17 agustus 1990", "0812 9999 8887"),
    "[Dia tidak punya HP]",
)


async def with_form(office: Office, *, photo: bool = True) -> tuple[Page, str]:
    """Let an agent fill in and send the photo of the form; return the desk's page and the form's code."""
    await office.begin(role="supervisor")
    await office.worker(*APPLICATION)
    await decide(office, "active")
    await office.worker(*FILLED_IN)
    await office.take(Photo("foto"))
    async with office.database.write() as connection:
        form = (await connection.execute(sa.select(signed_forms))).one()
        if photo:
            assert await keep_form_photo(connection, office.keys, form.chat_id, form.line, PHOTO)
    return await office.get("/desk/formulir"), form.id


async def test_a_good_form_is_handed_on_in_a_chat_of_the_persons_own(by_hand: Office) -> None:
    """Nothing is handed on before staff accept; then it is, once, by the agent's code, with the consent on record."""
    page, code = await with_form(by_hand)
    assert "Sri Wahyuni" in page.text
    assert "3273015708900002" not in page.text
    async with by_hand.database.read() as connection:
        assert await chat_at(connection, by_hand.keys, address_of(code)) is None
    done = await by_hand.post(f"/desk/formulir/{code}/terima", page, sees="yes")
    assert "desk.news.form_good" in done.text
    assert "diterima" in by_hand.heard[-1]
    async with by_hand.database.read() as connection:
        chat = await chat_at(connection, by_hand.keys, address_of(code))
        assert chat is not None
        [enrolment] = await enrolments_of(connection, chat.id)
        [person] = await people_of(connection, by_hand.keys, chat.id)
        given = await connection.execute(sa.select(consents.c.purpose).where(consents.c.chat_id == chat.id))
        assert list(given.scalars()) == ["enrol", "agent"]
    assert enrolment.state in ("handed_off", "waiting")
    assert person.opened()["name"] == "Sri Wahyuni"
    assert "desk.news.gone" in (await by_hand.post(f"/desk/formulir/{code}/terima", page)).text


async def test_the_agent_sees_nothing_of_it_any_more(by_hand: Office) -> None:
    """Once it is filled in the agent's chat holds nothing of the person, before and after staff looked."""
    page, code = await with_form(by_hand)
    before = await by_hand.worker("data saya")
    await by_hand.post(f"/desk/formulir/{code}/terima", page)
    after = await by_hand.worker("data saya")
    async with by_hand.database.read() as connection:
        held = str(await export_chat(connection, by_hand.keys, 1))
    assert not any("Sri" in told or "Wahyuni" in told for told in (before, after, held))


async def test_a_form_goes_back_with_a_reason_and_comes_again(by_hand: Office) -> None:
    """Sent back, the agent reads why and sends another photo; without a reason nothing is sent back."""
    page, code = await with_form(by_hand)
    assert "desk.forms.problem.reason" in (await by_hand.post(f"/desk/formulir/{code}/kembalikan", page)).text
    await by_hand.post(f"/desk/formulir/{code}/kembalikan", page, reason="tidak terbaca")
    assert "tidak terbaca" in by_hand.heard[-1]
    assert "desk.forms.none" in (await by_hand.get("/desk/formulir")).text
    await by_hand.worker("agen", "[Kirim foto formulir]")
    await by_hand.take(Photo("lagi"))
    assert code in (await by_hand.get("/desk/formulir")).text


async def test_without_its_photo_no_form_is_good(by_hand: Office) -> None:
    """A form whose photo never arrived is told so and can't be accepted, whatever is posted."""
    page, code = await with_form(by_hand, photo=False)
    assert "desk.forms.no_photo" in page.text
    refused = await by_hand.post(f"/desk/formulir/{code}/terima", page)
    assert "desk.forms.problem.photo" in refused.text
    assert (await by_hand.get(f"/desk/formulir/{code}/foto")).status == 404


async def test_a_guessed_form_is_nobodys(by_hand: Office) -> None:
    """A made-up code shows no photo and hands nothing on."""
    page = await by_hand.begin()
    assert (await by_hand.get("/desk/formulir/TEBAKAN7/foto")).status == 404
    assert "desk.news.gone" in (await by_hand.post("/desk/formulir/TEBAKAN7/terima", page)).text


async def test_the_photo_is_shown_sealed_away_and_goes_with_the_person(by_hand: Office) -> None:
    """The photo is served to staff alone and audited, stored sealed, and unreadable once the person is erased."""
    page, code = await with_form(by_hand)
    async with by_hand.client.get(f"/desk/formulir/{code}/foto") as answer:
        assert (answer.content_type, await answer.read()) == ("image/jpeg", PHOTO)
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert ("sari", "form_seen", f"form {code}") in await by_hand.acts()
    await by_hand.post(f"/desk/formulir/{code}/terima", page)
    async with by_hand.database.write() as connection:
        chat = await chat_at(connection, by_hand.keys, address_of(code))
        assert chat is not None
        kept = (await connection.execute(sa.select(signed_forms))).one()
        assert PHOTO not in kept.photo
        assert kept.data is None
        await erase_chat(connection, chat.id, by_hand.clock())
        assert (await connection.execute(sa.select(signed_forms.c.photo, signed_forms.c.data_key))).one() == (
            None,
            None,
        )
