"""Reading KTP on 200 generated pictures of each grade: what is right, what is wrong and sounds sure, time and memory.

The people, letters and damage are invented here, with other throws than those the reader was tuned on; real cards have
other letters and real hands other faults. So the figures say that the machinery works, not how well it reads in a
market at dusk.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from bot.app import running
from bot.channels.terminal import TerminalChat
from bot.clock import Clock
from bot.ktp.reader import Reader
from bot.ktp.wire import Told
from bot.settings import Settings
from bot.web_app import bound
from conversations.messages import Address
from conversations.reading.ktp_card import Card
from tests.ktp.cards import FACES, draw_card
from tests.ktp.damage import BEYOND, GRADES, sent
from tests.ktp.people import Person, invent
from tests.proof.report import Report
from tests.shell.worker import Worker

PICTURES = 200
BEYOND_EACH = 20
IN_CHAT = 5
LEAST = {"clean": 0.98, "mild": 0.92, "hard": 0.75}
MOST_WRONG = 0.005
MOST_SECONDS = 6.0
BUSY = 2.0
"""From this load for each core on, seconds say more about the neighbours than about us."""
LOOK_EVERY = 0.05
PATIENCE = 120.0
"""Seconds that a picture may take here, where others may be at work on the same machine."""
TODAY = dt.date(2026, 11, 21)
FIELDS = ("nik", "name", "birth_date", "birth_place", "sex", "address", "region")


class Result(NamedTuple):
    """One picture: how it was made, who was on it, what was read, after how many seconds."""

    kind: str
    face: str
    person: Person
    told: Told
    seconds: float

    @property
    def right(self) -> frozenset[str]:
        """The fields that were read as they stand on the card; spaces do not count, case neither."""
        card, person = self.told.card, self.person
        truth = Card(
            person.nik,
            person.name,
            person.birth_place,
            person.birth_date.isoformat(),
            "female" if person.sex == "PEREMPUAN" else "male",
            person.address,
        )
        same = {name for name in FIELDS[:-1] if _plain(getattr(card, name)) == _plain(getattr(truth, name))}
        same |= {"region"} if card.home_region.replace(".", "") == person.home.code[:4] else set()
        return frozenset(same)

    @property
    def is_sure(self) -> bool:
        """Whether a NIK was read that counts as sure."""
        return bool(self.told.card.nik) and "nik" not in self.told.card.doubts

    @property
    def is_wrong_and_sure(self) -> bool:
        """Whether a NIK that is not the card's was called sure."""
        return self.is_sure and "nik" not in self.right


def _plain(text: str) -> str:
    return text.upper().replace(" ", "")


# --- reading them ----------------------------------------------------------------------------------------------------


async def read_all(scale: float) -> list[Result]:
    """Read all pictures, one after the other, in one process as the program does."""
    reader, found = Reader(limit=PATIENCE), []
    for kind, face, person, picture in pictures(scale):
        began = time.monotonic()
        told = await reader.read(picture, TODAY)
        found.append(Result(kind, face, person, told, time.monotonic() - began))
        if len(found) % 5 == 0:
            sys.stderr.write(f"{len(found)} pictures, last of kind {kind}\n")
    await reader.close()
    return found


def pictures(scale: float) -> Iterator[tuple[str, str, Person, bytes]]:
    """Make the pictures: kind, letters, person, bytes."""
    for grade, damage in GRADES.items():
        for number in range(max(1, round(PICTURES * scale))):
            dice = random.Random(f"{grade}/{number}/proof")
            face, person, card = _card(dice)
            yield grade, face, person, damage(card, dice)
    for kind, (_, beyond) in BEYOND.items():
        for number in range(max(1, round(BEYOND_EACH * scale))):
            dice = random.Random(f"{kind}/{number}/proof")
            face, person, card = _card(dice)
            yield kind, face, person, sent(beyond(card, dice), 80)


def _card(dice: random.Random) -> tuple[str, Person, Image.Image]:
    face, person = dice.choice(tuple(FACES)), invent(dice)
    return face, person, draw_card(person, FACES[face], dice)


async def in_chat(home: Path) -> list[float]:
    """Send clean pictures to the whole program; give the seconds until each is shown for confirmation."""
    seconds = []
    clock, files = Clock(dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)), list(clean_files(home))
    settings = Settings(mode="demo", home=home, ktp_photo=True)
    async with running(settings, clock, bound("127.0.0.1", 0)) as jamin:
        for file in files:
            await Worker(jamin, clock, file.stem).answer_until("nik")
            chat = TerminalChat(jamin, clock, Address("terminal", "jamin", file.stem))
            began = time.monotonic()
            said = await chat.say(chat.photo(str(file)))
            while not any(message.step == "ktp" for message in said):
                await asyncio.sleep(LOOK_EVERY)
                said = await chat.news()
            seconds.append(time.monotonic() - began)
    return seconds


