"""Whatever a worker sends, the answer is kind, the question is asked again, and nothing is lost or executed."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace

from bot.app import Jamin, running
from bot.clock import Clock
from bot.settings import Settings
from bot.web_app import bound
from conversations.messages import Contact, Photo, Private, Start, Tap, Text, Unsupported, What
from conversations.session import Answers, Session, decode
from storage.chats import Chats
from tests.e2e.chatting import Worker
from tests.e2e.form import ELIGIBLE, Move, data, worker
from tests.e2e.programs import Talk

LONG = 4000
TEXTS = {
    "emoji": "😀🙏🏽👨‍👩‍👧‍👦",
    "4,000 characters": "x" * LONG,
    "4,000 wide characters": "ꦗ" * LONG,
    "nothing": "",
    "spaces": " \t\n ",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a statement": "'; DROP TABLE chats; --",
    "a format": "{who} %s %(who)s {0.__class__}",
    "a template": "{{ 7 * 7 }}${7*7}",
    "a zero": "\0\0\0",
    "half a character": "\ud83d\udc00"[:1] + "\udfff",
    "right to left": "\u202eaynah\u202c",
    "zero width": "\u200b\u2060\ufeff",
    "many accents": "a" + "\u0301" * 500,
    "a huge number": "9" * 400,
}
"""Texts that answer no question."""

OTHERS: dict[str, What] = {
    "a sticker": Unsupported("sticker"),
    "a voice note": Unsupported("voice"),
    "a film": Unsupported("video note"),
    "a photo": Photo("ktp.jpg"),
    "a contact": Contact("+62"),
    "a page never opened": Private(999, "3273011708900001"),
    "an old tap": Tap("1:whom:other"),
    "a forged step": Tap("999:consent:yes"),
    "a forged option": Tap("4:condition:admin"),
    "a forged word": Tap("!sudo"),
    "a forged question": Tap("?../../etc/passwd"),
    "an empty tap": Tap(""),
    "a long tap": Tap("9" * 10_000 + ":plan:two"),
    "half a character tapped": Tap("\ud83d"),
}
"""What else may come that answers no question."""

AT_CONDITION = (Move("whom", "self"), *ELIGIBLE[:2])


@pytest_asyncio.fixture
async def jamin(tmp_path: Path) -> AsyncIterator[Jamin]:
    """The whole program, running in this process."""
    async with running(Settings(mode="demo", home=tmp_path), Clock(), bound("127.0.0.1", 0)) as parts:
        yield parts


@pytest_asyncio.fixture
async def somebody(jamin: Jamin) -> Worker:
    """A worker who is being asked which condition fits."""
    begun = Worker(jamin, "kak")
    await begun.take(Start())
    await begun.go(AT_CONDITION)
    return begun


async def session(somebody: Worker) -> Session:
    """The stored session, but for what any miss changes."""
    async with somebody.jamin.database.write() as connection:
        locked = await Chats(somebody.jamin.keys).lock(connection, [somebody.address], somebody.jamin.clock())
    stored = decode(locked[somebody.address].session)
    return replace(stored, misses=0, last_at=None)


@pytest.mark.parametrize("name", [*TEXTS, *OTHERS])
async def test_the_question_is_asked_again(name: str, somebody: Worker) -> None:
    """What answers no question gets one kind answer with the question's buttons; the session keeps all it had, and no
    turn failed."""
    before, question = await session(somebody), await somebody.last()
    taken = await somebody.take(OTHERS[name] if name in OTHERS else Text(TEXTS[name]))
    answer = await somebody.last()
    assert taken.outcome in ("problem", "stale", "word", "digression")
    assert len(taken.spoken) == 1
    assert answer.text.strip()
    assert answer.step == question.step == "condition"
    assert {b.value for b in answer.buttons} >= {b.value for b in question.buttons}
    assert await session(somebody) == before
    await somebody.do(Move("condition", "fits"))
    assert (await somebody.last()).step == "income"


@pytest.mark.parametrize("step", ["whom", "occupation", "income", "plan", "consent", "nik", "name", "phone", "review"])
async def test_every_question_survives_everything(step: str, jamin: Jamin) -> None:
    """At any step of the form all of it may come, one after the other; nothing is kept of it, and the form goes on."""
    somebody = Worker(jamin, "kak")
    await somebody.take(Start())
    moves = (Move("whom", "self"), *ELIGIBLE, *data(worker(1)), Move("review", "yes"))
    here = next(n for n, move in enumerate(moves) if move.step == step)
    await somebody.go(moves[:here])
    before = answers(await session(somebody))
    for what in (*(Text(text) for text in TEXTS.values()), *OTHERS.values()):
        if not is_an_answer(step, what):
            assert (await somebody.take(what)).outcome != "fault"
    assert answers(await session(somebody)) == before
    await somebody.do(moves[here])
    assert (await somebody.last()).step != step


def is_an_answer(step: str, what: What) -> bool:
    """Tell whether something that is nonsense elsewhere is an answer to this step."""
    return step == "whom" and what == OTHERS["an old tap"]


def answers(session: Session) -> list[Answers]:
    """All that was answered for everybody of a chat."""
    return [person.answers for person in session.people]


@pytest.mark.parametrize(
    ("typed", "income"),
    [("dua juta", "Rp2 juta"), ("sejuta setengah", "Rp1,5 juta"), ("tiga", None), ("dua tiga", None)],
)
async def test_numbers_in_words_are_read_or_asked_about(typed: str, income: str | None, somebody: Worker) -> None:
    """An income in words is understood; one that cannot be a month's income is asked about, never guessed."""
    await somebody.go((Move("condition", "fits"), Move("income", text=typed)))
    last = await somebody.last()
    assert (last.step == "plan") == (income is not None)
    assert (income or "") in last.text


async def test_a_double_tap_is_silent(somebody: Worker) -> None:
    """The same tap twice counts once and says nothing more."""
    [fits] = [b.value for b in (await somebody.last()).buttons if b.value.endswith(":fits")]
    assert (await somebody.take(Tap(fits))).spoken
    again = await somebody.take(Tap(fits))
    assert (again.outcome, again.spoken) == ("silent", ())


async def test_lines_of_ten_thousand_characters() -> None:
    """A line of JSON may be long and hold anything: one answer comes to each, the chat stands where it stood, and the
    next answer counts."""
    talk = await Talk.start()
    await talk.say("halo")
    lines = [
        json.dumps({"text": "😀" * 10_000}),
        json.dumps({"text": "a b " * 2_500}),
        json.dumps({"tap": "x" * 10_000}),
        json.dumps({"start": "x" * 10_000}),
        json.dumps({"contact": "0" * 10_000}),
        json.dumps({"photo": "x" * 10_000}),
        '{"text": "\\ud83d"}',
        '{"text": "\\u0000"}',
        json.dumps({"text": "\\" * 10_000}),
        json.dumps({"text": ["x"] * 10_000}),
        '{"text": "' + "x" * 100_000,
    ]
    for line in lines:
        said = await talk.raw(line.encode())
        assert said.get("error") or said["step"] == "whom", line[:40]
    assert (await talk.tap("self"))["step"] == "occupation"
    assert (await talk.end())[0] == 0
