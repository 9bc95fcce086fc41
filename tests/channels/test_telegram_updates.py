"""What each update of Telegram becomes, and that nothing it may send breaks anything."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.telegram.updates import Arrival, InGroup, MalformedError, read_update
from conversations.messages import CameBack, Contact, Left, Located, Photo, Start, Tap, Text, Unsupported, What

ME = {"id": 7, "is_bot": False, "first_name": "Siti"}
ROOM = {"id": 7, "type": "private"}
GROUP = {"id": -5, "type": "supergroup", "title": "RT 05"}


def message(**content: Any) -> dict[str, Any]:
    """A worker's message in a private chat."""
    return {"message_id": 3, "date": 1, "chat": ROOM, "from": ME, **content}


def membership(status: str, chat: dict[str, Any] = ROOM) -> dict[str, Any]:
    """A change of who may write to whom."""
    return {"chat": chat, "from": ME, "date": 1, "new_chat_member": {"status": status, "user": ME}}


def read(**update: Any) -> Arrival | InGroup | None:
    """Read an update with a number."""
    return read_update({"update_id": 5, **update}, "700")


def what(**content: Any) -> What | None:
    """What a message says."""
    arrival = read(message=message(**content))
    return arrival.incoming.what if isinstance(arrival, Arrival) else None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"text": "halo"}, Text("halo")),
        ({"text": "halo", "forward_origin": {"type": "hidden_user"}}, Text("halo")),
        ({"text": "/start"}, Start()),
        ({"text": "/start AGEN7"}, Start("AGEN7")),
        ({"text": "/start@JaminUjiBot AGEN7"}, Start("AGEN7")),
        ({"text": "/bantuan"}, Text("bantuan")),
        ({"text": "/hapus_data"}, Text("hapus data")),
        ({"contact": {"phone_number": "6281234567890", "user_id": 7}}, Contact("+6281234567890")),
        ({"contact": {"phone_number": "6281234567890", "user_id": 8}}, Unsupported("contact")),
        ({"contact": {"phone_number": "6281234567890"}}, Unsupported("contact")),
        ({"photo": [{"file_id": "small"}, {"file_id": "large"}]}, Photo("large")),
        ({"voice": {"file_id": "v"}}, Unsupported("voice", "v")),
        ({"document": {"file_id": "d"}}, Unsupported("file", "d")),
        ({"sticker": {}}, Unsupported("sticker")),
        ({"document": {}}, Unsupported("file")),
        ({"location": {"latitude": -6.9175, "longitude": 107.6191}}, Located(("32.73", "32.04", "32.77"))),
        ({"venue": {"title": "Pasar"}, "location": {"latitude": 0.0, "longitude": 0.0}}, Located(())),
        ({"text": "/start pindah_KTMR47391"}, Start("pindah_KTMR47391")),
        ({"dice": {"emoji": "🎲", "value": 3}}, Unsupported("other")),
        ({"story": {"id": 1}}, Unsupported("other")),
        ({"video_note": {}}, Unsupported("voice")),
        ({"paid_media": {}}, Unsupported("other")),
        ({"text": "😀" * 2000}, Text("😀" * 2000)),
        ({"text": "halo", "reply_to_message": {"message_id": 1}, "quote": {"text": "x"}}, Text("halo")),
        ({"text": "halo", "via_bot": {"id": 9, "is_bot": True}}, Text("halo")),
        ({"text": "halo", "is_from_offline": True, "effect_id": "5"}, Text("halo")),
        ({"photo": [{"file_id": "a"}], "caption": "KTP saya"}, Photo("a")),
        ({"poll": {}}, Unsupported("other")),
        ({"pinned_message": {}}, None),
        ({"new_chat_title": "x"}, None),
        ({}, None),
    ],
)
def test_what_a_message_says(content: dict[str, Any], said: What | None) -> None:
    """Each kind of content is one incoming; what is about the chat itself is none."""
    assert what(**content) == said


def test_a_tap_names_what_is_to_be_answered() -> None:
    """A tap carries the button's value, the message it stands below, and the links that stay there."""
    keys = [[{"text": "Ya", "callback_data": "1:a:b"}], [{"text": "Bayar", "url": "https://example.org"}]]
    below = message(reply_markup={"inline_keyboard": keys})
    arrival = read(callback_query={"id": "c9", "from": ME, "message": below, "data": "1:a:b"})
    assert isinstance(arrival, Arrival)
    assert arrival.incoming.what == Tap("1:a:b")
    assert (arrival.callback, arrival.message, arrival.links) == ("c9", 3, (("Bayar", "https://example.org"),))


def test_an_edited_message_is_no_answer() -> None:
    """An answer changed afterwards is not read against another question."""
    arrival = read(edited_message=message(text="10 juta"))
    assert isinstance(arrival, Arrival)
    assert arrival.incoming.what == Unsupported("edited")


