"""WhatsApp, against a Graph API as strict as the real one."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import sqlalchemy as sa

from bot.app import Jamin, running
from bot.channels.whatsapp.hook import PATH
from bot.channels.whatsapp.sender import Mark, read_mark
from bot.channels.whatsapp.shapes import BODY, question_apart, shapes
from bot.channels.whatsapp.templates import READ
from bot.channels.whatsapp.updates import Arrival, Notice, Report, read_posting
from bot.channels.whatsapp.wire import TemplateRefusedError, WindowClosedError, meaning, recipient
from bot.clock import Clock
from bot.outbox import DeliveryError, GoneError, RefusedError
from bot.settings import Settings, SettingsError, load_settings
from bot.web_app import bound
from conversations.messages import (
    Address,
    Contact,
    Located,
    Message,
    NewsWanted,
    NumberChanged,
    Photo,
    Shown,
    Start,
    Tap,
    Text,
    Unsupported,
    What,
)
from storage.tables import inbound, outbox
from tests.fakes import graph_api
from tests.fakes.graph_api import NUMBER, FakeGraphApi, posting, signed
from tests.fakes.graph_templates import RefusalError

AT = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
PERSON = "6281234567890"
NIK = "3273011708900001"
PATIENCE = 15.0


# --- what comes in ---------------------------------------------------------------------------------------------------


def message(**content: Any) -> dict[str, Any]:
    """A message of a worker."""
    return {"id": "wamid.1", "from": PERSON, "timestamp": "1795248000", **content}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"type": "text", "text": {"body": "halo"}}, Text("halo")),
        ({"type": "text", "text": {"body": " Kode AGEN7 "}}, Text(" Kode AGEN7 ")),
        ({"type": "text", "text": {"body": "kode: agen-7"}}, Text("kode: agen-7")),
        ({"type": "text", "text": {"body": "kode apa ini?"}}, Text("kode apa ini?")),
        ({"type": "text", "text": {"body": "halo"}, "referral": {"source_type": "ad"}}, Text("halo")),
        (
            {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "1:a:b"}}},
            Tap("1:a:b"),
        ),
        ({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "1:a:c"}}}, Tap("1:a:c")),
        ({"type": "interactive", "interactive": {"type": "nfm_reply"}}, Unsupported("other")),
        ({"type": "text", "text": {"body": "halo"}, "context": {"forwarded": True}}, Text("halo")),
        ({"type": "button", "button": {"payload": "!status", "text": "Status"}}, Tap("!status")),
        ({"type": "button", "button": {"payload": READ, "text": "Baca kabar"}}, Start()),
        ({"type": "button", "button": {"payload": "Berhenti", "text": "Berhenti"}}, Text("Berhenti")),
        ({"type": "image", "image": {"id": "m1"}}, Photo("m1")),
        ({"type": "contacts", "contacts": [{"phones": [{"wa_id": PERSON}]}]}, Contact("+" + PERSON)),
        ({"type": "contacts", "contacts": [{"phones": [{"wa_id": "62899"}]}]}, Unsupported("contact")),
        ({"type": "contacts", "contacts": []}, Unsupported("contact")),
        ({"type": "audio", "audio": {"id": "1", "voice": True}}, Unsupported("voice", "1")),
        ({"type": "document", "document": {"id": "1"}}, Unsupported("file", "1")),
        ({"type": "document", "document": {}}, Unsupported("file")),
        ({"type": "text", "text": {"body": "halo"}, "timestamp": 5, "referral": 5}, Text("halo")),
        ({"type": "video", "video": {"id": "1"}}, Unsupported("file")),
        ({"type": "order", "order": {}}, Unsupported("other")),
        ({"type": "poll_creation"}, Unsupported("other")),
        ({"type": "sticker"}, Unsupported("sticker")),
        ({"type": "location", "location": {}}, Located(())),
        ({"type": "location"}, Unsupported("location")),
        (
            {"type": "location", "location": {"latitude": -6.9, "longitude": 107.6}},
            Located(("32.73", "32.77", "32.04")),
        ),
        ({"type": "unsupported", "errors": [{"code": 131051}]}, Unsupported("other")),
        ({"type": "of_next_year"}, Unsupported("other")),
        ({"type": "request_welcome"}, Start()),
        ({"type": "reaction", "reaction": {"emoji": "👍"}}, None),
        ({"type": "edit", "edit": {}}, None),
        ({"type": "revoke", "revoke": {}}, None),
        ({"type": "system", "system": {"type": "user_changed_number"}}, None),
        ({"type": "system", "system": {"type": "customer_identity_changed", "wa_id": "62"}}, None),
        ({"type": 5}, None),
    ],
)
def test_what_a_message_says(content: dict[str, Any], said: What | None) -> None:
    """Each kind of content is one incoming; what is about the chat itself is none."""
    found = read_posting(posting(PERSON, message(**content)), NUMBER)
    assert [one.incoming.what for one in found if isinstance(one, Arrival)] == ([said] if said else [])


def test_every_message_of_a_posting_counts() -> None:
    """A posting of several entries, changes and messages is read to its end, in order."""
    texts = [message(type="text", text={"body": str(number)}, id=f"w{number}") for number in range(4)]
    raw = posting(PERSON, *texts[:2])
    raw["entry"][0]["changes"] += posting(PERSON, texts[2])["entry"][0]["changes"]
    raw["entry"] += posting(PERSON, texts[3])["entry"]
    found = read_posting(raw, NUMBER)
    assert [one.incoming.id for one in found if isinstance(one, Arrival)] == ["w0", "w1", "w2", "w3"]


def test_people_are_known_by_id_where_there_is_one() -> None:
    """Somebody with the platform's id keeps the chat when the number changes or is hidden."""
    raw = posting(PERSON, message(type="text", text={"body": "halo"}))
    raw["entry"][0]["changes"][0]["value"]["contacts"][0]["user_id"] = "ID.9"
    [seen] = read_posting(raw, NUMBER)
    hidden = {key: value for key, value in message(type="text", text={"body": "x"}).items() if key != "from"}
    [unseen] = read_posting(posting("ID.9", hidden | {"from_user_id": "ID.9"}), NUMBER)
    assert isinstance(seen, Arrival)
    assert isinstance(unseen, Arrival)
    assert seen.incoming.address == unseen.incoming.address
    assert recipient(seen.incoming.address.address) == {"recipient": "ID.9"}
    assert recipient(PERSON) == {"to": PERSON}


