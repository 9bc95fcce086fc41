"""The words that work everywhere, whatever is being asked: said or tapped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from conversations import agency, casework, cover, family, languages, nudging, papers, receipt, referral, status
from conversations.asking import word_value
from conversations.flows import FLOWS, guard, moving, news, stay
from conversations.flows.enrolment import REVIEW
from conversations.messages import Button, Say
from conversations.phrases import OWN_PHRASES
from conversations.reading.language import named_in
from conversations.reading.leaving import read_leaving
from conversations.reading.moving import wants_to_move
from conversations.reading.spelling import vocabulary
from conversations.reading.word import read_word
from conversations.steps.step import Consequence
from conversations.switching import aside, enter_side, home, main_flow, turn_to
from conversations.view import View

AT_ANY_QUESTION = frozenset({"erase", "my_data", "withdraw", "complaint", "register_workers"})
"""What is never read as an answer: the rights over one's data, and what only a person of ours can take."""

GREETINGS = vocabulary(
    "halo hai hallo hello hi hei hay pagi siang sore malam selamat assalamualaikum asalamualaikum samlekum wr wb "
    "permisi punten kulonuwun p tes test"
)
CALLED = vocabulary("kak kakak min admin gan bang bu pak mbak mas jamin semua ya")
"""Whom a greeting may name."""

LEAVING = {"jht": "cash_out", "contract": "contract"}
"""Words that are said as a plan: to take out the JHT, to go on after a contract."""

THANKS = vocabulary("terima kasih trims trimakasih terimakasih makasih makasi mksh tq thx thanks nuhun suwun matur")
NODS = vocabulary("ok oke okey okay sip siap baik baiklah iya ya y hmm oh")
"""An "oke" where no yes is asked for: the question is simply put again."""

HELLO_BACK = Say("hello.back")
BOT_AGAIN = frozenset({"erase", "withdraw", "move", "stop"})
"""Words that staff can't see to: typed while they have the chat, they mean that the bot is wanted again."""

WITH_STAFF = (
    frozenset({"operator", "complaint", "register_workers", "resume", "help", "status", "my_data", "language"})
    | BOT_AGAIN
)
"""What is a word while staff have the chat; "terima kasih" or "ulang" is said to them."""

ABOUT_STAFF = frozenset({"operator", "resume", *languages.CHOOSING})
"""A tap on any other word means that the bot is wanted again."""

_OWN = {phrase: word for word, phrases in OWN_PHRASES.items() for phrase in phrases}
_ANY_DAY = dt.date(2000, 1, 1)


def at_any_question(text: str) -> str | None:
    """Give the word that a text is, where no question may stand in its way."""
    word = own(text)
    return word if word in AT_ANY_QUESTION else None


def own(text: str) -> str | None:
    """Give the word of ours that a text is."""
    return _OWN.get(" ".join(text.lower().replace(",", " ").split()).strip(" .!"))


def read(text: str) -> str | None:
    """Give the global word a text is, or None; a sentence that merely holds one is talk."""
    if word := own(text):
        return word
    said = text.lower().replace(",", " ").split()
    if is_made_of(said, GREETINGS):
        return "hello"
    if is_made_of(said, THANKS):
        return "thanks"
    if wants_to_move(text):
        return "move"
    common = read_word(text, _ANY_DAY).value
    if common is not None:
        return str(common)
    return LEAVING.get(str(read_leaving(text, _ANY_DAY).value))


def nods(text: str) -> bool:
    """Tell whether a text merely says that it was read."""
    return is_made_of(text.lower().replace(",", " ").split(), NODS)


def is_made_of(said: list[str], vocabulary: frozenset[str]) -> bool:
    """Tell whether words are of a vocabulary, but for whom they are said to."""
    bare = {word.strip(".!?") for word in said} - {""}
    return bool(bare & vocabulary) and bare <= vocabulary | CALLED


def line_meant(view: View, word: str, text: str) -> str:
    """The answer that "ganti nama" or "NIK salah" is about, where it is already given, or the language that is named;
    "" for none."""
    if word == "language":
        return named_in(text)
    return REVIEW.named(text, view) if word == "back" and not aside(view) else ""


def button(word: str) -> Button:
    """A button that says a global word."""
    return Button(Say(f"word.{word}"), word_value(word))


def about(view: View, number: int) -> View:
    """The same moment, speaking for the person that a button names; as it is where it names nobody of this chat."""
    return turn_to(view, number) if view.numbered(number) and number != view.session.current else view


