"""Broadcasts: asked about once, sent only after a yes, withdrawn by a word at any time."""

from __future__ import annotations

from conversations import cover, receipt
from conversations.asking import word_value
from conversations.effects import RecordConsent
from conversations.flows.enrolment import CONSENT_VERSION
from conversations.messages import BroadcastDue, Button, Reply, Say
from conversations.steps.step import Consequence
from conversations.steps.yes_no import YesNo
from conversations.view import View

PURPOSE = "broadcast"
ANSWER = "news"
ASKED_AFTER = 2
"""Payments after which it is asked: by then somebody stays, and knows us."""


def agreed(view: View) -> bool | None:
    """What this chat said about broadcasts, whoever it spoke for; None if it was never asked."""
    said = [person.answers[ANSWER] for person in view.session.people if ANSWER in person.answers]
    return all(said) if said else None


class News(YesNo):
    """Whether news are wanted; asked once a chat."""

    def answered(self, view: View) -> bool:
        """Nothing to ask once anybody of this chat was asked."""
        return agreed(view) is not None


def fitting(view: View) -> bool:
    """Tell whether it is the moment to ask: somebody who stays, with nothing to be paid."""
    if not cover.is_member(view) or len(cover.enrolment(view).settled) < ASKED_AFTER:
        return False
    return cover.open_bill(view) is None and cover.standing(view).state in ("covered", "upcoming")


def answered(view: View) -> Consequence:
    """Keep the proof of the answer."""
    given = bool(view.answers[ANSWER])
    said = Say("news.thanks" if given else "news.none")
    return Consequence(view, (said,), (RecordConsent(0, PURPOSE, CONSENT_VERSION, given),))


def stopped(view: View) -> Consequence:
    """No more news, whoever the chat speaks for."""
    number = view.session.current
    for person in view.session.people:
        view = view.having(current=person.number).with_answers({ANSWER: False})
    no = RecordConsent(0, PURPOSE, CONSENT_VERSION, given=False)
    return Consequence(view.having(current=number), (Say("news.none"),), (no,))


def told(view: View, what: BroadcastDue) -> Consequence:
    """Say what staff wrote, to who agreed; what is open in the chat stays open. A test goes to whoever asked for it."""
    if not (agreed(view) or what.test):
        return Consequence(view)
    says = (*receipt.simulation(view), Say("news.said", {"operator": view.facts.on_behalf_of, "text": what.text}))
    buttons = tuple(Button(Say(f"word.{word}"), word_value(word)) for word in ("menu", "news_stop"))
    return Consequence(view, says, instead=Reply(says, buttons))