@pytest.mark.parametrize(
    ("referral", "source"),
    [
        ({"source_type": "ad", "source_id": "120208012345", "headline": "Siti?", "ctwa_clid": "x"}, "ad:120208012345"),
        ({"source_type": "post", "source_id": "77"}, "post:77"),
        ({"source_type": "ad", "source_id": "<script>"}, ""),
        ({"source_type": "person", "source_id": "77"}, ""),
        ({"source_type": "ad"}, ""),
        ({}, ""),
        ("x", ""),
        (None, ""),
    ],
)
def test_what_led_somebody_here_is_kept_from_a_closed_pattern(referral: Any, source: str) -> None:
    """An ad or a post is known by its number; what it said and which click it was are left out."""
    [arrival] = read_posting(posting(PERSON, message(type="text", text={"body": "halo"}, referral=referral)), NUMBER)
    assert isinstance(arrival, Arrival)
    assert arrival.incoming.source == source


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [("1790000000", dt.datetime(2026, 9, 21, 14, 13, 20, tzinfo=dt.UTC)), ("", None), ("soon", None), ("9" * 40, None)],
)
def test_a_message_tells_when_it_was_sent(timestamp: str, at: dt.datetime | None) -> None:
    """The moment it was sent comes along, where there is one that can be read."""
    [arrival] = read_posting(posting(PERSON, message(type="text", text={"body": "x"}, timestamp=timestamp)), NUMBER)
    assert isinstance(arrival, Arrival)
    assert arrival.incoming.sent_at == at


def at(*names: str) -> tuple[Address, ...]:
    """Addresses at this number."""
    return tuple(Address("whatsapp", NUMBER, name) for name in names)


@pytest.mark.parametrize(
    ("system", "notice"),
    [
        ({"type": "user_changed_number", "wa_id": "62811"}, Notice(at(PERSON), "wamid.1", NumberChanged("62811"))),
        (
            {"type": "user_changed_number", "wa_id": "62811", "user_id": "ID.2", "previous_user_id": "ID.1"},
            Notice(at("id:ID.1", PERSON), "wamid.1", NumberChanged("id:ID.2")),
        ),
        (
            {"type": "user_changed_user_id", "user_id": "ID.2", "previous_user_id": "ID.1"},
            Notice(at("id:ID.1", PERSON), "wamid.1", NumberChanged("id:ID.2")),
        ),
    ],
)
def test_a_changed_number_is_told_to_the_old_chat(system: dict[str, Any], notice: Notice) -> None:
    """The chat is looked for under the id and the number of before, and reached at the new ones."""
    assert read_posting(posting(PERSON, message(type="system", system=system)), NUMBER) == [notice]


