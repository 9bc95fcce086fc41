"""What Jamin says, read from locales/, and the check at load that all of it fits every channel (DESIGN 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

from bot.ask import load_entries
from bot.texts import catalogue
from bot.texts.catalogue import SOURCE
from conversations.flow import Flow
from conversations.flows import FLOWS
from conversations.flows.eligibility import CONDITIONS
from conversations.flows.places import NAMES
from conversations.messages import Bill, Reply, Say
from conversations.months import Month
from conversations.occupations import GROUPS
from conversations.prompting import MOST_BUTTONS
from conversations.session import SCHEMA, Answers, Enrolment, Origin, Person, Session, fresh
from conversations.speech import Speech
from conversations.steps.occupation import JobStep
from conversations.steps.step import NO_CHANGES, Option, Step
from conversations.turn import Facts
from conversations.view import View

BODY = 1024
"""Characters of a WhatsApp message with buttons; Telegram allows four times as many."""

TITLE = 24
"""Characters of a row in a WhatsApp list."""

CALLBACK = 64
"""Bytes that a Telegram button may carry."""

LATEST_ASKING = 10**9 - 1


class WordingError(Exception):
    """What we say does not fit every channel; each line names the sentence, the language and the limit."""


class Fault(NamedTuple):
    """A sentence that doesn't fit: the catalogue key or step, the language, what is wrong, in words."""

    key: str
    locale: str
    wrong: str

    def __str__(self) -> str:
        return f"locales/{self.locale}/LC_MESSAGES/jamin.po: {self.key} ({self.locale}): {self.wrong}"


@cache
def load_speech(locale: str = "id") -> Speech:
    """Read the catalogue and the approved answers of a language, once a process; what it lacks is said in Indonesian.

    Raises:
        FileNotFoundError: there is no Indonesian catalogue.
        msgspec.ValidationError: an approved answer lacks a field or has one too many.
    """
    source, own = catalogue.read(SOURCE), catalogue.read(locale)
    texts = {key: own[key] if key in own and own[key].is_fresh(text) else text for key, text in source.items()}
    phrases = {key: text.forms[-1] for key, text in texts.items()}
    numbered = {key: text.forms for key, text in texts.items() if len(text.forms) > 1}
    return Speech(locale, phrases, {entry.id: entry for entry in load_entries(locale)}, numbered)


def faults(speech: Speech) -> list[str]:
    """Check every prompt of every flow, in every state that words it differently; give what is wrong, each once."""
    found = [fault for flow, step, view in prompts() for fault in faults_of(speech, flow, step, view)]
    found += [Fault(key, speech.locale, "is empty") for key, phrase in speech.phrases.items() if not phrase.strip()]
    found += [
        Fault(key, speech.locale, f"{len(phrase)} characters, a message holds {BODY}")
        for key, phrase in speech.phrases.items()
        if len(phrase) > BODY
    ]
    return list(dict.fromkeys(map(str, found)))


def faults_of(speech: Speech, flow: Flow, step: Step, view: View) -> Iterator[Fault]:
    """Check one step at one moment: its question, put in full, short and with help, and its buttons."""
    for part, says in (("ask", step.ask(view)), ("short", step.short(view)), ("help", step.help(view))):
        yield from body(speech, f"{step.name}.{part}", says)
    options = step.options(view)
    if len(options) > MOST_BUTTONS:
        yield Fault(f"{step.name}.ask", speech.locale, f"{len(options)} buttons, a list holds {MOST_BUTTONS}")
    for option in options:
        yield from button(speech, step, option)


def body(speech: Speech, key: str, says: tuple[Say, ...]) -> Iterator[Fault]:
    """Check the words of a message."""
    try:
        text = speech.message(Reply(says), NOBODY).text
    except KeyError as missing:
        yield Fault(key, speech.locale, f"the catalogue lacks {missing}")
        return
    if not 0 < len(text) <= BODY:
        yield Fault(key, speech.locale, f"{len(text)} characters, a message holds 1 to {BODY}")


def button(speech: Speech, step: Step, option: Option) -> Iterator[Fault]:
    """Check a button: its label and what it carries."""
    try:
        label = speech.say(option.label)
    except KeyError as missing:
        yield Fault(f"{step.name}.{option.name}", speech.locale, f"the catalogue lacks {missing}")
        return
    if not 0 < len(label) <= TITLE:
        yield Fault(option.label.key, speech.locale, f'"{label}" has {len(label)} characters, a button 1 to {TITLE}')
    if len(f"{LATEST_ASKING}:{step.name}:{option.name}".encode()) > CALLBACK:
        yield Fault(option.label.key, speech.locale, f"a button carries {CALLBACK} bytes at most")


# --- the states to look at -------------------------------------------------------------------------------------------

NOBODY = fresh()
MOMENTS = (dt.datetime(2026, 12, 31, 5, tzinfo=dt.UTC), dt.datetime(2027, 4, 1, 5, tzinfo=dt.UTC))
"""While discounts run, and after the last of them."""

