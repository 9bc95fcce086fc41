"""`python -m bot talk --json` as other people's scripts use it, and a whole family enrolled through it."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path

import pytest_asyncio

from tests.e2e import programs
from tests.e2e.form import BUDI, ELIGIBLE, FIRST_BUTTON, SITI, Move, data, whole
from tests.e2e.programs import Said, Talk
from tests.e2e.transcript import Transcript

AT = "2026-11-21T15:00"
MOST_TURNS, MOST_TYPED = 14, 5
KPJ = re.compile(r"\b\d{11}\b")
DISCOUNTED, NORMAL = "Rp8.400", "Rp16.800"
"""JKK and JKM for a month in the lowest bracket, outside transport, until and after December 2026."""
UNREADABLE = (
    b"", b" ", b"halo", b"{", b"[]", b"{}", b"null", b"1e999", b'"halo"', b"[1, 2]", b"\xff\xfe",
    b'{"text": 1}', b'{"text": null}', b'{"tap": ["x"]}', b'{"tap": null}', b'{"contact": 62}', b'{"start": {}}',
    b'{"photo": "/nowhere/ktp.jpg"}', b'{"photo": "/"}', b'{"photo": "\\u0000"}', b'{"wait": -1}', b'{"wait": "1"}',
    b'{"wait": true}', b'{"wait": 1e300}', b'{"wait": NaN}', b'{"at": "tomorrow"}', b'{"at": 5}',
    b'{"at": "0001-01-01T00:00"}', b'{"at": "9999-12-31T23:59:59-12:00"}',
    b'{"at": "2100-01-01T08:00"}', b'{"wait": 1e9, "at": "2030-01-01"}', b'{"shout": "halo"}',
    b'{"text": "a", "tap": "b"}', b'{"text": "a"} {"text": "b"}', b"[" * 5000, b'{"text": ' + b"[" * 5000,
)  # fmt: skip
"""What is no line of ours, each to be answered with one error."""

StartTalk = Callable[..., Awaitable[Talk]]


@pytest_asyncio.fixture
async def start() -> AsyncIterator[StartTalk]:
    """Start `talk --json`; whatever a test leaves running is killed."""
    started: list[Talk] = []

    async def start_talk(*arguments: str, **settings: str) -> Talk:
        started.append(await Talk.start(*arguments, **settings))
        return started[-1]

    yield start_talk
    for talk in started:
        if talk.process.returncode is None:
            await talk.kill()


def words(said: Said) -> str:
    """All that was said in one line."""
    return "\n\n".join(reply["text"] for reply in said["replies"])


async def answer(talk: Talk, move: Move, transcript: Transcript | None = None) -> Said:
    """Do one thing at the question that must be open, and note it."""
    assert talk.last["step"] == move.step, (talk.last, move)
    option = talk.buttons[0]["value"] if move.option == FIRST_BUTTON else move.option
    if transcript is None:
        return await (talk.tap(option) if option else talk.say(move.text))
    if option:
        value = talk.value(option)
        transcript.taps(talk.label(value))
        return heard(transcript, await talk.tap(value))
    return await typed(talk, transcript, move.text)


async def answers(talk: Talk, moves: Iterable[Move], transcript: Transcript | None = None) -> Said:
    """Do one thing after the other."""
    for move in moves:
        await answer(talk, move, transcript)
    return talk.last


async def typed(talk: Talk, transcript: Transcript, text: str) -> Said:
    """Type something, whatever is being asked, and note it."""
    transcript.says(text)
    return heard(transcript, await talk.say(text))


def heard(transcript: Transcript, said: Said) -> Said:
    """Note what came back."""
    for reply in said["replies"]:
        transcript.hears(reply["text"], [button["label"] for button in reply["buttons"]])
    transcript.stands(f"{said['flow']}/{said['step']}")
    return said


# --- the door --------------------------------------------------------------------------------------------------------


async def test_one_line_out_for_each_line_in(start: StartTalk) -> None:
    """Nothing is said before the first line; each line gets one; after stdin ends nothing more comes, and exit is 0."""
    talk = await start()
    hello = await talk.say("halo")
    assert set(hello) == {"replies", "flow", "step", "progress"}
    assert (hello["flow"], hello["step"]) == ("enrolment", "whom")
    now, steps = hello["progress"]
    assert 1 == now < steps
    assert all(set(reply) == {"text", "buttons"} and reply["text"] for reply in hello["replies"])
    assert all(set(button) == {"label", "value"} and all(button.values()) for button in talk.buttons)
    assert "SIMULASI" in words(hello)
    status, out, err = await talk.end()
    assert (status, out, err) == (0, "", "")


async def test_every_unreadable_line_gets_one_error(start: StartTalk) -> None:
    """Whatever is no line of ours is answered with one error, and the chat goes on as if it had not come."""
    talk = await start()
    before = await talk.say("halo")
    for line in UNREADABLE:
        said = await talk.raw(line)
        assert set(said) == {"error"}, (line[:60], said)
        assert said["error"]
    again = await talk.say("halo")
    assert [again[name] for name in ("flow", "step", "progress")] == [before[n] for n in ("flow", "step", "progress")]


async def test_each_kind_of_line_reaches_the_chat(start: StartTalk, tmp_path: Path) -> None:
    """A start greets, a contact is a phone number, a photo is kindly not read, and a tap goes on."""
    talk = await start("--at", AT)
    await talk.send(start="kode-siapa-saja")
    assert talk.last["step"] == "whom"
    photo = tmp_path / "ktp.jpg"
    photo.write_bytes(b"\xff\xd8")
    assert len((await talk.send(photo=str(photo)))["replies"]) == 1
    await answers(talk, (Move("whom", "self"), *ELIGIBLE, *data(BUDI)[:3]))
    assert (await talk.send(contact="+6281234567890"))["step"] == "review"


async def test_a_wait_says_nothing_that_is_not_due(start: StartTalk) -> None:
    """Letting time pass with nothing due brings an empty line that says where the chat stands."""
    talk = await start("--at", AT)
    await talk.say("halo")
    waited = await talk.send(wait=3600)
    assert waited == {**waited, "replies": [], "flow": "enrolment", "step": "whom"}


async def test_the_clock_is_the_one_that_is_set(start: StartTalk) -> None:
    """`--at` and `{"at"}` decide what a price is: a trader's discount of 2026 is gone in 2027."""
    talk = await start("--at", AT)
    await talk.say("halo")
    moves = (Move("whom", "self"), Move("occupation", "market_trader"), *ELIGIBLE[1:3], Move("income", "lowest"))
    assert DISCOUNTED in words(await answers(talk, moves))
    await talk.send(at="2027-01-05T09:00+07:00")
    later = words(await talk.say("menu"))
    assert NORMAL in later
    assert DISCOUNTED not in later