def preference(**told: Any) -> dict[str, Any]:
    """A posting about what somebody wants to be sent."""
    raw = posting(PERSON)
    raw["entry"][0]["changes"][0]["value"]["user_preferences"] = [
        {"wa_id": PERSON, "category": "marketing_messages", "value": "stop", "timestamp": 1790000000, **told}
    ]
    return raw


def test_what_is_told_to_whatsapp_about_broadcasts_is_read() -> None:
    """Stop and resume are read for the chat they are about; other preferences are not."""
    found = [read_posting(preference(**told), NUMBER) for told in ({}, {"value": "resume", "user_id": "ID.1"})]
    assert [notice for [notice] in found] == [
        Notice(at(PERSON), f"preference 1790000000 {PERSON}", NewsWanted(False)),
        Notice(at("id:ID.1", PERSON), "preference 1790000000 id:ID.1", NewsWanted(True)),
    ]
    assert read_posting(preference(category="calls"), NUMBER) == []
    assert read_posting(preference(value=5), NUMBER) == []


FAILURE = {
    "id": "w",
    "status": "failed",
    "timestamp": "1790000000",
    "biz_opaque_callback_data": "1/2/1/1",
    "errors": [{"code": 131026}],
}
WHEN = dt.datetime(2026, 9, 21, 14, 13, 20, tzinfo=dt.UTC)

IGNORED: list[Any] = [
    {},
    [],
    None,
    "x",
    {"entry": None},
    {"entry": [None, {"changes": "x"}]},
    {"entry": [{"changes": [{"value": None}, {"value": {"messages": [{}]}}]}]},
    posting(PERSON, message(type="text", text={"body": "x"}), number="another number"),
    posting(PERSON, message(type="text")),
    posting(PERSON, message(type="text", text="x")),
    posting(PERSON, {"type": "text", "text": {"body": "no id"}}),
    posting(PERSON, message(type="reaction", reaction={"emoji": "👍"})),
    posting(PERSON, statuses=({"id": "w", "status": "read"}, {"id": "w", "status": "delivered"}, {"status": 5})),
    posting(PERSON, statuses=({"id": "w", "status": "failed", "errors": []}, FAILURE | {"errors": "x"})),
    posting(PERSON, statuses=(FAILURE | {"biz_opaque_callback_data": "999999/2/1/1"},)),
    posting(PERSON, statuses=(FAILURE | {"biz_opaque_callback_data": "1/2; DROP TABLE chats"},)),
    posting(PERSON, statuses=(FAILURE | {"status": "read", "biz_opaque_callback_data": "999999/2/1/1"},)),
    posting(PERSON, message(type="system", system={"type": "user_changed_number", "wa_id": "62811"})),
    posting(PERSON, message(type="edit", edit={"text": {"body": NIK}}), message(type="revoke", revoke={})),
    preference(),
    preference(wa_id=5),
]


def test_a_status_names_the_row() -> None:
    """A status names the reply it is about by the mark that was sent with it, and when it happened."""
    read = FAILURE | {"status": "read", "errors": []}
    assert read_posting(posting(PERSON, statuses=(FAILURE, read)), NUMBER) == [
        Report("1/2/1/1", "failed", WHEN, 131026),
        Report("1/2/1/1", "read", WHEN),
    ]
    assert read_mark(str(Mark(1, 2, 1, 3))) == Mark(1, 2, 1, 3)
    assert [read_mark(forged) for forged in ("", "1/2", "a/b/c/d", "²/2/1/1", "1/2/1/" + "9" * 30)] == [None] * 5


# --- what goes out ---------------------------------------------------------------------------------------------------


def reply(text: str, *labels: str) -> Message:
    """A reply with choices."""
    return Message(text, tuple(Shown(label, f"1:s:{number}") for number, label in enumerate(labels)))