def spoken(view: View, word: str, about: str = "") -> Consequence:
    """Do what a global word asks; an unknown one (a forged button) does nothing."""
    command = COMMANDS.get(word)
    if command is None or (view.session.locked and word not in ALLOWED_WHILE_LOCKED):
        return Consequence(view)
    return command(view, about)


def may_move(view: View) -> bool:
    """Tell whether there is anything to go on with elsewhere, and whether its owner is known to be here."""
    return bool(view.session.people) and not view.session.locked


def move(view: View, _: str) -> Consequence:
    """Show a code for going on in another channel."""
    return moving.offered(view)


def help_(view: View, _: str) -> Consequence:
    """Say what can be said."""
    step = FLOWS[view.session.flow].step(view.session.asked)
    return Consequence(view, (Say("help"), *(step.help(view) if step else ())))


def back(view: View, about: str) -> Consequence:
    """Open the question before this one again, or the one that is named; its answer stays until another is given."""
    if aside(view):
        return left_aside(view)
    flow = FLOWS[view.session.flow]
    if about and flow.step(about):
        return Consequence(view.having(reopened=about), (Say("back.done"),))
    if opened_on_purpose(view):
        return Consequence(view.having(reopened=""), (Say("back.done"),))
    before = flow.before(view.session.asked, view)
    if before is None:
        return Consequence(view, (Say("back.first"),))
    return Consequence(view.having(reopened=before.name), (Say("back.done"),))


def left_aside(view: View) -> Consequence:
    """Leave a side flow; an application is kept for later."""
    says = (Say("apply.left"),) if view.session.flow == "apply" else ()
    return Consequence(home(view), says)


def opened_on_purpose(view: View) -> bool:
    """Tell whether a step outside the form's order is open, such as the list of what can be changed."""
    step = FLOWS[view.session.flow].step(view.session.reopened)
    return step is not None and not step.when(view)


def restart(view: View, _: str) -> Consequence:
    """Ask before answers are thrown away; with none there is nothing to ask, and what was handed on stays."""
    if view.session.current and main_flow(view.person) == "membership":
        return Consequence(home(view), (Say("restart.handed_on", {"who": view.who}),))
    return enter_side(view, "restart") if view.answers else Consequence(view)


def operator(view: View, about: str) -> Consequence:
    """Hand the chat to staff."""
    return casework.call(view, about)


def register_workers(view: View, _: str) -> Consequence:
    """Hand a small business to staff: its workers are registered as people who are paid a wage, not here."""
    return casework.call(view, "small_business")


def identity(view: View, _: str) -> Consequence:
    """Have staff find out who is in a guarded chat; no further date opens it until they have."""
    if not view.session.locked:
        return Consequence(view)
    return casework.call(view.having(side={"wrong": guard.MOST_WRONG}), "identity")


def resume(view: View, _: str) -> Consequence:
    """Go on with the bot; staff may still answer."""
    says = (Say("operator.resumed"),) if view.session.case else ()
    return Consequence(view.having(case=False, misses=0), says)


def stop(view: View, _: str) -> Consequence:
    """Ask what stopping means: a pause, or erasing what was typed. In a side flow it means to leave that."""
    return left_aside(view) if aside(view) and view.session.flow != "stop" else enter_side(view, "stop")


def tell_status(view: View, _: str) -> Consequence:
    """Tell how things stand for everybody of this chat."""
    return Consequence(view, status.of_all(view))


def language(view: View, named: str) -> Consequence:
    """Change the language to the one that is named, else show which there are."""
    return languages.asked(view, named)


def person(view: View, _: str) -> Consequence:
    """Choose whom the chat is about."""
    if not view.session.people:
        return Consequence(view, (Say("people.nobody"),))
    return enter_side(view, "people")


def person_new(view: View, _: str) -> Consequence:
    """Begin with somebody new; the draft of the person spoken for stays."""
    return Consequence(turn_to(view, 0))


def erase(view: View, _: str) -> Consequence:
    """Ask before everything is erased."""
    return enter_side(view, "erase")


def withdraw(view: View, _: str) -> Consequence:
    """Ask before a consent is withdrawn; where none was given there is nothing to withdraw."""
    given = view.answers.get("consent") or view.person.enrolment
    return enter_side(view, "withdraw") if given else Consequence(view, (Say("withdraw.nothing"),))


def my_data(view: View, _: str) -> Consequence:
    """Tell what is held about the person spoken for."""
    return Consequence(view, status.held(view))


def pay(view: View, _: str) -> Consequence:
    """Tell the code that is open, else ask for how many months one is wanted."""
    if not cover.is_member(view):
        return Consequence(view, (Say("pay.not_yet", {"who": view.who}),))
    if cover.open_bill(view):
        return Consequence(home(view), receipt.to_pay(view))
    return enter_side(view, "pay")


