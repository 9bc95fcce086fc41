"""A chat with the pure core: typed and tapped as a worker does it, and what the shell would bring in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from msgspec.structs import replace

from bot.ask import load_entries
from bot.wording import load_speech
from conversations.answers.index import Index
from conversations.effects import AnyEffect, CheckIdentity, HandOff, RequestBill, SubmitEnrolment
from conversations.engine import take_turn
from conversations.messages import (
    Address,
    Anniversary,
    Bill,
    BillExpired,
    BillIssued,
    BillPaid,
    CaseClosed,
    Contact,
    EnrolmentAnswered,
    Faulted,
    IdentityChecked,
    Incoming,
    Message,
    Photo,
    ReminderDue,
    Shown,
    StaffSaid,
    Start,
    Tap,
    Text,
    Unsupported,
    What,
)
from conversations.months import Month
from conversations.programmes.contribution import quote
from conversations.programmes.sponsor import less_share
from conversations.session import Session, fresh
from conversations.turn import Facts, FindSponsor, Lacking, Needs, Turn

ADDRESS = Address("terminal", "jamin", "kak")
HERE = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
FITS = "18–64 th, WNI, ada KTP"
KPJ = "26110000017"
CODE = "880812345678"
CODE_HOLDS = dt.timedelta(days=3)

Sent = TypeVar("Sent", bound=HandOff)


@cache
def index() -> Index:
    """The approved answers, made searchable once a test session."""
    return Index.of(load_entries())


def facts(**changes: object) -> Facts:
    """What the shell knows in tests; `changes` are fields of `Facts`."""
    entries = load_entries()
    known = Facts(
        simulates_payment=True,
        on_behalf_of="tim uji coba Jamin",
        agents={"AGEN7": "Bu Wati"},
        entries=frozenset(entry.id for entry in entries),
        open_entries=frozenset(entry.id for entry in entries if entry.operator),
    )
    return replace(known, **changes)


def play(session: Session, what: What, now: dt.datetime, known: Facts) -> Turn:
    """Take one turn, fetching what it needs as the shell does."""
    incoming = Incoming(ADDRESS, "1", what)
    turn = take_turn(session, incoming, now, known)
    if isinstance(turn, Needs):
        turn = take_turn(session, incoming, now, supplied(turn.what, known))
    if isinstance(turn, Needs):
        raise TypeError("the core needs what it was just given")
    return turn


def supplied(lacking: Lacking, known: Facts) -> Facts:
    """The facts with the one that a turn lacked; nobody pays for anybody but those that `known` names."""
    if isinstance(lacking, FindSponsor):
        return replace(known, sponsors={**known.sponsors, lacking.nik: None})
    return replace(known, rankings={**known.rankings, lacking.question: index().rank(lacking.question)})


class Chat:
    """One chat: its session, the moment, and all that was sent to the backend."""

    def __init__(self, known: Facts | None = None, session: Session | None = None) -> None:
        self.session = session or fresh("id", "benih")
        self.now = HERE
        self.facts = known or facts()
        self.turn = Turn(self.session)
        self.messages: tuple[Message, ...] = ()
        self.buttons: tuple[Shown, ...] = ()
        self.effects: list[AnyEffect] = []

    def take(self, what: What) -> tuple[Message, ...]:
        """Let something come in; give what is said."""
        self.turn = play(self.session, what, self.now, self.facts)
        self.session = self.turn.session
        self.effects.extend(self.turn.effects)
        self.messages = tuple(load_speech().message(reply, self.session) for reply in self.turn.replies)
        if self.messages:
            self.buttons = self.messages[-1].buttons
        return self.messages

    def say(self, *texts: str) -> tuple[Message, ...]:
        """Type one text after the other; give what is said to the last."""
        for text in texts:
            self.take(Text(text))
        return self.messages

    def tap(self, *labels: str) -> tuple[Message, ...]:
        """Tap one button after the other by its label; raises KeyError for one that isn't there."""
        for label in labels:
            self.take(Tap(self.value(label)))
        return self.messages

    def value(self, label: str) -> str:
        """What the button with that label carries."""
        return {button.label: button.value for button in self.buttons}[label]

    def happen(self, event: str) -> tuple[Message, ...]:
        """Let one of the events of `EVENTS` come in; what it is about is taken from the last effect."""
        name, _, rest = event.partition(" ")
        return self.take(EVENTS[name](self, rest))

    def last(self, kind: type[Sent]) -> Sent:
        """The last effect of a kind."""
        return next(effect for effect in reversed(self.effects) if isinstance(effect, kind))

    def bill(self, number: int = 0) -> Bill:
        """The bill a backend would make of the last order."""
        order = max(
            (e for e in self.effects if isinstance(e, SubmitEnrolment | RequestBill)), key=self.effects.index
        ).order
        whole = quote(order.base, order.sector, order.programmes, order.first, order.months, order.payer)
        priced = less_share(whole, order.share)
        return Bill(str(int(CODE) + number), priced.total, order.first, order.months, self.now + CODE_HOLDS)

    def held_bill(self) -> Bill:
        """The bill that is open for the person last handed on."""
        number = self.last(SubmitEnrolment).person
        person = next(p for p in self.session.people if p.number == number)
        if person.enrolment is None or person.enrolment.bill is None:
            raise LookupError("nothing is to be paid")
        return person.enrolment.bill


