"""Whatever anybody types, taps, forges or waits for, a chat never breaks and never forgets."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from conversations.asking import option_value
from conversations.effects import CheckIdentity, EraseChat, EraseDraft, ReadKtp, RequestBill, SubmitEnrolment
from conversations.flows import FLOWS
from conversations.messages import Message, Private, Start, Tap, Text, What
from conversations.prompting import MOST_BUTTONS
from conversations.session import Session, decode, encode
from tests.chat import CODE, KPJ, Chat, facts, play, to_review

GOOD = {
    "occupation": ("narik ojol", "pembantu rumah tangga", "petani"),
    "income": ("2 juta", "100rb sehari", "2-3 juta"),
    "work_days": ("25",),
    "nik": ("3273011708900001", "3273015708920003", "3273019908900001"),
    "name": ("Budi Santoso", "Siti Aminah", "Sukarno"),
    "birth_date": ("17 Agustus 1990", "17-8-1992", "5 mei 2012"),
    "phone": ("081234567890",),
    "email": ("budi@gmail.com",),
    "home_region": ("Kota Bandung",),
    "guard": ("17 Agustus 1990", "1 Januari 1980"),
}
WORDS = (
    "halo", "kembali", "ulang", "petugas", "berhenti", "status", "ganti orang", "data saya", "hapus data saya",
    "lanjut", "bantuan", "menu", "ya", "tidak", "tidak jadi", "hapus", "3", "jkk itu apa?", "ganti nama", "apa kabar?",
    "pindah", "KTMR 47391", "bcdf-12345", "", " ", "\n", "<b>x</b>", "🛵", "{who}", "{0}", "%s", "x" * 4000,
)  # fmt: skip
VERDICTS = ("complete", "missing email home_region", "differs name", "unknown_nik", "already_member", "unavailable")
OUTCOMES = (
    "accepted",
    "waiting",
    "undelivered",
    "refused identity",
    "refused age",
    "refused already_member",
    "refused x",
)
STAFF = (
    "staff Rina: {halo}",
    "closed",
    "closed",
    "opens {x}",
    "mode silent",
    "mode notes",
    "mode x",
    "proposes Rina: income tiga juta",
    "proposes Rina: name Siti Aminah",
    "proposes Rina: nik 3273015708920003",
    "proposes Rina: birth_date 5 mei 2012",
    "proposes Rina: occupation petani",
    "proposes Rina: x {x}",
    *(f"leads {flow}" for flow in (*FLOWS, "x")),
)
PERSONAL = ("Budi", "Santoso", "0001", "890", KPJ, CODE[:8])
"""What may not be shown before the birth date is given: of the name, NIK and phone, the member's number, the bill."""
PASSING = frozenset({"group", "job", "change", "review", "ending", "work_days", "ktp"})
LASTING = frozenset(step.name for step in FLOWS["enrolment"].steps) - PASSING


