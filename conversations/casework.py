"""What the worker hears and sees of a case: the call for staff, what they say and offer, the closing, how it was.

The case itself is the desk's; the session holds what the talk needs of it.
"""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from conversations.asking import option_value, word_value
from conversations.cases import MODES, NOTES, RANKS, RATES_WITHIN, REOPENS_WITHIN, SCORES, SILENT, WHYS, rank, reason
from conversations.effects import OpenCase, RateCase
from conversations.letters import letter
from conversations.messages import Button, CaseClosed, CaseMode, Say, StaffOpens, StaffSaid
from conversations.programmes.places import CALL_CENTRE
from conversations.session import Closed
from conversations.steps.step import Consequence, Option
from conversations.turn import CountAhead, Needs
from conversations.view import View

RATE, WHY = "rate", "why"
"""The steps that the buttons about the help of staff name; no flow has them."""

TOLD = frozenset({"employer", "employer_anonymous", "small_business", "complaint", "identity"})
"""Reasons with words of their own for the call: what staff need to be told."""

ASKED_MORE = frozenset({"asked", "misunderstood"})
"""Reasons for which the worker is asked to tell more while they wait."""

SHOWN_TO_STAFF = frozenset({"photo", "voice", "file", "location", "sticker"})
"""What staff look at although we can't read it."""


# --- the call --------------------------------------------------------------------------------------------------------


def call(view: View, about: str) -> Consequence:
    """Hand the chat to staff: for what the worker said it is about, else for why a person was offered."""
    code = about or view.session.offered or "asked"
    if view.session.opened:
        return called_again(view, code)
    key = f"operator.{code}" if code in TOLD else "operator.called"
    if reopens(view, code):
        key = "operator.again"
    return Consequence(
        view.having(case=True, misses=0, offered=""), (Say(key),), (OpenCase(code, view.session.current),)
    )


def called_again(view: View, code: str) -> Consequence:
    """Say that staff know; what they have read already can't be told without a name any more."""
    if reason(code).anonymous and view.session.opened != code:
        return Consequence(view, (Say("operator.not_anonymous", {"call": CALL_CENTRE.value}),))
    effect = OpenCase(code, view.session.current)
    return Consequence(view.having(case=True, misses=0, offered=""), (Say("operator.already"),), (effect,))


def reopens(view: View, code: str) -> str:
    """The case that a call for staff goes on with: one closed a short while ago, both of them told with a name."""
    closed = view.session.closed
    if closed is None or closed.unnamed or reason(code).anonymous or view.now - closed.at > REOPENS_WITHIN:
        return ""
    return closed.case


def noted(done: Consequence) -> Consequence | Needs:
    """Note a case that a turn opens, and tell when an answer can be expected.

    Where staff have the chat from now on, that needs to know how many wait.
    """
    opening = next((effect for effect in done.effects if isinstance(effect, OpenCase)), None)
    if opening is None:
        return done
    view, code = done.view, opening.reason
    counted = view.session.case and rank(code) > RANKS["urgent"] and not view.session.opened
    if counted and view.facts.ahead is None:
        return Needs(CountAhead(rank(code)))
    tells = view.session.case or (done.says and not view.session.opened)
    says = (*done.says, *expectation(view, counted=counted)) if tells else done.says
    if view.session.opened:
        return done._replace(says=says, view=raised(view, code))
    again = reopens(view, code)
    effects = tuple(replace(effect, reopens=again) if effect is opening else effect for effect in done.effects)
    session = view.session
    view = view.having(opened=code, mode=NOTES, closed=None if again else session.closed, answered_by_staff=False)
    return done._replace(view=view, says=says, effects=effects)


def raised(view: View, code: str) -> View:
    """The same moment with the open case's reason, where a more pressing one came; what is told without a name stays
    so."""
    opened = view.session.opened
    return view.having(opened=code) if rank(code) < rank(opened) and not reason(opened).anonymous else view


def expectation(view: View, *, counted: bool) -> tuple[Say, ...]:
    """Say honestly when staff answer: how many are ahead and until when, or when they are back."""
    hours, ahead = view.facts.hours, view.facts.ahead or 0
    if hours.is_open(view.now):
        known = {"ahead": ahead, "until": clock(hours.closes(view.now)), "zone": hours.zone}
        return (Say("case.open.queue" if ahead else "case.open.first", known),) if counted else ()
    place = (Say("case.place", {"place": ahead + 1}),) if counted else ()
    return (shut(view), *place)