def identity(chat: Chat, rest: str) -> What:
    """`identity differs name`: the verdict, then the fields."""
    verdict, *fields = rest.split()
    asked = chat.last(CheckIdentity)
    return IdentityChecked(asked.person, asked.digest, verdict, tuple(fields))


def answered(outcome: str) -> Callable[[Chat, str], What]:
    """What became of the last hand-off."""

    def event(chat: Chat, rest: str) -> What:
        sent = chat.last(SubmitEnrolment)
        if outcome != "accepted":
            return EnrolmentAnswered(sent.person, sent.enrolment, outcome, reason=rest)
        bill = chat.bill()
        return EnrolmentAnswered(sent.person, sent.enrolment, outcome, KPJ, bill if bill.total else None)

    return event


def billed(chat: Chat, _: str) -> What:
    """A new bill, as asked for last."""
    asked = chat.last(RequestBill)
    return BillIssued(asked.person, asked.enrolment, chat.bill(asked.request))


def paid(chat: Chat, _: str) -> What:
    """The open bill is paid."""
    sent, asked = chat.last(SubmitEnrolment), chat.bill()
    bill = chat.held_bill() if asked.total else asked
    return BillPaid(sent.person, sent.enrolment, bill.code, bill.first, bill.months, chat.now)


def paid_twice(chat: Chat, _: str) -> What:
    """The months just paid are paid once more, through another code."""
    sent = chat.last(SubmitEnrolment)
    person = next(p for p in chat.session.people if p.number == sent.person)
    if person.enrolment is None or not person.enrolment.paid:
        raise LookupError("nothing was paid")
    return BillPaid(sent.person, sent.enrolment, "LAGI", max(person.enrolment.paid), 1, chat.now, "BUKTI-2")


def expired(chat: Chat, _: str) -> What:
    """The open bill ran out."""
    sent = chat.last(SubmitEnrolment)
    return BillExpired(sent.person, sent.enrolment, chat.held_bill().code)


def remind(chat: Chat, month: str) -> What:
    """`remind 2026-12 last`: it is time to remind of a month; the moment's name may be left out."""
    sent = chat.last(SubmitEnrolment)
    about, _, moment = month.partition(" ")
    return ReminderDue(sent.person, sent.enrolment, Month.parse(about), moment or "due")


def anniversary(chat: Chat, month: str) -> What:
    """`anniversary 2027-11`: with this month there may be whole years of cover."""
    sent = chat.last(SubmitEnrolment)
    return Anniversary(sent.person, sent.enrolment, Month.parse(month))


def staff(_: Chat, rest: str) -> What:
    """`staff Rina: words`."""
    operator, text = rest.split(": ", 1)
    return StaffSaid("perkara-1", operator, text)


EVENTS: dict[str, Callable[[Chat, str], What]] = {
    "identity": identity,
    **{outcome: answered(outcome) for outcome in ("accepted", "waiting", "refused", "undelivered")},
    "billed": billed,
    "paid": paid,
    "paid_twice": paid_twice,
    "expired": expired,
    "remind": remind,
    "anniversary": anniversary,
    "staff": staff,
    "closed": lambda chat, _: CaseClosed("perkara-1"),
    "faulted": lambda chat, _: Faulted("ZeroDivisionError"),
    "start": lambda chat, code: Start(code),
    "contact": lambda chat, phone: Contact(phone),
    "photo": lambda chat, ref: Photo(ref),
    "sent": lambda chat, what: Unsupported(what),
    "tap": lambda chat, value: Tap(value),
}


def to_review(chat: Chat) -> Chat:
    """Bring a new chat to the review of a rider's own enrolment."""
    chat.say("halo")
    chat.tap("Saya sendiri")
    chat.say("narik ojol")
    chat.tap("Pelanggan/usaha sendiri", FITS)
    chat.say("2 juta")
    chat.tap("JKK + JKM", "Ya, setuju")
    chat.say("3273011708900001", "Budi Santoso", "17 Agustus 1990", "081234567890")
    return chat
