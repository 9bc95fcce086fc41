"""Whole chats as text files under tests/dialogues/, played against the pure core.

`> text` is typed and `> [Label]` tapped, `! event` is what the shell brings (`tests/chat.py`, EVENTS), `@ moment` sets
the clock in Jakarta, `demand field …` tells what the backend requires, `photos` that pictures of a KTP are read,
`ahead n` how many wait for staff, `sponsor NIK payer share` who is paid for, `sponsor NIK full` that the last place
went to somebody else, `phone name` goes on with somebody else's phone, where `(kode)` is the code last passed on. `<`
is what Jamin says, then its buttons, then `*` what the shell is asked to do. `UPDATE=1 pytest tests/test_dialogues.py`
writes the answers anew; read the difference before keeping it.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from bot.wording import load_speech
from conversations import pricing
from conversations.answers.values import MONTH_NAMES
from conversations.asking import Pressed, pressed
from conversations.effects import AnyEffect, HandOff, OpenCase, RateCase, RecordConsent
from conversations.messages import Message, Rupiah, Say
from conversations.months import JAKARTA, Month, jakarta
from conversations.programmes.sponsor import Sponsor
from conversations.session import fresh
from conversations.turn import Facts, PassedOn
from conversations.view import View
from tests.chat import Chat, facts, passed_on

FILES = sorted((Path(__file__).parent / "dialogues").glob("*.txt"))
ON_THESE_DAYS = "On these days only."
"""How the title of a dialogue ends that the calendar leads: no other days have its due days and lapses."""
LATER = (dt.datetime(2027, 1, 1, 9, tzinfo=JAKARTA), dt.datetime(2027, 4, 1, 9, tzinfo=JAKARTA))
ANY_DAY = [f for f in FILES if not f.read_text(encoding="utf-8").partition("\n")[0].endswith(ON_THESE_DAYS)]
DISCOUNT_UNTIL = re.compile(r"[Dd]iskon[^.]*sampai iuran (\w+ \d{4})")
SAID_BY_JAMIN = ("<", "  [", "* ")
WHATSAPP_BODY = 1024

Way = tuple[str, str, tuple[str, ...]]


class Played(NamedTuple):
    """A dialogue after it was played: its lines anew, and for each turn the chat's way (flow, step, what buttons stand
    for)."""

    lines: list[str]
    ways: list[Way]


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_is_said_word_for_word(file: Path) -> None:
    """Every dialogue is said word for word as its file has it."""
    written = file.read_text(encoding="utf-8")
    said = "\n".join(play(written).lines) + "\n"
    if os.environ.get("UPDATE"):
        file.write_text(said, encoding="utf-8")
    assert said == written


@pytest.mark.parametrize("moment", LATER, ids=lambda m: f"{m:%Y-%m}")
@pytest.mark.parametrize("file", ANY_DAY, ids=lambda f: f.stem)
def test_goes_the_same_way_later(file: Path, moment: dt.datetime) -> None:
    """Every dialogue goes the same way when discounts have ended; only amounts and months differ."""
    written = file.read_text(encoding="utf-8")
    assert play(written, moment).ways == play(written).ways


def test_every_dialogue_has_a_title_and_a_rule() -> None:
    """Every dialogue says first what it shows."""
    assert all(file.read_text(encoding="utf-8").startswith("# ") for file in FILES)


def play(written: str, begin: dt.datetime | None = None) -> Played:
    """Play a dialogue; from another moment on where `begin` is given, with the same time between its turns."""
    phones = {"": Chat()}
    chat = phones[""]
    played = Played([], [])
    shift = dt.timedelta()
    for line in written.splitlines():
        if line.startswith(SAID_BY_JAMIN):
            continue
        played.lines.append(line)
        if line.startswith("@ "):
            moment = dt.datetime.strptime(line[2:], "%Y-%m-%d %H:%M").replace(tzinfo=JAKARTA)
            if begin is not None and not shift:
                shift = begin - moment
            chat.now = (moment + shift).astimezone(dt.UTC)
        elif line.startswith("phone "):
            chat = picked_up(phones, line[6:], chat)
        elif known := known_by(line, chat.facts):
            chat.facts = known
        elif line.startswith(("> ", ">", "! ")):
            happen(chat, line, played)
    return played


def known_by(line: str, known: Facts) -> Facts | None:
    """The facts after a line that tells some; None for any other line."""
    match line.split():
        case ["demand", *fields]:
            return facts(requires=(*known.requires, *fields))
        case ["photos"]:
            return replace(known, reads_ktp=True, private_page=True)
        case ["ahead", number]:
            return replace(known, ahead=int(number))
        case ["sponsor", nik, *terms]:
            return sponsoring(known, nik, *terms)
    return None


def picked_up(phones: dict[str, Chat], name: str, before: Chat) -> Chat:
    """Go on with another phone, at the same moment; what was passed on is known there."""
    chat = phones.setdefault(name, Chat(session=fresh("id", name)))
    chat.now = before.now
    chat.forms |= before.forms
    chat.facts = replace(chat.facts, referrals={**before.facts.referrals, **passed_on(before.effects)})
    return chat


def sponsoring(known: Facts, nik: str, payer: str, share: str = "0") -> Facts:
    """The facts with a sponsor who pays for a NIK for half a year from the month the tests begin in."""
    sponsor = Sponsor("c-1", "Pemkab Garut", payer, int(share), Month(2026, 11), Month(2027, 4))
    if payer == "full":
        return replace(known, full=frozenset({sponsor.cohort}))
    return replace(known, sponsors={**known.sponsors, nik: sponsor})


def happen(chat: Chat, line: str, played: Played) -> None:
    """Let one line of a dialogue happen; note what is said and where the chat is then."""
    before = len(chat.effects)
    enter(chat, line)
    for message in chat.messages:
        check(chat, message)
        played.lines.extend(f"< {row}".rstrip() for row in message.text.splitlines())
        played.lines.extend(rows(message))
    if not chat.messages:
        played.lines.append("< (diam)")
    played.lines.extend(f"* {described(effect)}" for effect in chat.effects[before:])
    meant = tuple(step_of(button.value) for message in chat.messages for button in message.buttons)
    played.ways.append((chat.session.flow, chat.session.asked, meant))


def enter(chat: Chat, line: str) -> None:
    """Type, tap or let an event come in."""
    rest = line[2:].replace("(kode)", newest_code(chat))
    if line.startswith("! "):
        chat.happen(rest)
    elif re.fullmatch(r"\[.+\]", rest):
        chat.tap(rest[1:-1])
    else:
        chat.say(rest.replace("\\0", ""))


def newest_code(chat: Chat) -> str:
    """The code under which something was passed on last."""
    passed = [code for code, known in chat.facts.referrals.items() if isinstance(known, PassedOn)]
    return passed[-1] if passed else ""


def rows(message: Message) -> list[str]:
    """The buttons, as one row."""
    return ["  " + " ".join(f"[{button.label}]" for button in message.buttons)] if message.buttons else []


def described(effect: AnyEffect) -> str:
    """An effect in a few words, without what is personal."""
    match effect:
        case OpenCase(reason, reopens=again):
            return f"reopen_case {reason}" if again else f"open_case {reason}"
        case RateCase(_, score, why):
            return f"rate_case {score} {why}".rstrip()
        case RecordConsent(_, purpose, _, given):
            return f"record_consent {purpose} {'yes' if given else 'no'}"
        case HandOff(person):
            return f"{type(effect).__struct_config__.tag} person {person}"
    return str(type(effect).__struct_config__.tag)


def step_of(value: str) -> str:
    """What a button stands for, without the asking it belongs to."""
    what = pressed(value)
    return f"{what.step}:{what.option}" if isinstance(what, Pressed) else value


# --- what must hold of every message ---------------------------------------------------------------------------------


def check(chat: Chat, message: Message) -> None:
    """A message fits one of WhatsApp's, names no discount that is over, and shows the price the programmes quote."""
    assert len(message.text) <= WHATSAPP_BODY, f"{len(message.text)} characters: {message.text}"
    now = Month.of(jakarta(chat.now))
    for named in DISCOUNT_UNTIL.findall(message.text):
        assert month_named(named) >= now, f"a discount until {named} in {now}"
    if message.step in ("plan", "review") and message.flow == "enrolment":
        check_price(chat, message)


def check_price(chat: Chat, message: Message) -> None:
    """Wherever a price is shown it is the quote for the answers given."""
    view = View(chat.session, chat.facts, chat.now)
    plans = ("two", "three") if message.step == "plan" else (view.answers["plan"],)
    totals = {load_speech().say(Say("recap.text", {"text": Rupiah(pricing.price(view, plan).total)})) for plan in plans}
    shown = re.findall(r"(?:• JKK[^:]*|Iuran): (Rp[\d.,]+(?: juta)?)", message.text)
    assert set(shown) <= totals


def month_named(named: str) -> Month:
    """Read "Desember 2026"."""
    name, year = named.split()
    return Month(int(year), MONTH_NAMES.index(name) + 1)
