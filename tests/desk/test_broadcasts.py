"""Broadcasts at the desk: written, tried out, sent, stopped, each by who may, and audited."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.broadcasting import Broadcasting
from bot.desk.regions import area_name, read_area
from conversations.audience import Audience
from storage import broadcasts
from storage.broadcasts import Broadcast
from storage.tables import consents, enrolments, people
from tests.chat import HERE
from tests.desk.office import Office, Page

WORDS = "Ada gerai Jamin di Pasar Baru hari Sabtu.\nDatang ya, Kak."


async def written(office: Office, **typed: str) -> Page:
    """Write a broadcast; the page that follows."""
    page = await office.get("/desk/kabar")
    fields = {"form": page.form, "text": WORDS, "standing": "", "area": "", "occupation": "", "language": "", **typed}
    return await office.post("/desk/kabar", page, **fields)


async def kept(office: Office) -> list[Broadcast]:
    """All broadcasts."""
    async with office.database.read() as connection:
        return await broadcasts.all_broadcasts(connection)


async def telling(office: Office) -> None:
    """Let the job tell what is due."""
    await Broadcasting(office.database, office.keys, office.turns.take, office.clock).round()


async def agreed(office: Office) -> None:
    """A member from Bandung in the worker's chat who agreed to broadcasts."""
    await office.worker("halo")
    async with office.database.write() as connection:
        person = {"id": "p", "chat_id": 1, "number": 1, "key_id": "k", "data_key": b"k", "regency": "3273"}
        member = {"id": "e", "chat_id": 1, "person_id": "p", "state": "accepted"}
        yes = {"chat_id": 1, "person": 0, "purpose": "broadcast", "version": "1", "given": True, "at": HERE}
        await connection.execute(sa.insert(people).values(**person, created_at=HERE))
        await connection.execute(sa.insert(enrolments).values(**member, created_at=HERE, updated_at=HERE))
        await connection.execute(sa.insert(consents).values(**yes))


async def test_a_broadcast_is_written_counted_and_sent(office: Office) -> None:
    """An editor's draft shows the words as they will be read and how many chats they go to; a supervisor sends it, and
    each act is audited."""
    await agreed(office)
    await office.begin("dewi", "editor")
    page = await written(office, standing="member", area="Kota Bandung")
    assert "desk.broadcast.state.draft" in page.text
    assert "desk.broadcast.count 1" in page.text
    [draft] = await kept(office)
    assert draft.whom == Audience("member", "3273")
    assert (await office.post(f"{page.path}/kirim", page, at="")).status == 403
    office.leave()
    await office.begin("rina", "supervisor")
    done = await office.post(f"{page.path}/kirim", await office.get(page.path), at="")
    assert "desk.news.scheduled" in done.text
    await telling(office)
    acts = [(who, act) for who, act, _ in await office.acts()]
    assert acts == [("dewi", "broadcast_written"), ("rina", "broadcast_scheduled")]


async def test_a_form_sent_twice_is_one_draft(office: Office) -> None:
    """A double tap writes once."""
    await office.begin("dewi", "editor")
    page = await office.get("/desk/kabar")
    for _ in range(2):
        await office.post("/desk/kabar", page, form=page.form, text=WORDS)
    assert len(await kept(office)) == 1
    assert len(await office.acts()) == 1


async def test_a_test_goes_to_the_chat_of_a_case(office: Office) -> None:
    """It comes to that chat alone; a case that is not there is told."""
    await office.worker("halo", "petugas")
    await office.begin("dewi", "editor")
    page = await written(office)
    assert "desk.news.tested" in (await office.post(f"{page.path}/uji", page, case="1")).text
    assert "desk.broadcast.case.problem" in (await office.post(f"{page.path}/uji", page, case="99")).text
    await telling(office)
    assert WORDS in office.heard[-1]
    assert [act for _, act, _ in await office.acts()] == ["broadcast_written", "broadcast_tested"]


async def test_a_stopped_broadcast_is_sent_no_further_and_goes_on_when_asked(office: Office) -> None:
    """Stopping needs no second look, whoever may write; going on does what scheduling does."""
    await agreed(office)
    await office.begin("rina", "supervisor")
    page = await written(office)
    await office.post(f"{page.path}/kirim", page, at="2027-01-05T09:00")
    assert "desk.news.stopped" in (await office.post(f"{page.path}/henti", page)).text
    assert "desk.news.before" in (await office.post(f"{page.path}/henti", page)).text
    assert [one.state for one in await kept(office)] == ["stopped"]
    assert "desk.broadcast.send.stopped" in (await office.get(page.path)).text


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"text": ""}, "text.problem"),
        ({"text": "x" * 801}, "text.problem"),
        ({"area": "xyzzy"}, "area.problem"),
        ({"occupation": "king"}, "whom.problem"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_lost(office: Office, typed: dict[str, str], problem: str) -> None:
    """The form comes back with what was typed and with what to change."""
    await office.begin("dewi", "editor")
    page = await written(office, **typed)
    assert (page.status, f"desk.broadcast.{problem}" in page.text) == (422, True)
    assert await kept(office) == []


async def test_a_moment_that_is_none_is_told(office: Office) -> None:
    """A schedule needs a day and an hour."""
    await office.begin("rina", "supervisor")
    page = await written(office)
    again = await office.post(f"{page.path}/kirim", page, at="besok")
    assert (again.status, "desk.broadcast.at.problem" in again.text) == (422, True)


@pytest.mark.parametrize(
    ("typed", "area"),
    [("", ""), ("Jawa Barat", "32"), ("kota bandung", "3273"), ("32", "32"), ("3273", "3273"), ("xyzzy", None)],
)
def test_an_area_is_read_as_people_write_it(typed: str, area: str | None) -> None:
    """A province or a regency, by name or by code."""
    assert read_area(typed, HERE.date()) == area
    assert area is None or not area or area_name(area) != area