def test_an_album_is_one_incoming() -> None:
    """The pictures of an album have one id, so that they are answered once."""
    first, second = (read(message=message(photo=[{"file_id": f}], media_group_id="g1")) for f in ("a", "b"))
    assert isinstance(first, Arrival)
    assert isinstance(second, Arrival)
    assert first.incoming.id == second.incoming.id


@pytest.mark.parametrize(("status", "said"), [("kicked", Left()), ("left", Left()), ("member", CameBack())])
def test_blocking_is_noted(status: str, said: What) -> None:
    """Whether a worker blocked the bot is an incoming of their chat."""
    arrival = read(my_chat_member=membership(status))
    assert isinstance(arrival, Arrival)
    assert arrival.incoming.what == said


@pytest.mark.parametrize(
    ("update", "points"),
    [
        ({"my_chat_member": membership("member", GROUP)}, True),
        ({"message": message(chat=GROUP, text="/start@JaminUjiBot")}, True),
        ({"message": message(chat=GROUP, text="NIK saya 3273011708900001")}, False),
        ({"message": message(chat=GROUP, photo=[{"file_id": "a"}])}, False),
        ({"my_chat_member": membership("kicked", GROUP)}, False),
    ],
)
def test_groups_hear_nothing_personal(update: dict[str, Any], points: bool) -> None:
    """In a group the bot only points to the private chat, and only when it is spoken to."""
    assert read(**update) == (InGroup(-5) if points else None)


IGNORED: list[dict[str, Any]] = [
    {"edited_channel_post": message(chat={"id": -9, "type": "channel"}, text="x")},
    {"edited_message": message(location={"latitude": 1.0, "longitude": 2.0})},
    {"edited_message": message(chat=GROUP, text="x")},
    {"poll": {"id": "1", "question": "?", "options": []}},
    {"message_reaction": {"chat": ROOM, "message_id": 3, "user": ME, "old_reaction": [], "new_reaction": []}},
    {"chat_member": membership("member")},
    {"chat_join_request": {"chat": GROUP, "from": ME, "date": 1}},
    {"business_message": message(text="x")},
    {"pre_checkout_query": {"id": "1", "from": ME}},
    {"purchased_paid_media": {"from": ME}},
    {"message": message(location={"latitude": "x"})},
    {"message": message(chat=GROUP, migrate_to_chat_id=-10)},
    {"message": message(successful_payment={})},
    {"message": message(write_access_allowed={})},
    {"callback_query": {"id": "c", "from": ME, "inline_message_id": "i", "data": "1:a:b"}},
    {"channel_post": message(chat={"id": -9, "type": "channel"})},
    {"message": message(chat={"id": -9, "type": "channel"}, text="x")},
    {"message": message(text="x") | {"from": {"id": 8, "is_bot": True}}},
    {"message": {key: value for key, value in message(text="x").items() if key != "from"}},
    {"message": {"message_id": 3}},
    {"message": None},
    {"message": []},
    {"message": message(text=5)},
    {"message": message(text=None)},
    {"message": message(chat={"id": "7", "type": "private"}, text="x")},
    {"message": message(photo=[])},
    {"edited_message": message(caption="x")},
    {"callback_query": {"id": "c", "from": ME, "data": "1:a:b"}},
    {"callback_query": {"id": "c", "from": ME, "message": message(), "game_short_name": "g"}},
    {"callback_query": {"id": "c", "from": ME, "message": message(chat=GROUP), "data": "1:a:b"}},
    {"callback_query": "x"},
    {"my_chat_member": membership("member", {"id": -9, "type": "channel"})},
    {"my_chat_member": {}},
    {"inline_query": {"id": "1", "from": ME, "query": "x", "offset": ""}},
    {"poll_answer": {"poll_id": "1", "option_ids": [0]}},
    {"something_of_next_year": {"deep": [{}]}},
    {},
]


@pytest.mark.parametrize("update", IGNORED, ids=range(len(IGNORED)))
def test_the_rest_is_ignored(update: dict[str, Any]) -> None:
    """What concerns no worker, or cannot be understood, is taken without an error."""
    assert read(**update) is None


@pytest.mark.parametrize("update", [{}, [], None, "x", {"update_id": "5"}, {"update_id": True}, 7])
def test_what_has_no_number_is_no_update(update: Any) -> None:
    """An update without a number is malformed."""
    with pytest.raises(MalformedError):
        read_update(update, "700")


def test_the_language_of_the_messenger_is_told() -> None:
    """What Telegram tells of its own language comes along; a tap, whose message is ours, tells none."""
    arrival = read(message=message(text="halo") | {"from": ME | {"language_code": "en-GB"}})
    assert isinstance(arrival, Arrival)
    assert arrival.incoming.language == "en-GB"
