"""From the hand-off on: waiting, paying, staying covered. The menu stays open; its buttons are what can be done now."""

from __future__ import annotations

from collections.abc import Callable

from conversations import cover, nudging
from conversations.effects import RecordConsent, SimulatePayment
from conversations.flow import Flow
from conversations.flows import news
from conversations.flows.enrolment import CONSENT_VERSION
from conversations.messages import Say
from conversations.reading.choice import read_choice
from conversations.reading.payday import read_payday
from conversations.steps.step import Answer, Consequence, Move, Option, Said, Step, global_word, words
from conversations.steps.yes_no import YesNo
from conversations.switching import enter_side, home
from conversations.view import View

SPOKEN = {
    "simulate": ("bayar simulasi", "simulasi bayar"),
    "places": ("tempat bayar", "tempat bayarnya"),
    "months": ("jumlah lain", "bulan lain"),
    "terms": ("ubah paket", "ganti paket"),
}
"""The words by which a wish may be named."""


class Menu(Step):
    """What a member, or somebody soon to be one, can do. Never answered; doing something leaves it open."""

    typed = False
    counts = False

    def answered(self, view: View) -> bool:
        """A menu has no answer."""
        return False

    def state(self, view: View) -> str:
        """How things stand, in a word: "waiting", "to_pay", or the state of the membership."""
        if not cover.is_member(view):
            return "waiting"
        return "to_pay" if cover.open_bill(view) else cover.standing(view).state

    def ask(self, view: View) -> tuple[Say, ...]:
        """What can be done now."""
        now = cover.standing(view)
        return (Say(f"member.{self.state(view)}", {"who": view.who, "next": now.next, "due": now.due}),)

    def short(self, view: View) -> tuple[Say, ...]:
        """Whether there is anything else."""
        return (Say("member.waiting" if self.state(view) == "waiting" else "member.else"),)

    def help(self, view: View) -> tuple[Say, ...]:
        """What can be done here."""
        return (Say("member.help"),)

    def options(self, view: View) -> tuple[Option, ...]:
        """Paying first, then what is always possible."""
        state = self.state(view)
        always = (global_word("status"), global_word("explain"), global_word("person"), global_word("operator"))
        if state == "waiting":
            return always
        pay = (
            self._bill(view) if state == "to_pay" else (global_word("pay"), global_word("card"), global_word("family"))
        )
        return (*pay, button("terms"), *always)

    def _bill(self, view: View) -> tuple[Option, ...]:
        """What can be done with the bill that is open."""
        simulate = (button("simulate"),) if view.facts.simulates_payment else ()
        bill = cover.open_bill(view)
        page = (Option("page", Say("member.page"), url=bill.pay_url),) if bill and bill.pay_url else ()
        return (*simulate, *page, button("places"), button("months"))

    def fingerprint(self, view: View) -> str:
        """What can be done, and the bill it is about."""
        bill = cover.open_bill(view)
        return f"{self.state(view)}{bill.code if bill else ''}"

    def pick(self, option: str, view: View) -> Move | None:
        """Do what was tapped, as long as it is possible."""
        return Answer(None, {"wish": option}) if option in self.possible(view) else None

    def possible(self, view: View) -> tuple[str, ...]:
        """The buttons that are wishes of this menu; the others are words or lead outside."""
        return tuple(o.name for o in self.options(view) if not (o.carries or o.url))

    def read(self, said: Said, view: View) -> Move | None:
        """Read the words of a button, or the day of the month on which a member wants to be reminded; bare numbers are
        left alone, since words stand between the wishes."""
        text = words(said) or ""
        payday = read_payday(text, view.today).value if cover.is_member(view) else None
        if payday:
            return Answer(None, {"wish": "payday", "payday": payday})
        wish = None if text.strip().isdecimal() else read_choice(text, self.possible(view), SPOKEN)
        return self.pick(wish, view) if wish else None


def button(name: str) -> Option:
    """A button of the menu."""
    return Option(name, Say(f"member.{name}"))


def wished(view: View) -> Consequence:
    """Carry out what was tapped in the menu."""
    wish = view.answers["wish"]
    return WISHES[wish](view.with_answers({"wish": None}))


def simulate(view: View) -> Consequence:
    """Demo mode: have the reference backend record a payment."""
    bill = cover.open_bill(view)
    if bill is None or not view.facts.simulates_payment:
        return Consequence(view)
    effect = SimulatePayment(view.person.number, cover.enrolment(view).reference, bill.code)
    return Consequence(view, (Say("member.simulating"),), (effect,))


class Remind(YesNo):
    """Whether reminders are wanted; a day of the month may be named at once."""

    def read(self, said: Said, view: View) -> Move | None:
        """Read yes, no, or the day, which is a yes."""
        payday = read_payday(words(said) or "", view.today).value
        return Answer(True, {"payday": payday}) if payday else super().read(said, view)


def payday_named(view: View) -> Consequence:
    """Remind on that day from now on."""
    return nudging.on_payday(view, view.answers["payday"])


def opens(flow: str) -> Callable[[View], Consequence]:
    """Open a flow beside the menu."""
    return lambda view: enter_side(view, flow)


def remind_answered(view: View) -> Consequence:
    """Keep the proof whether reminders are wanted."""
    given = bool(view.answers["remind"])
    if "payday" in view.answers and given:
        return nudging.on_payday(view.with_answers({"remind": None}), view.answers["payday"])
    effect = RecordConsent(view.person.number, "remind", CONSENT_VERSION, given)
    return Consequence(view, (nudging.thanks() if given else Say("remind.none"),), (effect,))


WISHES: dict[str, Callable[[View], Consequence]] = {
    "simulate": simulate,
    "months": opens("pay"),
    "places": opens("places"),
    "terms": opens("terms"),
    "payday": payday_named,
}


def stay(view: View) -> Consequence:
    """The menu is always open, so this flow has no end."""
    return Consequence(home(view))


MEMBERSHIP = Flow(
    "membership",
    steps=(
        Remind("remind", then=remind_answered, when=cover.is_member),
        news.News("news", then=news.answered, when=news.fitting),
        Menu("member", then=wished),
    ),
    finish=stay,
)