async def test_time_ends_with_the_century(start: StartTalk) -> None:
    """Waiting again and again comes to an end with an error, and the chat goes on."""
    talk = await start("--at", "2099-01-01")
    await talk.say("halo")
    assert "error" not in await talk.send(wait=3600)
    assert "error" in await talk.send(wait=1e9)
    assert (await talk.say("halo"))["step"] == "whom"


async def test_a_database_goes_on_after_the_process_ended(start: StartTalk, tmp_path: Path) -> None:
    """`--db` goes on where the chat stopped and repeats nothing said before; another `--as` is another chat."""
    db = f"sqlite:///{tmp_path}/jamin.db"
    first = await start("--db", db, "--at", AT)
    await first.say("halo")
    await first.tap("self")
    assert (await first.end())[0] == 0
    again = await start("--db", db, "--at", AT)
    assert (await again.say("narik ojol"))["step"] == "earning"
    assert len(again.last["replies"]) == 1
    await again.end()
    other = await start("--db", db, "--at", AT, "--as", "tetangga")
    assert (await other.say("narik ojol"))["step"] == "whom"


async def test_refused_arguments_exit_with_2(start: StartTalk) -> None:
    """A language or a moment that cannot be read ends the program before it begins, with the reason on stderr."""
    refused = (("--locale", "xx"), ("--at", "besok"), ("--db", "mysql://nowhere/x"), ("--shout",))
    talks = [await start(*arguments) for arguments in refused]
    for status, out, err in await asyncio.gather(*(talk.end() for talk in talks)):
        assert (status, out) == (2, ""), err
        assert err
        assert "Traceback" not in err


async def test_a_reader_who_leaves_ends_it_quietly() -> None:
    """Where whoever reads the lines is gone, the program ends without a word, as commands do in a pipe."""
    ours, theirs = os.pipe()
    talk = await programs.start_into(theirs, "talk", "--json")
    os.close(theirs)
    os.close(ours)
    assert talk.stdin is not None
    talk.stdin.write(b"x\n" * 3)
    talk.stdin.close()
    status, _, err = await programs.end(talk)
    assert (status, err) == (1, "")


async def test_the_same_door_on_postgresql(start: StartTalk, postgres_url: str, tmp_path: Path) -> None:
    """A chat on PostgreSQL goes on after its process was killed."""
    first = await start("--db", postgres_url, "--at", AT, home=str(tmp_path))
    await first.say("halo")
    await answers(first, (Move("whom", "self"), *ELIGIBLE))
    await first.kill()
    again = await start("--db", postgres_url, "--at", AT, home=str(tmp_path))
    assert (await again.say(BUDI.nik))["step"] == "name"


async def test_people_tap_by_number() -> None:
    """Without `--json` somebody is greeted, sees numbered buttons, and taps one by typing its number; any other number
    is words."""
    talk = await programs.start("talk", "--at", AT)
    assert talk.stdin is not None
    talk.stdin.write(b"1\n" + b"9" * 5000 + b"\n\xff\nnarik ojol\n")
    talk.stdin.close()
    status, out, err = await programs.end(talk)
    assert (status, err) == (0, "")
    hello, occupation, *_, earning = out.split("> ")[:-1]
    assert "[1] " in hello
    assert "narik ojol" in occupation
    assert "[4] " in earning


