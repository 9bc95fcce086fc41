"""One turn: what came in is read against the question that is open, and the next question follows from the answers.

    global words → question in the middle → open step → next prompt

`take_turn` is pure: the same session, incoming, moment and facts always give the same turn (law 1).
"""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from conversations import assistance, casework, digression, events, idle, languages, late, proposing, referral, words
from conversations.asking import Pressed, Question, Word, pressed
from conversations.codes import looks_drawn
from conversations.correction import read_correction
from conversations.effects import KeepMedia
from conversations.feeling import DISTRESS, angry, felt, in_distress
from conversations.flows import guard, moving
from conversations.messages import (
    Contact,
    Incoming,
    Located,
    Photo,
    Private,
    Say,
    Start,
    Tap,
    Text,
    Unsupported,
)
from conversations.prompting import KEEP, OFFER_PERSON_AT, can_keep, close, fingerprint, open_step
from conversations.reading.moving import code_in
from conversations.reading.question import is_question
from conversations.session import Person, Session
from conversations.steps import photo
from conversations.steps.step import Act, Answer, Consequence, GoTo, Move, Problem, Said, Step
from conversations.steps.step import words as words_of
from conversations.turn import DrawCode, Facts, FindReferral, Needs, PassedOn, Turn
from conversations.view import View

UNREAD = Say("unread")
WORDS_WORTH_RANKING = 3
LATE = Say("late")

READABLE = frozenset({"sticker", "voice", "file", "photo", "location", "contact", "edited"})
"""What is named to the worker when it can't be read; the rest is "other"."""

KEPT_FOR_STAFF = frozenset({"photo", "voice", "file"})
"""What staff can look at though the bot can't."""

DRAW = Needs(DrawCode(""))
"""A code is needed; `take_turn` knows outside of which channel."""

Taken = tuple[Consequence, str]


def take_turn(session: Session, incoming: Incoming, now: dt.datetime, facts: Facts) -> Turn | Needs:
    """Take one incoming. Gives the session after it, the replies, the effects and the outcome for the funnel; or what
    quick fact is missing. `now` is an aware UTC moment. Raises nothing for any incoming that decodes."""
    view = View(came_by(session, incoming.source), facts, now)
    what = incoming.what
    if isinstance(what, events.KINDS):
        happened = casework.noted(events.happened(view, what))
        if isinstance(happened, Needs):
            return happened
        return close(guard.discreet(view, happened, what), "event", keep_open=True)
    awake = idle.wake(view)
    overtaken = late.is_late(incoming, now) and late.answers(awake.view, open_step(awake.view), what)
    taken = (Consequence(awake.view, (LATE,)), "late") if overtaken else from_worker(awake.view, what)
    if isinstance(taken, Needs):
        return Needs(DrawCode(incoming.address.channel)) if taken == DRAW else taken
    done, outcome = casework.noted(taken[0]), taken[1]
    if isinstance(done, Needs):
        return done
    returned = bool(awake.says) or overtaken
    if returned:
        # Who is in distress, or writes to staff, isn't told how nice it is to see them again.
        done = welcomed(done, () if outcome == "to_staff" else awake.says)
    return close(languages.offering(done, incoming) if outcome != "silent" else done, outcome, in_full=returned)


def welcomed(done: Consequence, greeting: tuple[Say, ...]) -> Consequence:
    """Greet who returns, once."""
    return done._replace(says=(*greeting, *(say for say in done.says if say != words.HELLO_BACK)))


def came_by(session: Session, source: str) -> Session:
    """Note what led the worker here; the first thing that did counts."""
    return replace(session, source=source) if source and not session.source else session


# --- what the worker did ---------------------------------------------------------------------------------------------


