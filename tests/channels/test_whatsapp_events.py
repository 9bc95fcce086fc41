"""What comes from WhatsApp besides words: pictures for staff, other numbers, wishes, ads, and what comes late."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from bot.app import Jamin
from bot.settings import SettingsError, load_settings
from conversations.messages import Address
from conversations.session import Session, decode
from storage.chats import Chats
from storage.media import media_of, open_medium
from storage.tables import consents, inbound, outbox, people
from tests.channels.test_whatsapp_window import ADDRESS, PERSON, arrived, enrolled, greeted, until
from tests.fakes import graph_api
from tests.fakes.graph_api import NUMBER, FakeGraphApi, posting
from tests.fakes.graph_templates import RefusalError

JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 2000
NEW = "628999888777"
HOUR = 3600.0


async def column(jamin: Jamin, wanted: sa.ColumnElement[Any]) -> list[Any]:
    """Return a column."""
    async with jamin.database.read() as connection:
        return list((await connection.execute(sa.select(wanted))).scalars())


async def session_at(jamin: Jamin, address: Address = ADDRESS) -> Session | None:
    """Return the session of the chat at an address, None where there is no chat."""
    async with jamin.database.write() as connection:
        if await Chats(jamin.keys).find(connection, address) is None:
            return None
        locked = await Chats(jamin.keys).lock(connection, [address], jamin.clock())
        return decode(locked[address].session)


class TestMedia:
    """What staff may look at."""

    async def with_staff(self, jamin: Jamin, graph: FakeGraphApi) -> None:
        """Ask for a person."""
        await greeted(jamin, graph)
        graph.say(PERSON, "petugas")
        await arrived(graph, 2)

    async def fetching(self, jamin: Jamin, state: str) -> None:
        """Wait until what was sent has been fetched, or given up."""

        async def over() -> bool:
            return await column(jamin, outbox.c.state.label("s")) != [] and state in await self.fetched(jamin)

        await until(over)

    async def fetched(self, jamin: Jamin) -> list[str]:
        """Return the states of what was to be fetched."""
        async with jamin.database.read() as connection:
            found = await connection.execute(sa.select(outbox.c.state).where(outbox.c.lane == "media"))
            return list(found.scalars())

    async def test_a_picture_sent_to_staff_is_kept_sealed(self, served: Jamin, graph: FakeGraphApi) -> None:
        """While staff have the chat a picture is fetched once and opens again for the line it came in."""
        await self.with_staff(served, graph)
        graph.files["m1"] = JPEG
        raw = graph.write(PERSON, type="image", image={"id": "m1", "mime_type": "image/jpeg"})
        graph.bring(raw)
        await self.fetching(served, "done")
        async with served.database.read() as connection:
            [medium] = await media_of(connection, 1)
            assert (medium.kind, medium.size) == ("image/jpeg", len(JPEG))
            assert await open_medium(connection, served.keys, 1, medium.line) == (medium, JPEG)
            kind = sa.select(inbound.c.kind).where(inbound.c.line == medium.line)
            assert (await connection.execute(kind)).scalar_one() == "photo"
        assert graph.asked.count("/m1") == 1

    async def test_nobody_looks_nobody_fetches(self, served: Jamin, graph: FakeGraphApi) -> None:
        """Without staff a picture stays where it is, and the worker hears that it can't be read."""
        await greeted(served, graph)
        graph.files["m1"] = JPEG
        graph.write(PERSON, type="image", image={"id": "m1"})
        assert "belum bisa membaca" in graph_api.words((await arrived(graph, 2))[1])
        assert graph.asked == []
        assert await self.fetched(served) == []

    @pytest.mark.parametrize(
        "content", [b"<html><script>", b"MZ\x90\0", JPEG + b"\0" * 8 * 1024 * 1024], ids=["page", "program", "huge"]
    )
    async def test_what_is_no_picture_is_not_kept(self, served: Jamin, graph: FakeGraphApi, content: bytes) -> None:
        """What it is shows in its bytes, whatever the header says, and there is a largest size."""
        await self.with_staff(served, graph)
        graph.files["m1"] = content
        graph.write(PERSON, type="image", image={"id": "m1", "mime_type": "image/jpeg"})
        await self.fetching(served, "dead")
        async with served.database.read() as connection:
            assert await media_of(connection, 1) == []

    @pytest.mark.parametrize("place", ["http://169.254.169.254", "https://example.org", "http://[", "//x", ""])
    async def test_files_are_fetched_from_nowhere_else(self, served: Jamin, graph: FakeGraphApi, place: str) -> None:
        """An address elsewhere than the API's own is not even asked."""
        await self.with_staff(served, graph)
        graph.files["m1"] = JPEG
        graph.files_at = place or "file:///etc"
        graph.write(PERSON, type="image", image={"id": "m1"})
        await self.fetching(served, "dead")
        assert graph.asked == ["/m1"]

    async def test_a_strange_id_is_not_asked_for(self, served: Jamin, graph: FakeGraphApi) -> None:
        """An id that could lead elsewhere in the API is dropped."""
        await self.with_staff(served, graph)
        graph.write(PERSON, type="document", document={"id": "../me/accounts"})
        await self.fetching(served, "dead")
        assert graph.asked == []


