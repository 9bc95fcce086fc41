"""The end of a turn: what is said, and the question that is open now, with its buttons."""

from __future__ import annotations

from conversations import casework, proposing
from conversations.asking import option_value
from conversations.flow import Flow
from conversations.flows import FLOWS
from conversations.messages import Button, Reply, Say
from conversations.steps.step import Consequence, Option, Step, global_word
from conversations.turn import Turn
from conversations.view import View

KEEP = "keep"
OPERATOR = global_word("operator")
OFFER_PERSON_AT = 3
"""Misunderstandings after which a person is offered."""

MOST_BUTTONS = 10
"""What a list holds on every channel."""


def close(done: Consequence, outcome: str, *, keep_open: bool = False, in_full: bool = False) -> Turn:
    """End the turn: say what is to be said and put the question that is open now, in one message; `in_full` for one
    who returns after a while."""
    if outcome == "silent" or (keep_open and not (done.says or done.instead)):
        return Turn(done.view.session, (), done.effects, outcome)
    if done.instead:
        return Turn(done.view.session, (done.instead,), done.effects, outcome)
    if done.view.session.case:
        return Turn(done.view.session, spoken_only(done), done.effects, outcome)
    done, step = settle(done)
    view, says = prompt(proposing.behind(done.view), step, in_full=in_full)
    flow = flow_of(view)
    # Where the step stands is asked of the moment that chose it: all that takes is remembered there.
    position = flow.position(step, done.view) if flow.form else None
    reply = Reply(done.says + says, buttons(step, view, done.beside), position, done.template, done.paper)
    return Turn(view.session, (reply,), done.effects, outcome)


def spoken_only(done: Consequence) -> tuple[Reply, ...]:
    """While staff have the chat, the bot's question waits."""
    return (Reply(done.says, (casework.resume_button(),), None, done.template, done.paper),) if done.says else ()


def settle(done: Consequence) -> tuple[Consequence, Step]:
    """Finish flows that have nothing left to ask, until a question is open."""
    while (step := flow_of(done.view).next(done.view)) is None:
        follows = flow_of(done.view).finish(done.view)
        done = follows._replace(
            says=done.says + follows.says,
            effects=done.effects + follows.effects,
            beside=done.beside,
            template=done.template,
            paper=follows.paper or done.paper,
        )
    return done, step


def prompt(view: View, step: Step, *, in_full: bool = False) -> tuple[View, tuple[Say, ...]]:
    """Put the question: in full where it is opened anew or shows something new, else in short; under a new asking id
    unless it is still the one that waits for its answer."""
    session, shows = view.session, fingerprint(step, view)
    same = session.asked == step.name and session.content == shows
    says = step.short(view) if same and not in_full else step.ask(view)
    if same and session.answered != session.asking:
        return view, says
    return view.having(asked=step.name, asking=session.asking + 1, content=shows, misses=0, offered=""), says


def fingerprint(step: Step, view: View) -> str:
    """What the question shows and whom it is about."""
    return f"{view.session.current}/{step.fingerprint(view)}"


def buttons(step: Step, view: View, beside: tuple[Option, ...]) -> tuple[Button, ...]:
    """The buttons of the open question, bound to its asking id, and those that stand beside them."""
    offered = step.options(view)
    more = [*beside]
    if can_keep(step, view):
        more.append(Option(KEEP, Say("keep")))
    if view.session.misses >= OFFER_PERSON_AT and OPERATOR not in offered:
        more.append(OPERATOR)
    options = (*fitting(offered, MOST_BUTTONS - len(more)), *more)
    return tuple(bound(option, step, view.session.asking) for option in options)


def fitting(options: tuple[Option, ...], room: int) -> tuple[Option, ...]:
    """Give the options a list has room for: the last, which leads on, always stays; the others can be typed."""
    return options if len(options) <= room else (*options[: room - 1], options[-1])


def bound(option: Option, step: Step, asking: int) -> Button:
    """Give an option what its button carries."""
    if option.url:
        return Button(option.label, url=option.url)
    return Button(option.label, option.carries or option_value(asking, step.name, option.name))


def can_keep(step: Step, view: View) -> bool:
    """Tell whether the step is being corrected and may be left as it is."""
    return view.session.reopened == step.name and step.answered(view)


def open_step(view: View) -> Step | None:
    """The step last asked, in the flow that is open."""
    return flow_of(view).step(view.session.asked)


def flow_of(view: View) -> Flow:
    """The flow that is open."""
    return FLOWS[view.session.flow]
