"""What was said long before it reached us, or before our last words reached the worker: it answers no open question.

Messengers bring what we missed for days. A yes to a price or a consent must not be taken two days later, nor a yes to
"there is news for you" as one to a question that nobody has read yet (law 7). Words that work everywhere still work.
"""

from __future__ import annotations

import datetime as dt

from conversations import proposing, words
from conversations.asking import Pressed, pressed
from conversations.feeling import DISTRESS, felt
from conversations.messages import Contact, Incoming, Tap, Text
from conversations.steps.step import Problem, Step
from conversations.view import View

LATE_AFTER = dt.timedelta(hours=12)


def is_late(incoming: Incoming, now: dt.datetime) -> bool:
    """Tell whether an incoming was said too long ago, or without having read what is asked."""
    return incoming.unseen or (incoming.sent_at is not None and now - incoming.sent_at >= LATE_AFTER)


def answers(view: View, step: Step | None, what: object) -> bool:
    """Tell whether something would be taken as an answer to the open question, or to a change that staff offer."""
    if isinstance(what, Tap):
        return isinstance(pressed(what.value), Pressed)
    if isinstance(what, Text) and proposing.typed(view, what.text) is not None:
        return True
    if step is None or not isinstance(what, Text | Contact):
        return False
    move = step.read(what, view)
    read = move is not None and not isinstance(move, Problem)
    return read and not (isinstance(what, Text) and means_something_else(view, step, what.text))


def means_something_else(view: View, step: Step, text: str) -> bool:
    """Tell whether a text that could be an answer goes before any: to staff, about distress, a word; but what a button
    of the question says is no word (`engine.tap_said`)."""
    if view.session.case or words.at_any_question(text) or felt(view, text) in DISTRESS:
        return True
    return step.typed and words.read(text) is not None