def shut(view: View) -> Say:
    """Say when staff are back."""
    opens = view.facts.hours.opens_next(view.now)
    if opens is None:
        return Say("case.shut.long")
    days = (opens.date() - view.facts.hours.local(view.now).date()).days
    when = {0: "today", 1: "tomorrow"}.get(days, "later")
    return Say(f"case.shut.{when}", {"date": opens.date(), "at": clock(opens.time()), "zone": opens.tzname() or ""})


def clock(time: dt.time) -> str:
    """Write a time of day: 08.00."""
    return f"{time:%H.%M}"


# --- while it is open ------------------------------------------------------------------------------------------------


def to_staff(view: View) -> Consequence:
    """Take a message for staff: the record of it is the message itself. Where the bot takes notes it says once that it
    arrived, and what staff need to know."""
    if view.session.mode == SILENT or view.session.misses:
        return Consequence(view)
    more = (Say("case.tell_more"),) if view.session.opened in ASKED_MORE else ()
    return Consequence(view.having(misses=1), (Say("operator.passed_on"), *more))


def shown_to_staff(view: View, kind: str) -> Consequence:
    """Say that staff will look at what was sent; a sticker among people needs no word."""
    says = (
        ()
        if view.session.mode == SILENT or kind == "sticker"
        else (Say("case.received", {"what": Say(f"kind.{kind}")}),)
    )
    return Consequence(view, says)


def staff_said(view: View, what: StaffSaid) -> Consequence:
    """An operator's words, with their name. Said of a case that was closed meanwhile, they leave the bot on."""
    said, template = said_by(what.operator, what.text), letter(view, "staff_answered")
    if is_over(view, what.case):
        return Consequence(view, (said,), template=template)
    proposal = view.session.proposal and replace(view.session.proposal, last=False)
    # What the worker writes from here on needs no word of ours: they talk with somebody.
    talking = view.having(case=True, misses=1, answered_by_staff=True, proposal=proposal)
    return Consequence(talking, (said,), template=template)


def said_by(operator: str, text: str) -> Say:
    """What an operator said, as the worker hears it."""
    return Say("staff.said", {"operator": operator, "text": text})


def is_over(view: View, case: str) -> bool:
    """Tell whether a case is the one closed last."""
    return view.session.closed is not None and view.session.closed.case == case


def mode_set(view: View, what: CaseMode) -> Consequence:
    """Note what the bot does from now on; asked to take notes, it confirms the next message again."""
    if what.mode not in MODES or is_over(view, what.case):
        return Consequence(view)
    misses = 0 if what.mode == NOTES and view.session.case else view.session.misses
    return Consequence(view.having(mode=what.mode, misses=misses))


def staff_opened(view: View, what: StaffOpens) -> Consequence:
    """Open a case without a word; the worker hears of it when staff write."""
    effects = () if view.session.opened else (OpenCase("staff", view.session.current, what.note),)
    return Consequence(view, (), effects)


# --- the closing, and how it was -------------------------------------------------------------------------------------


def case_closed(view: View, what: CaseClosed) -> Consequence:
    """The bot takes over at the question where it stopped, says so, and asks how the help was; where the worker never
    had anything to do with staff, nothing is said."""
    if is_over(view, what.case):
        return Consequence(view)
    session, offer = view.session, view.session.offers + 1
    helped = session.answered_by_staff
    closed = Closed(what.case, view.now, offer, unnamed=reason(session.opened).anonymous)
    view = view.having(case=False, opened="", misses=0, closed=closed, offers=offer, proposal=None)
    if helped:
        return Consequence(view, (Say("case.closed"), Say("rate.ask")), beside=rating(offer, RATE, SCORES))
    return Consequence(view, (Say("case.closed_unanswered"),) if session.case else ())


def rating(offer: int, step: str, options: tuple[str, ...]) -> tuple[Option, ...]:
    """The buttons that ask how the help was."""
    return tuple(Option(name, Say(f"rate.{name}"), carries=option_value(offer, step, name)) for name in options)


def rated(view: View, offer: int, step: str, option: str) -> Consequence | None:
    """Take a tap on one of them; None where it is about an older case, too old, or of no use."""
    closed = view.session.closed
    if closed is None or closed.offer != offer or view.now - closed.at > RATES_WITHIN:
        return None
    if step == WHY:
        effect = RateCase(closed.case, "bad", option)
        return Consequence(view, (Say("rate.thanks"),), (effect,)) if option in WHYS else None
    if option not in SCORES:
        return None
    view = view.having(closed=replace(closed, score=option))
    effect = RateCase(closed.case, option)
    if option == "good":
        return Consequence(view, (Say("rate.thanks"),), (effect,))
    return Consequence(view, (Say("rate.why"),), (effect,), beside=rating(offer, WHY, WHYS))


def resume_button() -> Button:
    """The way back from staff to the bot."""
    return Button(Say("word.resume"), word_value("resume"))
