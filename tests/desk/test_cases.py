"""Reading, answering and closing cases."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
import sqlalchemy as sa

from conversations.messages import Contact, Faulted, Photo, Start, Text, Unsupported
from storage.tables import inbound
from tests.desk.office import Office

ODD = (Contact("+6281234567890"), Photo("ref"), Unsupported("sticker"), Start())
ASKS = ("halo", "petugas", "NIK saya 3273 0117 0890 0001, HP 0812-3456-7890")


async def test_who_asks_for_a_person_waits_in_the_queue(office: Office) -> None:
    """A worker's "petugas" is a case at once, with its reason and how long it waits."""
    await office.begin()
    assert "desk.cases.none" in (await office.get("/desk")).text
    await office.worker("halo", "petugas")
    office.clock.now += dt.timedelta(minutes=7)
    queue = await office.get("/desk")
    for said in ('href="/desk/kasus/1"', "desk.reason.asked", "desk.waits.minutes 7"):
        assert said in queue.text


async def test_the_chat_is_read_without_its_numbers(office: Office) -> None:
    """An operator reads the whole chat; NIK and phone are masked in it."""
    await office.begin()
    await office.worker(*ASKS, "<b>cepat</b> ya")
    page = (await office.get("/desk/kasus/1")).text
    for said in ("Halo, Kak!", "NIK saya ••••001, HP ••••890", "&lt;b&gt;cepat&lt;/b&gt;"):
        assert said in page
    for kept in ("3273", "0890 0001", "3456", "<b>"):
        assert kept not in page


async def test_an_answer_reaches_the_worker_once(office: Office) -> None:
    """An answer sent twice from one form is said once, with the operator's name, and audited once."""
    await office.begin()
    await office.worker("halo", "petugas")
    page = await office.get("/desk/kasus/1")
    for news in ("replied", "before"):
        sent = await office.post("/desk/kasus/1/jawab", page, form=page.form, text="Ada yang bisa dibantu?")
        assert f"desk.news.{news}" in sent.text
    said = [text for text in office.heard if "Ada yang bisa dibantu?" in text]
    assert said == ["Sari (petugas): Ada yang bisa dibantu?"]
    assert await office.acts() == [("sari", "reply", "case 1")]
    shown = (await office.get("/desk/kasus/1")).text
    assert shown.count("Ada yang bisa dibantu?") == 1


async def test_two_clicks_at_once_say_it_once(office: Office) -> None:
    """Also forms that arrive in the same moment count once."""
    await office.begin()
    await office.worker("halo", "petugas")
    page = await office.get("/desk/kasus/1")
    await asyncio.gather(
        *(office.post("/desk/kasus/1/jawab", page, form=page.form, text="Siap, Kak.") for _ in range(3))
    )
    assert sum("Siap, Kak." in text for text in office.heard) == 1


async def test_two_answers_are_two(office: Office) -> None:
    """The same words sent from a fresh page are said again."""
    await office.begin()
    await office.worker("halo", "petugas")
    for _ in range(2):
        page = await office.get("/desk/kasus/1")
        await office.post("/desk/kasus/1/jawab", page, form=page.form, text="Sebentar ya.")
    assert sum("Sebentar ya." in text for text in office.heard) == 2


@pytest.mark.parametrize("text", ["", "   ", "a" * 2001])
async def test_an_answer_has_words_but_not_too_many(office: Office, text: str) -> None:
    """Nothing, or more than fits into a message, is not sent; what was typed stays on the page."""
    await office.begin()
    await office.worker("halo", "petugas")
    page = await office.get("/desk/kasus/1")
    refused = await office.post("/desk/kasus/1/jawab", page, form=page.form, text=text)
    assert refused.status == 422
    assert text.strip() in refused.text
    assert await office.acts() == []


async def test_a_busy_program_says_so(office: Office) -> None:
    """Where an answer cannot be taken the operator is told that nothing was sent, and may send it again."""
    await office.begin()
    await office.worker("halo", "petugas")
    page = await office.get("/desk/kasus/1")
    await office.turns.stop()
    busy = await office.post("/desk/kasus/1/jawab", page, form=page.form, text="Siap.")
    assert busy.status == 503
    assert "desk.note.busy" in busy.text
    await office.turns.start()
    assert "desk.news.replied" in (await office.post("/desk/kasus/1/jawab", page, form=page.form, text="Siap.")).text


async def test_closing_gives_the_chat_back_to_the_bot(office: Office) -> None:
    """While a case is open the bot is silent; once closed it goes on at its question, and the queue is empty."""
    await office.begin()
    await office.worker("halo", "petugas", "kapan dijawab?")
    page = await office.get("/desk/kasus/1")
    assert "desk.news.closed" in (await office.post("/desk/kasus/1/tutup", page)).text
    assert "Petugas sudah menutup percakapan ini." in office.heard[-1]
    assert "desk.cases.none" in (await office.get("/desk")).text
    assert "Apa pekerjaan Kakak?" in await office.worker("[Saya sendiri]")


async def test_a_closed_case_is_closed(office: Office) -> None:
    """A closed case can be read, but neither answered nor closed again."""
    await office.begin()
    await office.worker("halo", "petugas")
    page = await office.get("/desk/kasus/1")
    await office.post("/desk/kasus/1/tutup", page)
    heard = list(office.heard)
    for act in ("jawab", "tutup"):
        late = await office.post(f"/desk/kasus/1/{act}", page, form=page.form, text="Halo?")
        assert "desk.news.before" in late.text
    assert office.heard == heard
    assert 'id="reply"' not in (await office.get("/desk/kasus/1")).text
    assert await office.acts() == [("sari", "close", "case 1")]


async def test_a_worker_who_erased_everything_cannot_be_read(office: Office) -> None:
    """After a chat is erased its case shows nothing that was typed."""
    await office.begin()
    await office.worker(*ASKS)
    page = await office.get("/desk/kasus/1")
    await office.post("/desk/kasus/1/tutup", page)
    await office.worker("[Saya sendiri]", "hapus data saya", "[Ya, hapus semua]")
    assert "NIK saya" not in (await office.get("/desk/kasus/1")).text


async def test_no_such_case(office: Office) -> None:
    """A number that no case has is told so, however large."""
    await office.begin()
    for number in ("7", "999999999999999"):
        assert (await office.get(f"/desk/kasus/{number}")).status == 404


async def test_every_line_of_any_kind_can_be_shown(office: Office) -> None:
    """Contacts, photos and stickers stand in the transcript as what they are."""
    await office.begin()
    await office.worker("halo", "petugas")
    for what in ODD:
        await office.take(what)
    page = (await office.get("/desk/kasus/1")).text
    for kind in ("contact", "photo", "unsupported", "start"):
        assert f"desk.event.{kind}" in page


async def test_a_fault_is_a_case_too(office: Office) -> None:
    """Where a turn failed staff see a case with that reason."""
    await office.begin()
    await office.take(Faulted("ValueError"))
    assert "desk.reason.fault" in (await office.get("/desk")).text


async def test_what_was_answered_is_an_incoming_like_any_other(office: Office) -> None:
    """An operator's words are recorded as taken through the one door."""
    await office.begin()
    await office.worker("halo", "petugas")
    page = await office.get("/desk/kasus/1")
    await office.post("/desk/kasus/1/jawab", page, form=page.form, text="Halo")
    await office.take(Text("makasih"))
    async with office.database.read() as connection:
        kinds = (await connection.execute(sa.select(inbound.c.kind).order_by(inbound.c.line))).scalars().all()
    assert kinds == ["text", "text", "staff_said", "text"]