def clean_files(home: Path) -> Iterator[Path]:
    """Lay clean pictures into a folder."""
    for number in range(IN_CHAT):
        dice, file = random.Random(f"chat/{number}"), home / f"worker-{number}.jpg"
        file.write_bytes(GRADES["clean"](_card(dice)[2], dice))
        yield file


# --- what they show --------------------------------------------------------------------------------------------------


def run(scale: float) -> Report:
    """Play the run."""
    results = asyncio.run(read_all(scale))
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as home:
        chatted = asyncio.run(in_chat(Path(home))) if load < BUSY * (os.cpu_count() or 1) else []
    figures = (
        *(figure for grade in GRADES for figure in _of_grade(grade, of_kind(results, grade))),
        *(_of_face(face, [r for r in results if r.kind in GRADES and r.face == face]) for face in FACES),
        *(_of_beyond(kind, advice, of_kind(results, kind)) for kind, (advice, _) in BEYOND.items()),
        ("seconds a picture, as the program waits for it: median, 95 %", _spread([r.seconds for r in results])),
        ("seconds of the processor a picture", f"{(children.ru_utime + children.ru_stime) / len(results):.2f}"),
        ("memory of the process that reads, at most", f"{children.ru_maxrss / 1024:.0f} MB"),
        *_of_chats(chatted),
        ("load of the machine meanwhile", f"{load:.1f}"),
    )
    return Report("Reading the KTP on generated pictures", figures, tuple(_faults(results, chatted)))


def of_kind(results: list[Result], kind: str) -> list[Result]:
    """The results of one grade or fault."""
    return [result for result in results if result.kind == kind]


def _of_grade(grade: str, results: list[Result]) -> Iterator[tuple[str, str]]:
    yield f"**{grade}**, pictures", f"{len(results)}"
    right = Counter(field for result in results for field in result.right)
    for field in FIELDS:
        yield f"— {field} exact", f"{_share(right[field], results)}"
    yield "— NIK exact and sure", _share(sum(r.is_sure and "nik" in r.right for r in results), results)
    yield "— NIK wrong but sure", _share(sum(r.is_wrong_and_sure for r in results), results)
    yield "— advice instead of a NIK", _share(sum(not r.told.card.nik for r in results), results)


def _of_face(face: str, results: list[Result]) -> tuple[str, str]:
    return f"NIK exact in {face}, all grades", _share(sum("nik" in r.right for r in results), results)


def _of_beyond(kind: str, advice: str, results: list[Result]) -> tuple[str, str]:
    given = Counter(r.told.advice or ("read rightly" if "nik" in r.right else "suggested wrongly") for r in results)
    return f"unreadable: {kind} (should be {advice})", ", ".join(f"{what} {n}" for what, n in given.most_common())


def _of_chats(seconds: list[float]) -> Iterator[tuple[str, str]]:
    name = "seconds from a picture in the chat to its confirmation"
    if not seconds:
        yield name, "not measured: the machine is too busy"
        return
    yield f"{name}, the first, with the models loaded meanwhile", f"{seconds[0]:.1f}"
    yield f"{name}, later: median, 95 %", _spread(seconds[1:])


def _share(count: int, results: list[Result]) -> str:
    return f"{100 * count / len(results):.1f} %" if results else "no picture"


def _spread(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.1f}, {statistics.quantiles(seconds, n=20)[-1]:.1f}"


def _faults(results: list[Result], chatted: list[float]) -> Iterator[str]:
    for grade, least in LEAST.items():
        graded = of_kind(results, grade)
        if sum("nik" in r.right for r in graded) < least * len(graded):
            yield f"{grade}: fewer than {least:.0%} of the NIK are exact"
    for kind in dict.fromkeys(result.kind for result in results):
        wrong = [r for r in of_kind(results, kind) if r.is_wrong_and_sure]
        if len(wrong) > MOST_WRONG * len(of_kind(results, kind)):
            yield f"{kind}: {len(wrong)} wrong NIK were called sure"
    if chatted and statistics.median(chatted) >= MOST_SECONDS:
        yield f"from the picture to the confirmation it takes {statistics.median(chatted):.1f} s"
