"""The birth date, before anything personal is shown: after 30 idle days (law 8), and when the number behind the chat
has changed. Phones and SIM cards change hands.

While a chat is guarded, what comes unasked says nothing but that there is news; an operator's words are kept. Twice a
wrong date makes it a case, and from then on no date opens the chat: staff find out who is there.
"""

from __future__ import annotations

import datetime as dt

from conversations import casework
from conversations.flow import Flow
from conversations.messages import (
    BroadcastDue,
    CaseClosed,
    CodeRefused,
    Continued,
    Faulted,
    NumberChanged,
    ReminderDue,
    Say,
    StaffSaid,
)
from conversations.programmes.calendar import due
from conversations.reading.date import read_date
from conversations.reading.nik import birth_date
from conversations.receipt import simulation
from conversations.session import Note, Session
from conversations.steps.step import Act, Answer, Consequence, Move, Option, Said, Step, global_word, words
from conversations.switching import enter_side, home
from conversations.view import View

LOCK_AFTER = dt.timedelta(days=30)
MOST_WRONG = 2
"""Wrong dates after which staff take over."""
SAYS_NOTHING_PERSONAL = (BroadcastDue, CaseClosed, CodeRefused, Continued, Faulted, NumberChanged, StaffSaid)
"""What may be said as it is; `staff_said` looks after itself."""


# --- locking and opening ---------------------------------------------------------------------------------------------


def known_dates(view: View) -> frozenset[str]:
    """The birth dates of the people of this chat; of somebody who gave only a NIK, the one hidden in it."""
    dates = (p.answers.get("birth_date") or hidden(p.answers.get("nik"), view) for p in view.session.people)
    return frozenset(date for date in dates if date)


def hidden(nik: str | None, view: View) -> str | None:
    """The birth date that a NIK hides, as ISO text."""
    date = birth_date(nik, view.today) if nik else None
    return date.isoformat() if date else None


def is_guarded(view: View) -> bool:
    """Tell whether nothing personal may be shown now, although the worker may not have written since."""
    last = view.session.last_at
    idle = last is not None and view.now - last >= LOCK_AFTER
    return view.session.locked or (idle and bool(known_dates(view)))


def locked(view: View) -> Consequence:
    """Ask for the birth date from now on. A case waits for the date too, and a code shown to somebody else is void."""
    return enter_side(view.having(locked=True, case=False, leaving=None), "guard")


def number_changed(view: View) -> Consequence:
    """Another number may be another person: lock, and say so when they write."""
    if view.session.locked or not known_dates(view):
        return Consequence(view)
    return locked(view)


def case_closed(view: View, what: CaseClosed) -> Consequence:
    """The bot takes over where it stopped; in a locked chat the birth date may be given again."""
    return casework.case_closed(view.having(side={}) if view.session.locked else view, what)


# --- what comes unasked ----------------------------------------------------------------------------------------------


def discreet(view: View, done: Consequence, what: object) -> Consequence:
    """What an event says, but for a guarded chat nothing personal: only that there is news."""
    if not done.says or isinstance(what, SAYS_NOTHING_PERSONAL) or not is_guarded(view):
        return done
    return told_later(done._replace(view=done.view.having(news=True)), *news_of(view, what))


def news_of(view: View, what: object) -> tuple[Say, ...]:
    """What may be said of it: when a month is due is the same for everybody, all else waits."""
    if isinstance(what, ReminderDue):
        return (*simulation(view), Say("guard.remind", {"month": what.month, "due": due(what.month).value}))
    return (Say("guard.news"),)


def told_later(done: Consequence, *news: Say) -> Consequence:
    """Lock the chat and say that something is to be told once its owner is known."""
    entered = done.view if done.view.session.locked else locked(done.view).view
    return done._replace(view=entered, says=news, paper=None, instead=None)


def staff_said(view: View, what: StaffSaid) -> Consequence:
    """An operator's words. In a guarded chat they are kept, unless whoever is there called staff."""
    if is_guarded(view) and not (view.session.locked and view.session.case):
        notes = (*view.session.notes, Note(what.operator, what.text))
        return told_later(Consequence(view.having(notes=notes)), Say("guard.news"))
    return casework.staff_said(view, what)


# --- the question ----------------------------------------------------------------------------------------------------


class BirthCheck(Step):
    """Asks for the birth date of anybody this chat speaks for."""

    counts = False

    def options(self, view: View) -> tuple[Option, ...]:
        """A way to staff, for whoever cannot know the date."""
        return (global_word("operator"),)

    def read(self, said: Said, view: View) -> Move | None:
        """Read a date and compare it; a wrong one tells nothing but that it is wrong."""
        text = words(said)
        reading = read_date(text, view.today) if text is not None else None
        if reading is None or not isinstance(reading.value, dt.date):
            return None
        wrong = wrong_so_far(view.session)
        if wrong < MOST_WRONG and reading.value.isoformat() in known_dates(view):
            return Answer(True)
        if wrong + 1 >= MOST_WRONG:
            return Act("identity")
        return Answer(None, {"wrong": wrong + 1}, (Say("guard.wrong"),), stay=True)


def wrong_so_far(session: Session) -> int:
    """Count the wrong dates."""
    return int(session.side.get("wrong", 0))


def opened(view: View) -> Consequence:
    """After the right date: what came meanwhile is told, then the chat goes on where it stopped."""
    if "guard" not in view.session.side:
        return Consequence(view)
    notes = tuple(casework.said_by(note.operator, note.text) for note in view.session.notes)
    news = (Say("guard.status"),) if view.session.news else ()
    unlocked = view.having(locked=False, news=False, notes=())
    return Consequence(home(unlocked), (Say("guard.opened"), *notes, *news))


GUARD = Flow("guard", steps=(BirthCheck("guard", side=True, then=opened),), finish=lambda view: Consequence(home(view)))
