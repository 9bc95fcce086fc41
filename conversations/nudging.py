"""Reminders in words, and what a member says about them: tomorrow again, on another day, no more.

A reminder asks nothing: what is open in the chat stays open, and an answer that crosses it still fits its question.
"""

from __future__ import annotations

from conversations import cover, receipt, sponsoring
from conversations.asking import word_value
from conversations.effects import KeepPayday, RecordConsent, RemindAgain
from conversations.flows.enrolment import CONSENT_VERSION
from conversations.messages import Button, ReminderDue, Reply, Say
from conversations.programmes.calendar import due
from conversations.session import Enrolment
from conversations.steps.step import Consequence
from conversations.view import View


def reminded(view: View, about: View, what: ReminderDue) -> Consequence:
    """Remind the person of `about`, unless they are no member, want none, or have paid meanwhile."""
    if not is_wanted(about, what):
        return Consequence(view)
    says = (*receipt.simulation(view), told(about, what), *code(about))
    return Consequence(view, says, instead=Reply(says, ways(what)))


def is_wanted(about: View, what: ReminderDue) -> bool:
    """Tell whether there is still something to remind of."""
    held = about.person.enrolment
    if held is None or held.reference != what.enrolment or about.answers.get("remind") is not True:
        return False
    return what.month not in held.paid and cover.standing(about).state != "inactive"


def told(about: View, what: ReminderDue) -> Say:
    """The sentence for how things stand today, whatever the day it was planned for."""
    last = due(what.month).value
    known = {"who": about.who, "month": what.month, "due": last, "inactive": cover.standing(about).inactive_from}
    if what.moment == "sponsor" and (sponsor := sponsoring.of(about)):
        return Say("remind.sponsor", {**known, "sponsor": sponsor.name, "until": sponsor.last})
    if what.moment == "last":
        return Say("remind.last" if known["inactive"] else "remind.last.new", known)
    if about.today == last:
        return Say("remind.today", known)
    return Say("remind.due" if about.today < last else "remind.late", known)


def code(about: View) -> tuple[Say, ...]:
    """The code that can be paid now."""
    bill = cover.open_bill(about)
    return (receipt.code(bill),) if bill else ()


def ways(what: ReminderDue) -> tuple[Button, ...]:
    """Pay, hear of it tomorrow, or hear of it no more; each about this person."""
    words = ("pay", "remind_tomorrow", "remind_stop")
    return tuple(Button(Say(f"word.{word}"), word_value(word, what.person)) for word in words)


EXAMPLE = 5
"""A day of the month, to show how one is named."""

# --- what a member says about them -----------------------------------------------------------------------------------


def again(view: View) -> Consequence:
    """Remind tomorrow of the month that is to be paid; there is none for who is paid up."""
    now, held = cover.standing(view), cover.enrolment(view)
    if not cover.is_member(view) or now.state in ("covered", "upcoming", "inactive"):
        return Consequence(view, (Say("remind.nothing"),))
    asked = RemindAgain(view.person.number, held.reference, now.next)
    agreed = consent(view, held, given=True)
    return Consequence(view.with_answers({"remind": True}), (Say("remind.tomorrow"),), (*agreed, asked))


def switched(view: View, *, on: bool) -> Consequence:
    """Remind from now on, or no more."""
    if not cover.is_member(view):
        return Consequence(view, (Say("pay.not_yet", {"who": view.who}),))
    effects = consent(view, cover.enrolment(view), given=on)
    said = thanks() if on else Say("remind.none")
    return Consequence(view.with_answers({"remind": on}), (said,), effects)


def thanks() -> Say:
    """That reminders will come, and how to name a day for them."""
    return Say("remind.thanks", {"day": EXAMPLE})


def on_payday(view: View, payday: int) -> Consequence:
    """Remind on the day of the month that a member named."""
    held = cover.enrolment(view)
    kept = KeepPayday(view.person.number, held.reference, payday)
    agreed = consent(view, held, given=True)
    done = view.with_answers({"remind": True, "payday": payday})
    return Consequence(done, (Say("remind.payday", {"day": payday}),), (*agreed, kept))


def consent(view: View, held: Enrolment, *, given: bool) -> tuple[RecordConsent, ...]:
    """The proof, where this changes what was agreed."""
    if not held.reference or view.answers.get("remind") is given:
        return ()
    return (RecordConsent(view.person.number, "remind", CONSENT_VERSION, given),)