def terms(view: View, _: str) -> Consequence:
    """Change income or programmes: of a member from a month on, of a draft at once."""
    return enter_side(view, "terms") if cover.is_member(view) else again(view, "plan")


def earnings(view: View, _: str) -> Consequence:
    """Change the income alone."""
    if not cover.is_member(view):
        return again(view, "income")
    return Consequence(enter_side(view, "terms").view.having(side={"terms": "income"}))


def again(view: View, step: str) -> Consequence:
    """Open a question of the form again, if it was answered; else it is still to come."""
    return back(view, step) if step in view.answers else Consequence(view)


def for_family(view: View, _: str) -> Consequence:
    """Tell what a member's family would get now; for anybody else, what the programmes pay."""
    if not cover.is_member(view):
        return explain(view, "")
    return Consequence(view, family.told(view), paper=papers.about(view, "family"))


def card(view: View, _: str) -> Consequence:
    """Show the proof of status; the official card is in the official app."""
    if not cover.is_member(view):
        return Consequence(view, (Say("card.not_yet", {"who": view.who}),))
    return Consequence(view, papers.proof(view), paper=papers.about(view, "card"))


def claim(view: View, _: str) -> Consequence:
    """Ask what happened, for the right first steps."""
    return enter_side(view, "claim")


def complaint(view: View, _: str) -> Consequence:
    """Have a complaint told; while staff have the chat it is said to them."""
    if view.session.case or view.session.locked:
        return casework.call(view, "complaint")
    return enter_side(view, "complaint")


def cash_out(view: View, _: str) -> Consequence:
    """Before the JHT is taken out: how to go on."""
    return stay.opened(view, "jht")


def contract(view: View, _: str) -> Consequence:
    """After a contract: how to go on as a worker of one's own."""
    return stay.opened(view, "contract")


def remind_tomorrow(view: View, _: str) -> Consequence:
    """Remind once more tomorrow."""
    return nudging.again(view)


def remind_stop(view: View, _: str) -> Consequence:
    """Remind no more."""
    return nudging.switched(view, on=False)


def remind_on(view: View, _: str) -> Consequence:
    """Remind from now on."""
    return nudging.switched(view, on=True)


def news_stop(view: View, _: str) -> Consequence:
    """Send no more news from staff."""
    return news.stopped(view)


def explain(view: View, _: str) -> Consequence:
    """Work out what the programmes pay in each case."""
    return enter_side(view, "explain")


def hello(view: View, _: str) -> Consequence:
    """Greet back; a chat that never spoke, or begins anew, is greeted by its first question."""
    return Consequence(view, (HELLO_BACK,) if view.session.asked else ())


def thanks(view: View, _: str) -> Consequence:
    """Say that it was a pleasure."""
    return Consequence(view, (Say("thanks.back"),))


def menu(view: View, _: str) -> Consequence:
    """Put the open question again."""
    return Consequence(view)


def decline(view: View, _: str) -> Consequence:
    """Go on without the agent whose link the worker came by."""
    return referral.declined(view)


def agency_(view: View, _: str) -> Consequence:
    """Open an agent's side: the application, or what an agent can do."""
    return agency.opened(view)


def _choose_language(word: str, view: View, _: str) -> Consequence:
    return languages.chosen(view, word)


COMMANDS: dict[str, Callable[[View, str], Consequence]] = {
    "help": help_,
    "back": back,
    "restart": restart,
    "operator": operator,
    "register_workers": register_workers,
    "identity": identity,
    "resume": resume,
    "stop": stop,
    "status": tell_status,
    "language": language,
    "person": person,
    "erase": erase,
    "my_data": my_data,
    "withdraw": withdraw,
    "menu": menu,
    "hello": hello,
    "pay": pay,
    "terms": terms,
    "earnings": earnings,
    "family": for_family,
    "card": card,
    "claim": claim,
    "complaint": complaint,
    "cash_out": cash_out,
    "contract": contract,
    "explain": explain,
    "move": move,
    "remind_tomorrow": remind_tomorrow,
    "remind_stop": remind_stop,
    "remind_on": remind_on,
    "news_stop": news_stop,
    "thanks": thanks,
    "decline": decline,
    "agency": agency_,
    "person_new": person_new,
    **{word: partial(_choose_language, word) for word in languages.CHOOSING},
}
ALLOWED_WHILE_LOCKED = frozenset(
    {
        *("help", "operator", "complaint", "identity", "resume", "language", "menu", *languages.CHOOSING),
        *("remind_tomorrow", "remind_stop", "remind_on", "news_stop"),
    }
)