class AnyChat(RuleBasedStateMachine):
    """One chat and everything that may happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.chat = Chat()
        self.tapped: list[str] = []

    @initialize(deep=st.sampled_from(("new", "review", "member")), extra=st.booleans())
    def begin(self, deep: str, extra: bool) -> None:
        """Begin at the beginning, at the review, or as a member."""
        if deep != "new":
            to_review(self.chat)
        if deep == "member":
            self.chat.tap("Benar, daftarkan")
            self.chat.happen("accepted")
        if extra:
            self.chat.facts = facts(requires=(*self.chat.facts.requires, "email"), private_page=True, reads_ktp=True)

    @rule(text=st.one_of(st.sampled_from(WORDS), st.text(max_size=40)))
    def types(self, text: str) -> None:
        """Anything is typed."""
        self.take(Text(text))

    @rule(which=st.integers(0, 9))
    def answers(self, which: int) -> None:
        """Something is typed that the open question may take."""
        good = GOOD.get(self.chat.session.asked, ("1",))
        self.take(Text(good[which % len(good)]))

    @precondition(lambda self: bool(self.chat.buttons))
    @rule(which=st.integers(0, MOST_BUTTONS - 1))
    def taps(self, which: int) -> None:
        """One of the buttons shown last is tapped."""
        button = self.chat.buttons[which % len(self.chat.buttons)]
        self.tapped.append(button.value)
        self.take(Tap(button.value))

    @precondition(lambda self: bool(self.tapped))
    @rule(which=st.integers(0, 50))
    def taps_again(self, which: int) -> None:
        """A button of long ago is tapped."""
        self.take(Tap(self.tapped[which % len(self.tapped)]))

    @rule(value=st.one_of(st.text(max_size=30), st.sampled_from(("!", "!x", "?", "?x", "!restart", "!person_new"))))
    def forges(self, value: str) -> None:
        """A value that we never made is tapped."""
        self.take(Tap(value))

    @rule(step=st.sampled_from([s.name for flow in FLOWS.values() for s in flow.steps]), option=st.text(max_size=9))
    def forges_an_option(self, step: str, option: str) -> None:
        """An option that was never offered is tapped, for any step."""
        self.take(Tap(option_value(self.chat.session.asking, step, option)))

    @rule(text=st.sampled_from(("3273011708900001", "x")), off=st.integers(-1, 1))
    def types_in_private(self, text: str, off: int) -> None:
        """Something comes from a one-time page."""
        self.take(Private(max(0, self.chat.session.asking + off), text))

    @rule(
        event=st.sampled_from(
            ("sent sticker", "sent ?", "photo p", "contact +6281234567890", "contact x", "faulted", "moved 62811")
        )
    )
    def sends(self, event: str) -> None:
        """Something else is sent, or breaks."""
        self.happen(event)

    @rule(code=st.sampled_from(("", "AGEN7", "x")))
    def starts(self, code: str) -> None:
        """The chat is opened again."""
        self.take(Start(code))

    @rule(event=st.sampled_from(("continued", "code used", "number_changed", "located 32.73 32.04", "located")))
    def goes_elsewhere(self, event: str) -> None:
        """The chat moves, its number changes, or a position is shared."""
        self.happen(event)

    @rule(event=st.sampled_from(STAFF))
    def staff(self, event: str) -> None:
        """Staff answer, offer a change, lead somewhere, open a case or close it."""
        self.happen(event)

    @precondition(lambda self: self.sent(ReadKtp))
    @rule(what=st.sampled_from(("card", "card nik", "card nik name birth_date", "dark", "unread")))
    def is_photographed(self, what: str) -> None:
        """A picture was read."""
        self.happen(f"ktp {what}")

    @precondition(lambda self: self.sent(CheckIdentity))
    @rule(verdict=st.sampled_from(VERDICTS))
    def is_checked(self, verdict: str) -> None:
        """The registration system answers."""
        self.happen(f"identity {verdict}")

    @precondition(lambda self: self.sent(SubmitEnrolment))
    @rule(outcome=st.sampled_from(OUTCOMES))
    def is_enrolled(self, outcome: str) -> None:
        """The backend answers."""
        self.happen(outcome)

    @precondition(lambda self: self.billed())
    @rule(event=st.sampled_from(("paid", "expired")))
    def is_paid(self, event: str) -> None:
        """The bill is paid or runs out."""
        self.happen(event)

    @precondition(lambda self: self.sent(RequestBill))
    @rule()
    def is_billed(self) -> None:
        """A new bill comes."""
        self.happen("billed")

    @rule(hours=st.sampled_from((1, 13, 24 * 14, 24 * 31, 24 * 140)))
    def waits(self, hours: int) -> None:
        """Time goes by."""
        self.chat.now += dt.timedelta(hours=hours)

    # --- what must hold ---

    def happen(self, event: str) -> None:
        """Let an event come in and check the turn."""
        before = self.chat.session
        self.chat.happen(event)
        self.check(before)

    def take(self, what: What) -> None:
        """Let something come in, twice from the same session, and check the turn."""
        before = self.chat.session
        stored = encode(before)
        first = play(before, what, self.chat.now, self.chat.facts)
        self.chat.take(what)
        assert first == self.chat.turn
        assert encode(before) == stored
        self.check(before)

    def check(self, before: Session) -> None:
        """Whatever happened: something is open or was said last, nothing is lost, and all of it fits."""
        after, turn = self.chat.session, self.chat.turn
        for message in self.chat.messages:
            fits(message)
        asks = after.asked and FLOWS[after.flow].step(after.asked) is not None
        quiet = turn.outcome in ("silent", "event", "to_staff") or after.case
        assert quiet or (self.chat.messages and (asks or self.chat.buttons))
        if after.locked:
            assert not [personal for personal in PERSONAL for m in self.chat.messages if personal in m.text]
        if not any(isinstance(effect, EraseDraft | EraseChat) for effect in turn.effects):
            assert not lost(before, after)

    def sent(self, kind: type[Any]) -> bool:
        """Tell whether something of a kind went to the backend."""
        return any(isinstance(effect, kind) for effect in self.chat.effects)

    def billed(self) -> bool:
        """Tell whether the person last handed on has a bill."""
        if not self.sent(SubmitEnrolment):
            return False
        number = self.chat.last(SubmitEnrolment).person
        person = next((p for p in self.chat.session.people if p.number == number), None)
        return bool(person and person.enrolment and person.enrolment.bill)

    @invariant()
    def is_stored_and_read_back(self) -> None:
        """A session is read back as it was stored."""
        assert decode(encode(self.chat.session)) == self.chat.session


def fits(message: Message) -> None:
    """A message fits the channels: its words, its buttons, what they carry."""
    assert 0 < len(message.text) <= 4096
    assert len(message.buttons) <= MOST_BUTTONS
    for button in message.buttons:
        assert 0 < len(button.label) <= 24
        assert len(button.value.encode()) <= 64
    values = [button.value for button in message.buttons if button.value]
    assert len(values) == len(set(values))


def lost(before: Session, after: Session) -> set[str]:
    """The answers that were there and are gone, but for an income that is reckoned anew from a day's."""
    kept = {person.number: person.answers for person in after.people}
    gone: set[str] = set()
    for person in before.people:
        now = kept.get(person.number, {})
        expected = {"income", "plan"} if "daily" in now else set()
        gone |= ((person.answers.keys() & LASTING) - now.keys()) - expected
    return gone


TestAnyChat = AnyChat.TestCase
TestAnyChat.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