def from_worker(view: View, what: object) -> Taken | Needs:
    """Hand each kind of incoming to the one that reads it."""
    match what:
        case Tap(value):
            return tapped(view, value)
        case Text(text):
            return typed(view, text)
        case Start(link) if code := code_in(link):
            return redeemed(view, code)
        case Start(code):
            return started(view, code)
        case Private(asking):
            # Read like a typed answer, but never as a global word or a question.
            return answered_by(view, what) if asking == view.session.asking else stale(view)
        case Contact():
            return answered_by(view, what)
        case Located():
            return located(view, what)
        case Photo():
            return pictured(view, what)
        case Unsupported(kind, ref):
            return brought(view, kind, ref)
    raise TypeError(type(what).__name__)


def started(view: View, code: str) -> Taken | Needs:
    """The chat was opened: a new one is greeted, one in the middle of something is asked its question again."""
    if not code:
        return Consequence(view), "word"
    return by_link(view, code) or (Consequence(view, (Say("referral.unknown"),)), "word")


def by_link(view: View, code: str) -> Taken | Needs | None:
    """Take the code of a link, or of what an agent filled in; None for one that stands for nothing."""
    if code not in view.facts.referrals:
        return Needs(FindReferral(code))
    stands_for = view.facts.referrals[code]
    if isinstance(stands_for, PassedOn):
        return assistance.took_over(view, code, stands_for), "word"
    return (referral.came(view, code, stands_for), "word") if stands_for else None


def redeemed(view: View, code: str) -> Taken:
    """Take a code of another chat: while it is looked up nothing is said, and nothing asked."""
    done = moving.redeemed(view, code)
    return done, "silent" if done.effects else "word"


def tapped(view: View, value: str) -> Taken | Needs:
    """Take a tap: global words and questions at any time, an option only for the question that is open (law 7)."""
    match pressed(value):
        case Word(word, person):
            about = words.about(view, person)
            return spoken(about if word in words.ABOUT_STAFF else with_bot(about), word)
        case Question(entry):
            return digression.answer(view, entry), "digression"
        case Pressed(offer, proposing.PROPOSAL, option):
            return decided(view, option == "yes") if is_offered(view, offer, option) else stale(view)
        case Pressed(offer, casework.RATE | casework.WHY as step, option):
            rated = casework.rated(view, offer, step, option)
            return (rated, "word") if rated else stale(view)
        case Pressed(asking, step, option) if asking == view.session.asking and is_open(view, step):
            return picked(with_bot(view), option)
        case Pressed(asking) if asking == view.session.answered:
            return Consequence(view), "silent"
    return stale(view)


def with_bot(view: View) -> View:
    """The same moment with the bot answering again where staff had the chat."""
    return view.having(case=False) if view.session.case else view


def is_offered(view: View, offer: int, option: str) -> bool:
    """Tell whether a button is one of the change that staff offer now."""
    return view.session.proposal is not None and view.session.proposal.offer == offer and option in ("yes", "no")


def decided(view: View, agreed: bool) -> Taken:
    """Make the change that staff offer, or leave the answer as it is."""
    wanted = proposing.accepted(view)
    view = view.having(proposal=None)
    if not agreed:
        return Consequence(view, (Say("staff.proposal.kept"),)), "word"
    if wanted is None:
        return Consequence(view, (Say("staff.proposal.gone"),)), "stale"
    return corrected(view, wanted.step, wanted.answer), "answered"


def brought(view: View, kind: str, ref: str) -> Taken:
    """Take a picture, a voice and the like: kept where staff have the chat and will look at it, else not fetched."""
    if kind in ("photo", "file") and (asked := photo.sent(view, ref)):
        return asked, "word" if asked.effects else "problem"
    if not (view.session.case and ref and kind in KEPT_FOR_STAFF):
        return unreadable(view, kind), "problem"
    done = casework.shown_to_staff(view, kind)
    return done._replace(effects=(KeepMedia(ref, kind),)), "to_staff"


def pictured(view: View, what: Photo) -> Taken | Needs:
    """Take a picture where one is asked for; anywhere else it is for staff, if they have the chat."""
    step = None if view.session.case else open_step(view)
    move = step.read(what, view) if step else None
    return moved(view, step, move) if step and move else brought(view, "photo", what.ref)


