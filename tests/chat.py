"""A chat with the pure core: typed and tapped as a worker does it, and what the shell would bring in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from functools import cache
from typing import TypeVar

from msgspec.structs import replace

from bot.ask import load_entries
from bot.wording import load_speech
from conversations.answers.index import Index
from conversations.effects import (
    AnyEffect,
    CheckIdentity,
    KeepForm,
    OpenCase,
    PassOn,
    ReadKtp,
    RequestBill,
    SubmitEnrolment,
)
from conversations.engine import take_turn
from conversations.flows.moving import digest
from conversations.messages import (
    Address,
    AgencyDecided,
    AgentNudges,
    Anniversary,
    Bill,
    BillExpired,
    BillIssued,
    BillPaid,
    CaseClosed,
    CaseMode,
    CodeRefused,
    Contact,
    Continued,
    EnrolmentAnswered,
    Faulted,
    FormDecided,
    IdentityChecked,
    Incoming,
    KtpRead,
    Located,
    Message,
    NumberChanged,
    Photo,
    ReminderDue,
    Shown,
    SignedOnPaper,
    SponsorFound,
    StaffLeads,
    StaffOpens,
    StaffProposes,
    StaffSaid,
    Start,
    Tap,
    Text,
    Unsupported,
    What,
)
from conversations.months import Month, jakarta
from conversations.programmes.contribution import quote
from conversations.programmes.sponsor import Sponsor, less_share
from conversations.session import Session, fresh
from conversations.turn import (
    Came,
    CountAhead,
    CountCame,
    Door,
    DrawCode,
    Drawn,
    Facts,
    FindReferral,
    FindSponsor,
    Lacking,
    Needs,
    PassedOn,
    RankQuestion,
    Referral,
    Turn,
)
from tests.ktp.fake_child import CARD

ADDRESS = Address("terminal", "jamin", "kak")
ELSEWHERE = Address("telegram", "700", "7")
HERE = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
FITS = "18–64 th, WNI, ada KTP"
REFERRALS = {
    "AGEN7": Referral("agent", "Bu Wati", "Paguyuban Ojek Bandung", "12/PO/2026"),
    "RAPAT": Referral("event", "Rapat RT 05", "Paguyuban Ojek Bandung", "12/PO/2026"),
    "SEBAR": Referral("volunteer", "Pak Joko", "Karang Taruna Cibiru"),
    "KKBC": Referral("campaign", "Kerja Keras Bebas Cemas"),
}
KPJ = "26110000017"
CODE = "880812345678"
DRAWN = Drawn(
    "KTMR47391",
    (Door("telegram", "https://t.me/JaminUjiBot?start=x"), Door("web", "https://jamin.example.org/?kode=x")),
)
CODE_HOLDS = dt.timedelta(days=3)

Sent = TypeVar("Sent")


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
        root="https://jamin.example",
        referrals=REFERRALS,
        entries=frozenset(entry.id for entry in entries),
        open_entries=frozenset(entry.id for entry in entries if entry.operator),
    )
    return replace(known, **changes)


def play(session: Session, what: What, now: dt.datetime, known: Facts) -> Turn:
    """Take one turn, fetching what it needs as the shell does."""
    incoming = Incoming(ADDRESS, "1", what)
    turn = take_turn(session, incoming, now, known)
    if isinstance(turn, Needs):
        turn = take_turn(session, incoming, now, fetched(turn.what, known))
    if isinstance(turn, Needs):
        raise TypeError("the core needs what it was just given")
    return turn


def fetched(what: Lacking, known: Facts) -> Facts:
    """Return the facts with what a turn asked for; nobody else waits for staff."""
    match what:
        case RankQuestion(question):
            return replace(known, rankings={**known.rankings, question: index().rank(question)})
        case CountAhead():
            return replace(known, ahead=0)
        case CountCame():
            return replace(known, came=Came(40, 12, 9, 6, 5, 4))
        case DrawCode():
            return replace(known, drawn=DRAWN)
        case FindSponsor(nik):
            return replace(known, sponsors={**known.sponsors, nik: None})
        case FindReferral(code):
            return replace(known, referrals={**known.referrals, code: None})


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
        self.forms: dict[str, KeepForm] = {}

    def take(self, what: What) -> tuple[Message, ...]:
        """Let something come in; give what is said."""
        self.turn = play(self.session, what, self.now, self.facts)
        self.session = self.turn.session
        self.effects.extend(self.turn.effects)
        self.forms |= forms(self.turn.effects)
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


def passed_on(effects: Iterable[AnyEffect]) -> dict[str, PassedOn]:
    """What agents filled in and passed on, by its code."""
    agents = {code: known for code, known in REFERRALS.items() if known.kind == "agent"}
    sent = (effect for effect in effects if isinstance(effect, PassOn))
    return {effect.code: PassedOn(effect.agent, agents[effect.agent], effect.answers) for effect in sent}


def forms(effects: Iterable[AnyEffect]) -> dict[str, KeepForm]:
    """What agents filled in for people without a phone, by the code on the form."""
    return {effect.code: effect for effect in effects if isinstance(effect, KeepForm)}


def signed(chat: Chat, sees: str) -> What:
    """Staff find the form good that was filled in last, on whichever phone."""
    form = next(reversed(chat.forms.values()))
    return SignedOnPaper(form.code, form.agent, "agent", form.answers, sees == "sees")


def form_decided(chat: Chat, reason: str) -> What:
    """Staff look at the form last filled in: good, or sent back for a reason."""
    return FormDecided(next(reversed(chat.forms)), not reason, reason, "Rina")


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
    """The open bill is paid, or what a sponsor pays whole."""
    requests = [effect.request for effect in chat.effects if isinstance(effect, RequestBill)]
    sent, asked = chat.last(SubmitEnrolment), chat.bill(requests[-1] if requests else 0)
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


def case_of(chat: Chat) -> str:
    """The id of the case that is open or was closed last; the shell gives a new one to each that isn't reopened."""
    new = [effect for effect in chat.effects if isinstance(effect, OpenCase) and not effect.reopens]
    return f"perkara-{len(new)}"