# --- enrolling -------------------------------------------------------------------------------------------------------


async def test_a_receipt_in_few_turns(start: StartTalk) -> None:
    """From hello to the receipt with a payment code it takes at most 14 turns, at most 5 of them typed."""
    talk, transcript = await start("--at", AT), Transcript("Seorang pengojek mendaftar lewat terminal")
    await typed(talk, transcript, "halo")
    await answers(talk, whole(BUDI), transcript)
    received = words(talk.last)
    assert KPJ.search(received)
    assert "Rp12.400" in received
    assert transcript.turns <= MOST_TURNS
    assert transcript.typed <= MOST_TYPED
    transcript.check("terminal-short")


async def test_a_family_is_enrolled_whatever_happens(start: StartTalk, tmp_path: Path) -> None:
    """Two people of one chat are enrolled and pay, through a wrong NIK, a corrected income, questions in the middle,
    steps back and a process killed half-way."""
    db = ("--db", f"sqlite:///{tmp_path}/jamin.db", "--at", AT)
    transcript = Transcript("Suami dan istri mendaftar lewat terminal, satu obrolan")
    talk = await start(*db)
    await rider_until_killed(talk, transcript)
    await talk.kill()
    transcript.note("the process is killed (kill -9) and started again on the same database")
    talk = await start(*db)
    talk.last = {"replies": [], "step": "birth_date"}
    await rider_to_the_end(talk, transcript)
    await wife(talk, transcript)
    await paid(talk, transcript)
    transcript.check("terminal-family")


async def rider_until_killed(talk: Talk, transcript: Transcript) -> None:
    """The husband, up to his name: a question in the middle, a step back, a wrong NIK."""
    await typed(talk, transcript, "halo")
    await answers(talk, (Move("whom", "self"), Move("occupation", text="narik ojol")), transcript)
    await answer(talk, Move("earning", text="ini penipuan bukan?"), transcript)
    assert "175" in words(talk.last)
    await answers(talk, (Move("earning", "own"), *ELIGIBLE[2:4]), transcript)
    await answer(talk, Move("plan", text="kembali"), transcript)
    await answer(talk, Move("income", text="sejuta setengah"), transcript)
    await answers(talk, ELIGIBLE[4:], transcript)
    await answer(talk, Move("nik", text="3273 0117 0890"), transcript)
    assert "12" in words(talk.last)
    await answers(talk, data(BUDI)[:2], transcript)


async def rider_to_the_end(talk: Talk, transcript: Transcript) -> None:
    """The husband, from his birth date on: an income corrected in the review, the receipt, a reminder wished."""
    await answer(talk, Move("birth_date", text="17 agustus 1990"), transcript)
    await answer(talk, data(BUDI)[3], transcript)
    await answer(talk, Move("review", text="ganti penghasilan"), transcript)
    await answer(talk, Move("income", text="3,5 juta"), transcript)
    while talk.last["step"] != "review":
        await answer(talk, Move("plan", "two"), transcript)
    assert "Rp3,5 juta" in words(talk.last)
    await answer(talk, Move("review", "yes"), transcript)
    assert KPJ.search(words(talk.last))
    await answer(talk, Move("remind", "yes"), transcript)


async def wife(talk: Talk, transcript: Transcript) -> None:
    """The wife, in the same chat, with a consent of her own."""
    await typed(talk, transcript, "ganti orang")
    await answers(talk, (Move("people", "new"), Move("relation", "spouse")), transcript)
    await answer(talk, Move("occupation", text="jualan bakso"), transcript)
    await answers(talk, (*ELIGIBLE[1:4], Move("plan", "three"), *ELIGIBLE[5:]), transcript)
    await answer(talk, Move("nik", text=BUDI.nik), transcript)
    assert talk.last["step"] == "nik", "one NIK is one person's"
    await answers(talk, (*data(SITI), Move("review", "yes"), Move("remind", "no")), transcript)


async def paid(talk: Talk, transcript: Transcript) -> None:
    """Both pay; the status names both, each with a number of their own."""
    await answer(talk, Move("member", "simulate"), transcript)
    assert SITI.name in words(talk.last)
    await typed(talk, transcript, "ganti orang")
    await answer(talk, Move("people", "1"), transcript)
    await answer(talk, Move("member", "simulate"), transcript)
    assert BUDI.name in words(talk.last)
    told = words(await typed(talk, transcript, "status"))
    assert len(set(KPJ.findall(told))) == 2
    assert "Kode bayar" not in told


async def test_a_bill_expires_when_its_time_has_passed(start: StartTalk) -> None:
    """A code that ran out while time passed is told, and a new one can be had and paid."""
    talk = await start("--at", AT)
    await talk.say("halo")
    await answers(talk, (*whole(BUDI), Move("remind", "no")))
    assert (await talk.send(wait=8 * 24 * 3600))["replies"]
    await talk.say("bayar")
    assert "Kode bayar" in words(await talk.say("1"))
    assert BUDI.name in words(await answer(talk, Move("member", "simulate")))