def located(view: View, what: Located) -> Taken | Needs:
    """Take a position where a place is asked for; anywhere else it is nothing we can read."""
    step = None if view.session.case else open_step(view)
    move = step.read(what, view) if step else None
    return moved(view, step, move) if step and move else (unreadable(view, "location"), "problem")


def unreadable(view: View, kind: str) -> Consequence:
    """Say that stickers, voices and the like can't be read here; staff who have the chat can look at some."""
    if view.session.case and kind in casework.SHOWN_TO_STAFF:
        return casework.shown_to_staff(view, kind)
    named = kind if kind in READABLE else "other"
    return Consequence(view, (Say("unsupported", {"what": Say(f"kind.{named}")}),))


def is_open(view: View, name: str) -> bool:
    """Tell whether a step is the one last asked and still shows what an answer to it would agree to."""
    step = open_step(view)
    return step is not None and step.name == name and fingerprint(step, view) == view.session.content


def stale(view: View) -> Taken:
    """An old button: kindly told where the chat is now; nothing changes."""
    return Consequence(view, (Say("stale.staff" if view.session.case else "stale"),)), "stale"


def picked(view: View, option: str) -> Taken | Needs:
    """Take an option of the open question."""
    step = open_step(view)
    if step is None:
        return stale(view)
    if option == KEEP and can_keep(step, view):
        return Consequence(view.having(reopened="", answered=view.session.asking)), "answered"
    move = step.pick(option, view)
    return moved(view, step, move) if move else stale(view)


def typed(view: View, text: str) -> Taken | Needs:
    """Read a text: a global word, else a message for staff while a case is open, else an answer, a question or both."""
    word = words.at_any_question(text) or (None if tap_said(view, text) else words.read(text))
    if word and (not view.session.case or word in words.WITH_STAFF):
        view = with_bot(view) if word in words.BOT_AGAIN else view
        return spoken(view, word, words.line_meant(view, word, text))
    agreed = proposing.typed(view, text)
    if agreed is not None:
        return decided(view, agreed)
    if view.session.case:
        return casework.to_staff(view), "to_staff"
    if code := code_in(text):
        return redeemed(view, code)
    if (link := referral.code_said(text)) and (taken := typed_link(view, link)):
        return taken
    if not text.strip():
        return unread(view, None)
    return aside_from_the_question(view, text) or answered_by(view, Text(text))


def typed_link(view: View, code: str) -> Taken | Needs | None:
    """Take a code that was typed; one that nobody has may be plain talk ("kode hilang"), unless it looks like ours."""
    return started(view, code) if looks_drawn(code) else by_link(view, code)


def spoken(view: View, word: str, about: str = "") -> Taken | Needs:
    """Do what a global word asks; the shell first draws the code that one of them shows."""
    if word == "move" and words.may_move(view) and view.facts.drawn is None:
        return DRAW
    return words.spoken(view, word, about), "word"


def aside_from_the_question(view: View, text: str) -> Taken | Needs | None:
    """Take what goes before any answer: distress, and a correction of what was answered earlier."""
    feeling = felt(view, text)
    if feeling in DISTRESS:
        return in_distress(view, feeling), "to_staff"
    correction = read_correction(view, text)
    if correction is None:
        return None
    step, answer = correction
    if answer is None:
        return moved(view, step, GoTo(step.name))
    lacking = step.lacks(answer, view)
    return Needs(lacking) if lacking else (corrected(view, step, answer), "answered")


def corrected(view: View, step: Step, answer: Answer) -> Consequence:
    """Take a new answer to an earlier question; where it needs another look, that question is opened again."""
    done = kept(view.having(reopened=step.name) if answer.stay else view, step, answer)
    says = (Say("correction.done"),) if answer.value is not None else ()
    # The open question isn't answered by this: its buttons stay good while it shows the same.
    return done._replace(view=done.view.having(answered=view.session.answered), says=says + done.says)


def tap_said(view: View, text: str) -> bool:
    """Tell whether a text says what a button of the open question says; then it is that, not a global word."""
    step = None if view.session.case else open_step(view)
    return step is not None and not step.typed and isinstance(step.read(Text(text), view), Answer | GoTo | Act)