LONG_NAME = "Raden Ajeng Siti Nurhaliza Kusumawardhani Putri Ratnaningsih"
WHO: tuple[Answers, ...] = ({"whom": "self"}, {"whom": "other", "relation": "spouse"})
JOBS = (
    "ojek_online",
    "market_trader",
    "domestic_worker",
    "project_worker",
    "honorary_teacher",
    "apprentice",
    "migrant_worker",
)
DATA: Answers = {
    "nik": "3273011708900001",
    "name": LONG_NAME,
    "birth_date": "1990-09-17",
    "birth_doubt": "1990-09-18",
    "phone": "+6281234567890",
    "email": "siti.nurhaliza.kusumawardhani@gmail.com",
    "home_region": "3273",
    "work_region": "3205",
    "daily": 100_000,
}
READ: Answers = {
    "consent": True,
    "ktp": {
        **{name: DATA[name] for name in ("nik", "name", "birth_date")},
        "birth_place": "Kabupaten Tulang Bawang Barat",
        "sex": "female",
        "home_region": "32.73",
        "doubts": ["nik"],
    },
    "nik_seen": DATA["nik"],
    "name_seen": LONG_NAME,
}
"""What was read on a picture, some of it doubtful."""
PRICED: tuple[Answers, ...] = tuple(
    {"income": income, "plan": plan, "months": months}
    for income, plan, months in product((1_000_000, 3_450_000, 20_700_000), ("two", "three"), ("1", "12"))
)
BILL = Bill("880812345678", 16_800, Month(2026, 12), 1, MOMENTS[0])


def prompts() -> Iterator[tuple[Flow, Step, View]]:
    """Every step of every flow at every moment that words it differently."""
    assisted = {**ENOUGH, "relation": "neighbour", "assisted": True}
    for answers, now in product((*standings(), *prices(), *jobs(), assisted, {**ENOUGH, **READ}), MOMENTS):
        yield from applying(FLOWS["enrolment"], (Person(1, answers),), now)
    for flow, enrolment, side in product(FLOWS.values(), ENROLMENTS, SIDES):
        yield from applying(flow, (Person(1, ENOUGH, enrolment=enrolment), Person(2, ENOUGH)), MOMENTS[0], side)


def applying(
    flow: Flow, people: tuple[Person, ...], now: dt.datetime, side: Answers = NO_CHANGES
) -> Iterator[tuple[Flow, Step, View]]:
    """The steps of a flow that apply to the first of some people, and those that are opened on purpose."""
    session = Session(SCHEMA, people=people, current=1, flow=flow.name, origin=Origin("A1"), side=side)
    view = View(session, FACTS, now)
    return ((flow, step, view) for step in flow.steps if step.when(view) or step.name in ON_PURPOSE)


def standings() -> Iterator[Answers]:
    """Each way of being eligible or not."""
    for who, job, earning, condition in product(WHO[1:], JOBS, ("own", "waged", "owner", "none"), CONDITIONS):
        yield {**who, "occupation": job, "earning": earning, "condition": condition, **PRICED[0], "daily": 100_000}


def prices() -> Iterator[Answers]:
    """Each price, for a rider and an owner."""
    for who, priced, earning in product(WHO, PRICED, ("own", "owner")):
        yield {**who, "occupation": "ojek_online", "earning": earning, "condition": "fits", **priced, **DATA}


def jobs() -> Iterator[Answers]:
    """Each page of each list of occupations."""
    for group in GROUPS:
        pages = len(JobStep("job").pages(group))
        yield from ({**ENOUGH, "group": group, "group_page": page % 2, "job_page": page} for page in range(pages))


ENOUGH: Answers = {**WHO[0], "occupation": "ojek_online", "earning": "own", "condition": "fits", **PRICED[0], **DATA}
ON_PURPOSE = frozenset({"group", "months", "change", "children", "event", "text", "form", "signed"})
"""Steps outside the form's order."""

ENROLMENTS: tuple[Enrolment | None, ...] = (
    Enrolment("r"),
    Enrolment("r", state="accepted", kpj="26110000017", bill=BILL),
    Enrolment("r", state="accepted", kpj="26110000017"),
    *(
        Enrolment("r", state="accepted", kpj="26110000017", paid=(Month(*last),), settled=("1", "2"))
        for last in ((2026, 12), (2027, 2), (2026, 11), (2026, 9), (2026, 1))
    ),
)
"""Waiting, to be paid, and paid until each month that makes another membership of it."""

SIDES: tuple[Answers, ...] = (
    {},
    {"pay_months": "12"},
    {"terms": "income"},
    {"terms": "plan"},
    {"terms": "income", "terms_income": 20_700_000},
    *({"place_kind": kind} for kind in NAMES),
    {"stop": "leave"},
    {"why": "contract"},
)
"""What was answered so far in a flow beside the main one."""

FACTS = Facts(
    simulates_payment=True,
    on_behalf_of="Yayasan Pelindung Pekerja Mandiri Indonesia",
    requires=("nik", "name", "birth_date", "phone", "email", "home_region", "work_region"),
    private_page=True,
    reads_ktp=True,
)