def changed(graph: FakeGraphApi, person: str = PERSON, **more: str) -> dict[str, Any]:
    """A notice that somebody has another number."""
    told = {"type": "user_changed_number", "wa_id": NEW, "body": f"{person} changed to {NEW}", **more}
    return {"id": "wamid.c1", "from": person, "timestamp": "1795248000", "type": "system", "system": told}


class TestAnotherNumber:
    """The chat goes on at the new number."""

    async def test_the_chat_follows_and_asks_who_is_there(self, served: Jamin, graph: FakeGraphApi) -> None:
        """What was begun is there at the new number, behind the birth date; the old number is a stranger's."""
        await enrolled(served, graph)
        for _ in range(2):
            graph.bring(posting(PERSON, changed(graph)))

        async def moved() -> bool:
            return await session_at(served, ADDRESS._replace(address=NEW)) is not None

        await until(moved)
        assert await session_at(served) is None
        graph.say(NEW, "status")
        await until(lambda: heard(graph, NEW, 1))
        assert "Siti" not in graph_api.words(graph.sent[NEW][0])
        graph.say(NEW, "17 Agustus 1990")
        await until(lambda: heard(graph, NEW, 2))
        session = await session_at(served, ADDRESS._replace(address=NEW))
        assert session is not None
        assert not session.locked
        before = len(graph.sent[PERSON])
        graph.say(PERSON, "halo")
        await until(lambda: heard(graph, PERSON, before + 1))
        stranger = await session_at(served)
        assert stranger is not None
        assert stranger.people == ()

    async def test_nobody_is_merged(self, served: Jamin, graph: FakeGraphApi) -> None:
        """Where somebody writes from the new number already, both chats stay apart."""
        await greeted(served, graph)
        graph.say(NEW, "halo")
        await until(lambda: heard(graph, NEW, 1))
        graph.bring(posting(PERSON, changed(graph)))

        async def noted() -> bool:
            return "number_changed" in await column(served, inbound.c.kind)

        await until(noted)
        assert await session_at(served) is not None
        assert await session_at(served, ADDRESS._replace(address=NEW)) is not None

    async def test_the_platform_s_ids_change_too(self, served: Jamin, graph: FakeGraphApi) -> None:
        """Who is known by id is found under the id of before and reached at the new one."""
        graph.say("ID.1", "halo")
        await until(lambda: heard(graph, "ID.1", 1))
        graph.bring(posting(PERSON, changed(graph, previous_user_id="ID.1", user_id="ID.2")))

        async def moved() -> bool:
            return await session_at(served, Address("whatsapp", NUMBER, "id:ID.2")) is not None

        await until(moved)


async def heard(graph: FakeGraphApi, person: str, count: int) -> bool:
    """Tell whether somebody has that many messages."""
    return len(graph.sent[person]) >= count


async def test_wishes_about_broadcasts_are_kept_and_answered_by_nothing(served: Jamin, graph: FakeGraphApi) -> None:
    """A stop told to WhatsApp is on record for broadcasts; what was agreed with us, and strangers, stay untouched."""
    await greeted(served, graph)
    for person, value in ((PERSON, "stop"), (PERSON, "resume"), ("62877", "stop")):
        raw = posting(person)
        wish = {"wa_id": person, "category": "marketing_messages", "value": value, "timestamp": len(value)}
        raw["entry"][0]["changes"][0]["value"]["user_preferences"] = [wish]
        graph.bring(raw)

    async def kept() -> bool:
        return await column(served, consents.c.given) == [False, True]

    await until(kept)
    assert set(await column(served, consents.c.purpose)) == {"broadcast"}
    assert len(graph.sent[PERSON]) == 1