def answered_by(view: View, said: Said) -> Taken | Needs:
    """Read what was said against the step last asked; a question in the middle is answered first."""
    step = open_step(view)
    move = step.read(said, view) if step else None
    text = words_of(said) if isinstance(said, Text) else None
    if text is not None and not isinstance(move, Answer) and words.nods(text):
        return Consequence(view), "word"
    if text is not None and not isinstance(move, Answer) and (feeling := felt(view, text)):
        return angry(view, feeling, OFFER_PERSON_AT), "problem"
    if text is None or not worth_ranking(text, move):
        return moved(view, step, move) if step and move else unread(view, step)
    ranking = view.facts.rankings.get(text)
    if ranking is None:
        return digression.needs(view, text)
    asked = is_question(text)
    unknown = Say("digression.unknown") if asked else UNREAD
    return with_question(view, step, move, digression.found(view, ranking, asked=asked), unknown)


def worth_ranking(text: str, move: Move | None) -> bool:
    """Tell whether a text may be a question: it looks like one, or it is several words that are no answer."""
    return is_question(text) or (move is None and len(text.split()) >= WORDS_WORTH_RANKING)


def with_question(
    view: View, step: Step | None, move: Move | None, found: Consequence | None, unknown: Say
) -> Taken | Needs:
    """Bring together the answer to a question in the middle and the answer to ours; one message may hold both."""
    if found is None:
        return moved(view, step, move) if step and move else unread(view, step, unknown)
    if step is None or not isinstance(move, Answer):
        return found, "digression"
    taken = moved(found.view, step, move)
    if isinstance(taken, Needs):
        return taken
    done, outcome = taken
    return done._replace(says=found.says + done.says, effects=found.effects + done.effects), outcome


# --- what follows from it --------------------------------------------------------------------------------------------


def moved(view: View, step: Step, move: Move) -> Taken | Needs:
    """Carry out what a step made of an answer, or name the fact it lacks."""
    match move:
        case Problem(say):
            return misunderstood(view, step, say)
        case GoTo(name):
            return Consequence(view.having(reopened=name, answered=view.session.asking)), "answered"
        case Act(word, about):
            acted = words.spoken(view.having(answered=view.session.asking), word, about)
            return acted, "word"
    lacking = step.lacks(move, view)
    return Needs(lacking) if lacking else (kept(view, step, move), "answered")


def kept(view: View, step: Step, answer: Answer) -> Consequence:
    """Keep an answer, and let follow what the flow says follows from it."""
    settled = {"answered": view.session.asking, "reopened": view.session.reopened if answer.stay else ""}
    answers = {**answer.also} if answer.value is None else {step.name: answer.value, **answer.also}
    if step.side:
        view = view.having(side={**view.session.side, **answers}, **settled)
    else:
        view = with_somebody(view).with_answers(answers, **settled)
    follows = step.then(view)
    return follows._replace(says=answer.says + follows.says)


def with_somebody(view: View) -> View:
    """The first answer about a new person makes them a person of this chat."""
    if view.session.current:
        return view
    number = max((p.number for p in view.session.people), default=0) + 1
    return view.having(current=number).with_person(Person(number))


def unread(view: View, step: Step | None, say: Say = UNREAD) -> Taken:
    """What was said is nothing we can read; before anything was asked, it is simply a hello."""
    if step is None:
        return Consequence(view), "word"
    return misunderstood(view, step, say)


def misunderstood(view: View, step: Step | None, say: Say) -> Taken:
    """Help differently the second time; the third time a person is offered (the button is added to the prompt)."""
    misses = view.session.misses + 1
    said = (say, *step.help(view)) if step and misses >= 2 else (say,)
    if misses < OFFER_PERSON_AT:
        return Consequence(view.having(misses=misses), said), "problem"
    offered = view.session.offered or "misunderstood"
    return Consequence(view.having(misses=misses, offered=offered), (*said, Say("offer_person"))), "problem"
