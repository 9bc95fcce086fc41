"""From the hand-off on: waiting, paying, staying covered. The menu stays open; its buttons are what can be done now."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from conversations.asking import question_value
from conversations.effects import RecordConsent, RequestBill, SimulatePayment
from conversations.flow import Flow
from conversations.flows.enrolment import CONSENT_VERSION, order_of
from conversations.messages import Say
from conversations.session import Enrolment
from conversations.steps.step import Answer, Consequence, Move, Option, Step, global_word
from conversations.steps.yes_no import YesNo
from conversations.switching import home
from conversations.view import View


def enrolment(view: View) -> Enrolment:
    """The enrolment of the person spoken for; nothing handed on reads as an empty one."""
    return view.person.enrolment or Enrolment("")


class Menu(Step):
    """What a member, or somebody soon to be one, can do. Never answered; doing something leaves it open."""

    typed = False
    counts = False

    def answered(self, view: View) -> bool:
        """A menu has no answer."""
        return False

    def state(self, view: View) -> str:
        """How things stand, in a word: "waiting", "to_pay", "no_bill" or "paid"."""
        held = enrolment(view)
        if held.state != "accepted":
            return "waiting"
        if held.bill:
            return "to_pay"
        return "paid" if held.paid else "no_bill"

    def ask(self, view: View) -> tuple[Say, ...]:
        """What can be done now."""
        return (Say(f"member.{self.state(view)}", {"who": view.who}),)

    def short(self, view: View) -> tuple[Say, ...]:
        """Whether there is anything else."""
        return (Say("member.waiting" if self.state(view) == "waiting" else "member.else"),)

    def help(self, view: View) -> tuple[Say, ...]:
        """What can be done here."""
        return (Say("member.help"),)

    def options(self, view: View) -> tuple[Option, ...]:
        """Paying where there is something to pay, then what is always possible."""
        here: dict[str, tuple[Option, ...]] = {
            "to_pay": self._pay(view),
            "no_bill": (button("bill"),),
            "paid": (button("bill"),),
        }
        always = (global_word("status"), global_word("explain"), global_word("person"), global_word("operator"))
        return (*here.get(self.state(view), ()), *always)

    def _pay(self, view: View) -> tuple[Option, ...]:
        simulate = (button("simulate"),) if view.facts.simulates_payment else ()
        bill = enrolment(view).bill
        page = (Option("page", Say("member.page"), url=bill.pay_url),) if bill and bill.pay_url else ()
        entry = "payment-where"
        return (*simulate, *page, Option(entry, Say(f"question.{entry}"), carries=question_value(entry)))

    def fingerprint(self, view: View) -> str:
        """What can be done, and the bill it is about."""
        bill = enrolment(view).bill
        return f"{self.state(view)}{bill.code if bill else ''}"

    def pick(self, option: str, view: View) -> Move | None:
        """Do what was tapped, as long as it is possible."""
        possible = {o.name for o in self.options(view) if not (o.carries or o.url)}
        return Answer(None, {"wish": option}) if option in possible else None


def button(name: str) -> Option:
    """A button of the menu."""
    return Option(name, Say(f"member.{name}"))


def wished(view: View) -> Consequence:
    """Carry out what was tapped in the menu."""
    wish = view.answers["wish"]
    return WISHES[wish](view.with_answers({"wish": None}))


def simulate(view: View) -> Consequence:
    """Demo mode: have the reference backend record a payment."""
    held = enrolment(view)
    if held.bill is None or not view.facts.simulates_payment:
        return Consequence(view)
    effect = SimulatePayment(view.person.number, held.reference, held.bill.code)
    return Consequence(view, (Say("member.simulating"),), (effect,))


def new_bill(view: View) -> Consequence:
    """Ask for a new code, for as many months as last time from the first unpaid one."""
    held = enrolment(view)
    first = max(held.paid).plus(1) if held.paid else view.month
    order = replace(order_of(view), first=max(first, view.month))
    asked = replace(held, requests=held.requests + 1)
    effect = RequestBill(view.person.number, held.reference, asked.requests, order)
    view = view.with_person(replace(view.person, enrolment=asked))
    return Consequence(view, (Say("member.billing", {"who": view.who}),), (effect,))


def remind_answered(view: View) -> Consequence:
    """Keep the proof whether reminders are wanted."""
    given = bool(view.answers["remind"])
    effect = RecordConsent(view.person.number, "remind", CONSENT_VERSION, given)
    return Consequence(view, (Say("remind.thanks" if given else "remind.none"),), (effect,))


WISHES: dict[str, Callable[[View], Consequence]] = {"simulate": simulate, "bill": new_bill}


def stay(view: View) -> Consequence:
    """The menu is always open, so this flow has no end."""
    return Consequence(home(view))


MEMBERSHIP = Flow(
    "membership",
    steps=(
        YesNo("remind", then=remind_answered, when=lambda view: enrolment(view).state == "accepted"),
        Menu("member", then=wished),
    ),
    finish=stay,
)
