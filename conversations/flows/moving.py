"""Going on elsewhere: a code shown here, typed there, and the chat moves with all that is in it.

The chat that is left remembers the code's digest (`session.Leaving`); the chat where it is typed asks the shell to look
for it (`effects.Redeem`); what was found comes back to the chat that is left (`messages.Continued`), which alone
decides whether it moves. A chat with people of its own is never given up for another one.
"""

from __future__ import annotations

import datetime as dt
import hashlib

from msgspec.structs import replace

from conversations.asking import word_value
from conversations.effects import MoveTo, OfferMove, Redeem
from conversations.flow import Flow
from conversations.messages import Button, CodeRefused, Continued, Reply, Say
from conversations.reading.moving import spelled
from conversations.session import Leaving
from conversations.steps.choice import Choice
from conversations.steps.step import Consequence
from conversations.switching import enter_side, farewell, home
from conversations.turn import Door
from conversations.view import View

GOOD_FOR = dt.timedelta(minutes=15)
MOST_GUESSES = 5
"""Codes that may be typed in one chat before it has to wait as long as a code is good for."""


def digest(code: str) -> str:
    """Name a code without holding it."""
    return hashlib.blake2b(code.encode(), digest_size=16).hexdigest()


# --- in the chat that is left ----------------------------------------------------------------------------------------


def offered(view: View) -> Consequence:
    """Show the code the shell drew, and a way into each open channel; a chat about nobody has nothing to move."""
    drawn = view.facts.drawn
    if drawn is None or not view.session.people:
        return Consequence(view, (Say("move.nothing"),))
    until = view.now + GOOD_FOR
    leaving = Leaving(digest(drawn.code), until)
    minutes = GOOD_FOR // dt.timedelta(minutes=1)
    said = Say("move.code", {"code": spelled(drawn.code), "minutes": minutes})
    stay = Button(Say("move.stay"), word_value("menu"))
    reply = Reply((said,), (*map(way_in, drawn.doors), stay))
    return Consequence(view.having(leaving=leaving), (), (OfferMove(drawn.code, until),), reply)


def way_in(door: Door) -> Button:
    """A button that opens another channel with the code in hand."""
    return Button(Say(f"move.door.{door.channel}"), url=door.url)


def continued(view: View, what: Continued) -> Consequence:
    """Move, if the code is the one last shown here and still good; the open question is then put anew, over there."""
    leaving = view.session.leaving
    good = leaving is not None and not leaving.used and leaving.digest == what.digest and view.now < leaving.until
    if leaving is None or not good or view.session.locked:
        return Consequence(view)
    asking = max(view.session.asking, what.asking)
    moved = view.having(leaving=replace(leaving, used=True), asked="", asking=asking, content="", continued=None)
    return Consequence(moved, (Say("move.here"),), (MoveTo(what.to),))


# --- in the chat where the code is typed -----------------------------------------------------------------------------


def redeemed(view: View, code: str) -> Consequence:
    """Have a code looked up; not in a chat that has people of its own, and not again and again."""
    if view.session.locked:
        return Consequence(view)
    leaving = view.session.leaving
    if leaving is not None and leaving.digest == digest(code):
        return Consequence(view, (Say("move.arrived" if leaving.used else "move.elsewhere"),))
    if view.session.people:
        return enter_side(view, "occupied")
    guesses = guesses_lately(view)
    if guesses >= MOST_GUESSES:
        return Consequence(view, (Say("move.wait", {"minutes": GOOD_FOR // dt.timedelta(minutes=1)}),))
    tried = view.having(guesses=guesses + 1, guessed_at=view.now)
    return Consequence(tried, (), (Redeem(0, code, view.session.asking),))


def guesses_lately(view: View) -> int:
    """Count the codes typed here, until so long a pause that all of them are void."""
    last = view.session.guessed_at
    return view.session.guesses if last is not None and view.now - last < GOOD_FOR else 0


def code_refused(view: View, what: CodeRefused) -> Consequence:
    """Say why a code leads nowhere, and how to get one."""
    return Consequence(view, (Say(f"move.{what.why}"),))


def decided(view: View) -> Consequence:
    """Go on with those here, or leave this chat alone and go on over there; neither loses anything."""
    if view.session.side["occupied"] == "here":
        return Consequence(home(view))
    return Consequence(home(view), instead=farewell("move.over_there"))


OCCUPIED = Flow(
    "occupied",
    steps=(
        Choice(
            "occupied",
            ("here", "there"),
            spoken={"here": ("sini", "di sini", "yang ini"), "there": ("sana", "di sana", "yang lama", "lama")},
            side=True,
            then=decided,
        ),
    ),
    finish=lambda view: Consequence(home(view)),
)