class TestShapes:
    """Plain text, buttons or a list, by what fits."""

    @pytest.mark.parametrize(
        ("labels", "kind"),
        [
            (("Ya", "Tidak", "Nanti"), "button"),
            (("x" * 20,), "button"),
            (("x" * 21,), "list"),
            (("Siti", "Siti"), "list"),
            (("a", "b", "c", "d"), "list"),
            (tuple("abcdefghij"), "list"),
        ],
    )
    def test_the_choices_decide(self, labels: tuple[str, ...], kind: str) -> None:
        """Up to three short labels that differ are buttons, all else is a list; either is taken by WhatsApp."""
        [shape] = shapes(reply("Mana?", *labels), "Pilih")
        graph_api.check(shape)
        assert shape["interactive"]["type"] == kind

    def test_a_long_text_comes_before_the_question(self) -> None:
        """What is too long for a message with choices goes ahead as plain text; nothing is lost."""
        text = "\n\n".join(f"alinea {number} " + "kata " * 60 for number in range(12)) + "\n\nSetuju?"
        told, question = shapes(reply(text, "Ya"), "Pilih")
        for shape in (told, question):
            graph_api.check(shape)
        assert graph_api.words(question).endswith("Setuju?")
        assert (graph_api.words(told) + "\n\n" + graph_api.words(question)).split() == text.split()

    def test_a_text_without_breaks_is_cut_anyway(self) -> None:
        """One endless word is divided, too."""
        told, question = question_apart("x" * 3000)
        assert len(question) <= BODY
        assert told + question == "x" * 3000

    def test_links_are_lines(self) -> None:
        """A link stands in the text; one that no phone can open is left out."""
        links = (Shown("Bayar", url="https://example.org/b"), Shown("Di sini", url="http://127.0.0.1/x"))
        [shape] = shapes(Message("Bayar di mana?", links), "Pilih")
        assert graph_api.words(shape) == "Bayar di mana?\nBayar: https://example.org/b"


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (429, 130429, RefusedError(60)),
        (400, 131056, RefusedError(6)),
        (401, 190, RefusedError(60)),
        (500, 131000, RefusedError()),
        (503, -1, RefusedError()),
        (400, 131047, WindowClosedError()),
        (404, 132001, TemplateRefusedError()),
        (400, 132015, TemplateRefusedError()),
        (400, 131026, GoneError()),
        (400, 100, GoneError()),
        (404, -1, GoneError()),
    ],
)
def test_refusals_are_told_apart(status: int, code: int, expected: DeliveryError) -> None:
    """Too fast and broken is tried again, what can never arrive is not."""
    found = meaning(status, code)
    assert (type(found), str(found)) == (type(expected), str(expected))


def test_settings_belong_together() -> None:
    """A token alone is refused, with all that is missing at once."""
    with pytest.raises(SettingsError) as refused:
        load_settings(mode="demo", whatsapp_token="x")
    for name in ("PHONE_ID", "APP_SECRET", "VERIFY_TOKEN"):
        assert f"JAMIN_WHATSAPP_{name}" in str(refused.value)


# --- the program -----------------------------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def api() -> AsyncIterator[FakeGraphApi]:
    """WhatsApp."""
    async with FakeGraphApi().running() as api:
        yield api


@pytest_asyncio.fixture
async def jamin(api: FakeGraphApi, tmp_path: Path, database_url: str) -> AsyncIterator[Jamin]:
    """The program with a number there."""
    settings = Settings(
        mode="demo",
        home=tmp_path / "home",
        database_url=database_url,
        whatsapp_token=graph_api.TOKEN,
        whatsapp_phone_id=NUMBER,
        whatsapp_app_secret=graph_api.APP_SECRET,
        whatsapp_verify_token=graph_api.VERIFY,
        whatsapp_api_url=api.url,
    )
    async with running(settings, Clock(AT), bound("127.0.0.1", 0)) as jamin:
        api.hook = jamin.root + PATH
        yield jamin


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(PATIENCE):
        while not await condition():
            await asyncio.sleep(0.01)


async def heard(api: FakeGraphApi, count: int) -> list[str]:
    """Wait until the worker has that many messages; return their texts."""

    async def enough() -> bool:
        return len(api.sent[PERSON]) >= count

    await until(enough)
    return [graph_api.words(given) for given in api.sent[PERSON]]


async def column(jamin: Jamin, wanted: sa.Column[Any]) -> list[str]:
    """Return a column of a table, in the order of lines."""
    async with jamin.database.read() as connection:
        return list((await connection.execute(sa.select(wanted).order_by(wanted.table.c.line))).scalars())


async def post(jamin: Jamin, body: bytes, headers: dict[str, str]) -> int:
    """Post to the webhook; return the status."""
    async with aiohttp.ClientSession() as http, http.post(jamin.root + PATH, data=body, headers=headers) as answer:
        return answer.status


