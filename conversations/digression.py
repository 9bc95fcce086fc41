"""A question in the middle: answered, and the open question put again in the same message."""

from __future__ import annotations

from conversations import pricing
from conversations.answers.choose import Sure, Unsure, decide
from conversations.answers.index import Ranked
from conversations.answers.values import Known
from conversations.asking import question_value, word_value
from conversations.effects import OpenCase
from conversations.messages import Button, Reply, Say
from conversations.steps.step import Consequence
from conversations.turn import Needs, RankQuestion
from conversations.view import View

STATED = 0.4
"""What merely tells something ("saya takut penipuan") must come this near to an answer; no question was asked."""


def needs(view: View, question: str) -> Needs:
    """Ask the shell to rank the approved answers for a question."""
    return Needs(RankQuestion(question, view.session.locale))


def answer(view: View, entry: str) -> Consequence:
    """Say one approved answer; a button we never made says nothing."""
    if entry not in view.facts.entries:
        return Consequence(view)
    case = (OpenCase("unknown_rule", view.session.current, entry),) if entry in view.facts.open_entries else ()
    return Consequence(view, (approved(view, entry),), case)


def found(view: View, ranking: tuple[Ranked, ...], *, asked: bool) -> Consequence | None:
    """Say the answer that is surely meant, or ask which of a few; None where none of ours is near. `asked` tells
    whether it looks like a question at all."""
    if not asked and (not ranking or ranking[0].score < STATED):
        return None
    match decide(ranking):
        case Sure(entry):
            return answer(view, entry)
        case Unsure(entries):
            return Consequence(view, instead=which(entries))
    return None


def which(entries: tuple[str, ...]) -> Reply:
    """Ask which of a few questions is meant."""
    choices = tuple(Button(Say(f"question.{entry}"), question_value(entry)) for entry in entries)
    return Reply((Say("digression.which"),), (*choices, Button(Say("digression.none"), word_value("menu"))))


def approved(view: View, entry: str) -> Say:
    """The sentence of an approved answer, with what it may take from the person spoken for."""
    return Say(f"answer.{entry}", {"today": view.today, "known": known(view)})


def known(view: View) -> Known | None:
    """What an answer may take from the person spoken for; nothing while the chat is locked."""
    if view.session.locked or not {"income", "occupation"} <= view.answers.keys():
        return None
    return Known(view.answers["income"], pricing.sector(view), employer=pricing.is_owner(view))