def remind(chat: Chat, month: str) -> What:
    """`remind 2026-12 last`: it is time to remind of a month, the one that runs where none is named."""
    sent = chat.last(SubmitEnrolment)
    about, _, moment = month.partition(" ")
    of = Month.parse(about) if about else Month.of(jakarta(chat.now))
    return ReminderDue(sent.person, sent.enrolment, of, moment or "due")


def anniversary(chat: Chat, month: str) -> What:
    """`anniversary 2027-11`: with this month there may be whole years of cover."""
    sent = chat.last(SubmitEnrolment)
    return Anniversary(sent.person, sent.enrolment, Month.parse(month))


def sponsored(chat: Chat, rest: str) -> What:
    """`sponsored state 100 2027-09 2027-12`: from now on somebody pays a share of these months."""
    payer, share, first, last = rest.split()
    sponsor = Sponsor("c-2", "Desa Sukamaju", payer, int(share), Month.parse(first), Month.parse(last))
    sent = chat.last(SubmitEnrolment)
    return SponsorFound(sent.person, sent.enrolment, sponsor)


def staff(chat: Chat, rest: str) -> What:
    """`staff Rina: words`."""
    operator, text = rest.split(": ", 1)
    return StaffSaid(case_of(chat), operator, text)


def proposes(chat: Chat, rest: str) -> What:
    """`proposes Rina: name Siti Aminah`."""
    operator, change = rest.split(": ", 1)
    field, _, value = change.partition(" ")
    return StaffProposes(case_of(chat), operator, field, value)


def continued(chat: Chat, _: str) -> What:
    """The code shown here was typed elsewhere."""
    return Continued(ELSEWHERE, digest(DRAWN.code), 1)


def ktp_read(chat: Chat, rest: str) -> What:
    """`ktp card name`: what was read on the last picture, doubtful where fields are named; `ktp dark`: nothing was."""
    asked = chat.last(ReadKtp)
    what, *doubts = rest.split()
    if what != "card":
        return KtpRead(asked.person, asked.asking, advice=what)
    return KtpRead(asked.person, asked.asking, replace(CARD, doubts=tuple(doubts)))


EVENTS: dict[str, Callable[[Chat, str], What]] = {
    "identity": identity,
    **{outcome: answered(outcome) for outcome in ("accepted", "waiting", "refused", "undelivered")},
    "billed": billed,
    "paid": paid,
    "paid_twice": paid_twice,
    "expired": expired,
    "remind": remind,
    "anniversary": anniversary,
    "sponsored": sponsored,
    "staff": staff,
    "proposes": proposes,
    "leads": lambda chat, flow: StaffLeads(case_of(chat), flow),
    "mode": lambda chat, mode: CaseMode(case_of(chat), mode),
    "opens": lambda chat, note: StaffOpens(note),
    "closed": lambda chat, _: CaseClosed(case_of(chat)),
    "continued": continued,
    "code": lambda chat, why: CodeRefused(why),
    "number_changed": lambda chat, _: NumberChanged("6285712345678"),
    "located": lambda chat, codes: Located(tuple(codes.split())),
    "signed": signed,
    "form": form_decided,
    "nudged": lambda chat, code: AgentNudges(chat.session.current, code, "Bu Wati"),
    "decided": lambda chat, rest: AgencyDecided(*rest.split(" ", 3)),
    "faulted": lambda chat, _: Faulted("ZeroDivisionError"),
    "start": lambda chat, code: Start(code),
    "ktp": ktp_read,
    "contact": lambda chat, phone: Contact(phone),
    "photo": lambda chat, ref: Photo(ref),
    "moved": lambda chat, number: NumberChanged(number),
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


def to_member(remind: str = "Tidak usah") -> Chat:
    """A chat whose rider was enrolled, said whether to be reminded, and paid the first month."""
    chat = to_review(Chat())
    chat.tap("Benar, daftarkan")
    chat.happen("accepted")
    chat.tap(remind)
    chat.happen("paid")
    return chat