class TestTheDoor:
    """`/webhooks/whatsapp`."""

    @pytest.mark.parametrize(
        ("query", "answer"),
        [
            ({"hub.mode": "subscribe", "hub.verify_token": graph_api.VERIFY, "hub.challenge": "4711"}, (200, "4711")),
            ({"hub.mode": "subscribe", "hub.verify_token": "guess", "hub.challenge": "4711"}, (403, "")),
            ({"hub.verify_token": graph_api.VERIFY, "hub.challenge": "4711"}, (403, "")),
            ({}, (403, "")),
        ],
    )
    async def test_the_handshake(self, jamin: Jamin, query: dict[str, str], answer: tuple[int, str]) -> None:
        """The challenge comes back to whoever knows the token."""
        async with aiohttp.ClientSession() as http, http.get(jamin.root + PATH, params=query) as given:
            assert (given.status, await given.text()) == answer

    async def test_forged_and_malformed_are_refused(self, jamin: Jamin) -> None:
        """What is not signed by WhatsApp is 401 before it is read; what is no JSON is 400."""
        body = json.dumps(posting(PERSON, message(type="text", text={"body": "halo"}))).encode()
        forged = [{}, {"X-Hub-Signature-256": "sha256="}, signed(body, "another"), signed(body + b" ")]
        assert [await post(jamin, body, headers) for headers in forged] == [401] * 4
        assert [await post(jamin, bad, signed(bad)) for bad in (b"", b"{", b"\xff")] == [400] * 3
        assert await column(jamin, inbound.c.kind) == []

    async def test_strange_postings_are_taken_without_a_trace(
        self, jamin: Jamin, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Whatever is signed is answered 200, is no turn unless a worker said something, and leaks nothing."""
        for raw in IGNORED:
            body = json.dumps(raw).encode()
            assert await post(jamin, body, signed(body)) == 200, raw
        said = json.dumps(posting(PERSON, message(type="text", text={"body": f"NIK saya {NIK}"}))).encode()
        assert [await post(jamin, said, signed(said)) for _ in range(3)] == [200] * 3
        assert await column(jamin, inbound.c.kind) == ["text"]
        printed = capsys.readouterr()
        secrets = (NIK, PERSON, graph_api.APP_SECRET, graph_api.TOKEN, graph_api.VERIFY)
        assert not [secret for secret in secrets if secret in printed.out + printed.err]

    async def test_while_stopping_whatsapp_is_asked_to_come_again(self, jamin: Jamin) -> None:
        """A posting that is not taken is refused, so that nothing is lost."""
        await jamin.turns.stop()
        body = json.dumps(posting(PERSON, message(type="text", text={"body": "halo"}))).encode()
        assert await post(jamin, body, signed(body)) == 503


class TestTalk:
    """Replies and what becomes of them."""

    async def test_messages_are_marked_as_read(self, jamin: Jamin, api: FakeGraphApi) -> None:
        """The worker sees that their message was read."""
        said = api.say(PERSON, "halo")
        await heard(api, 1)

        async def read() -> bool:
            return api.read == [said["entry"][0]["changes"][0]["value"]["messages"][0]["id"]]

        await until(read)

    async def test_refusals_are_outlived_in_order(self, jamin: Jamin, api: FakeGraphApi) -> None:
        """After 500s and refusals every reply arrives, in order, and none twice that was refused."""
        api.failures.extend([RefusalError(500, 131000), RefusalError(503, 131016), RefusalError(500, 2)])
        api.say(PERSON, "halo")
        api.say(PERSON, "saya sendiri")
        async with asyncio.timeout(PATIENCE):
            while len(api.sent[PERSON]) < 2:
                jamin.clock.forward(1)
                await asyncio.sleep(0.1)
        texts = await heard(api, 2)
        assert "Halo" in texts[0]
        assert len(set(texts)) == len(api.sent[PERSON]) == 2

    async def test_what_can_not_arrive_is_a_dead_letter(self, jamin: Jamin, api: FakeGraphApi) -> None:
        """To somebody without WhatsApp nothing is tried again; staff see it."""
        api.failures.append(RefusalError(400, 131026))
        api.say(PERSON, "halo")

        async def dead() -> bool:
            return await column(jamin, outbox.c.state) == ["dead"]

        await until(dead)
        assert api.refused[131026] == 1

    async def test_a_failure_told_later_is_a_dead_letter_too(self, jamin: Jamin, api: FakeGraphApi) -> None:
        """A reply that was taken at first and then could not be delivered is dead, whenever that is told."""
        api.say(PERSON, "halo")
        await heard(api, 1)
        mark = api.sent[PERSON][0]["biz_opaque_callback_data"]
        api.bring(posting(PERSON, statuses=(FAILURE | {"biz_opaque_callback_data": mark},)))

        async def dead() -> bool:
            return await column(jamin, outbox.c.state) == ["dead"]

        await until(dead)
        api.say(PERSON, "saya sendiri")
        await heard(api, 2)
        assert await column(jamin, outbox.c.error) == ["WhatsApp 131026", None]