async def test_the_platform_s_own_stop_button_stops(served: Jamin, graph: FakeGraphApi) -> None:
    """A button that WhatsApp adds says its label, and "Berhenti" is met like the word."""
    await greeted(served, graph)
    graph.write(PERSON, type="button", button={"payload": "Berhenti", "text": "Berhenti"})
    sent = await arrived(graph, 2)
    session = await session_at(served)
    assert session is not None
    assert session.flow == "stop"
    assert len(graph_api.choices(sent[1])) >= 2


async def test_an_ad_is_remembered_until_the_enrolment(served: Jamin, graph: FakeGraphApi) -> None:
    """The first ad that led somebody here stands beside the figures of their enrolment, and nothing more of it."""
    for source in ("120208", "99"):
        ad = {"source_type": "ad", "source_id": source, "ctwa_clid": "secret-click", "headline": "Siti?"}
        before = len(graph.sent[PERSON])
        graph.write(PERSON, type="text", text={"body": "halo"}, referral=ad)
        await arrived(graph, before + 1)
    await enrolled(served, graph)
    assert await column(served, people.c.source) == ["ad:120208"]


class TestLate:
    """What WhatsApp brings after hours or days."""

    async def test_a_late_yes_is_asked_again(self, served: Jamin, graph: FakeGraphApi) -> None:
        """An answer from yesterday changes nothing: the open question is put again in full."""
        await greeted(served, graph)
        first = graph.sent[PERSON][0]
        choice = next(key["id"] for key in graph_api.choices(first) if key["title"] == "Saya sendiri")
        reply = {"type": "list_reply", "list_reply": {"id": choice, "title": "…"}}
        old = [
            graph.message(PERSON, type="interactive", interactive=reply),
            graph.message(PERSON, type="text", text={"body": "saya sendiri"}),
        ]
        served.clock.forward(13 * HOUR)
        for number, late in enumerate(old, start=2):
            graph.bring(posting(PERSON, late))
            sent = await arrived(graph, number)
            assert "sekali lagi" in graph_api.words(sent[-1])
            assert graph_api.choices(sent[-1])[0]["title"] == "Saya sendiri"
        session = await session_at(served)
        assert session is not None
        assert session.people == ()

    async def test_a_late_word_still_counts(self, served: Jamin, graph: FakeGraphApi) -> None:
        """Who asked for a person hours ago gets one."""
        await greeted(served, graph)
        late = graph.message(PERSON, type="text", text={"body": "petugas"})
        served.clock.forward(13 * HOUR)
        graph.bring(posting(PERSON, late))
        await arrived(graph, 2)
        session = await session_at(served)
        assert session is not None
        assert session.case

    async def test_later_first(self, served: Jamin, graph: FakeGraphApi) -> None:
        """Two messages brought in the wrong order are both taken, each once."""
        await greeted(served, graph)
        first, second = (graph.message(PERSON, type="text", text={"body": words}) for words in ("halo", "bantuan"))
        for raw in (second, first, second):
            graph.bring(posting(PERSON, raw))
        await arrived(graph, 3)
        assert await column(served, sa.func.count(inbound.c.line)) == [3]


async def test_a_refusal_names_no_words(served: Jamin, graph: FakeGraphApi, capsys: pytest.CaptureFixture[str]) -> None:
    """What goes wrong on the wire is logged without what was said or who it was."""
    graph.failures.append(RefusalError(400, 131026))
    graph.say(PERSON, "rahasia sekali")

    async def dead() -> bool:
        return await column(served, outbox.c.state) == ["dead"]

    await until(dead)
    printed = capsys.readouterr()
    assert not [secret for secret in (PERSON, "rahasia") if secret in printed.out + printed.err]


def test_another_graph_api_must_be_reached_safely_in_live_mode() -> None:
    """What people say does not go over http, except on this machine."""
    wrong = {"mode": "live", "operator_name": "Tim", "backend": "manual"}
    with pytest.raises(SettingsError, match="JAMIN_WHATSAPP_API_URL must start with https://"):
        load_settings(**wrong, whatsapp_api_url="http://example.org")
    assert load_settings(**wrong, whatsapp_api_url="http://127.0.0.1:9").whatsapp_api_url
