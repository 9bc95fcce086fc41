"""What "berhenti" means: a pause, erasing what was typed, or no longer being a member.

No tricks, nothing said to hold anybody: what ends and what stays is told once, and then it is done.
"""

from __future__ import annotations

from conversations import cover
from conversations.effects import RecordConsent
from conversations.flow import Flow
from conversations.flows.enrolment import CONSENT_VERSION
from conversations.messages import Say
from conversations.steps.choice import Choice
from conversations.steps.step import Act, Consequence
from conversations.steps.yes_no import YesNo
from conversations.switching import farewell, home
from conversations.view import View


class Stop(Choice):
    """What is meant; a member is asked in other words than somebody who is filling in the form."""

    def ask(self, view: View) -> tuple[Say, ...]:
        """The question."""
        return (Say("stop.member" if cover.is_member(view) else "stop.ask", {"who": view.who}),)


def offered(view: View) -> tuple[str, ...]:
    """A member may stop being one; a draft is kept or erased."""
    return ("leave", "erase", "go_on") if cover.is_member(view) else ("pause", "erase", "go_on")


def stopped(view: View) -> Consequence:
    """Pause, with nothing asked, or simply go on; leaving is asked once more below."""
    choice = view.session.side["stop"]
    if choice == "leave":
        return Consequence(view)
    return Consequence(home(view), instead=farewell("stop.paused", way="stop.go_on") if choice == "pause" else None)


class Leave(YesNo):
    """What ends and what stays, then the question."""

    def ask(self, view: View) -> tuple[Say, ...]:
        """What follows, told once."""
        return (*what_ends(view), Say("leave.ask", {"who": view.who}))

    def short(self, view: View) -> tuple[Say, ...]:
        """The question alone."""
        return (Say("leave.ask", {"who": view.who}),)


def what_ends(view: View) -> tuple[Say, ...]:
    """Until when cover holds, what ends with it, what stays, and that coming back is possible."""
    now = cover.standing(view)
    ends = (
        Say("leave.until", {"who": view.called, "until": now.until}) if now.state == "covered" else Say("leave.ended")
    )
    jht = (Say("leave.jht"),) if view.answers.get("plan") == "three" else ()
    return (ends, Say("leave.lost"), *jht, Say("leave.back"))


def left(view: View) -> Consequence:
    """Done: nothing is asked of them any more."""
    if not view.session.side["leave"]:
        return Consequence(home(view), (Say("leave.stays"),))
    quiet = RecordConsent(view.person.number, "remind", CONSENT_VERSION, given=False)
    done = home(view.with_answers({"remind": False}))
    return Consequence(done, (), (quiet,), farewell("leave.done", who=view.called))


def leaving(view: View) -> bool:
    """Tell whether no longer being a member was chosen."""
    return view.session.side.get("stop") == "leave"


STOP = Flow(
    "stop",
    steps=(
        Stop(
            "stop",
            (),
            offered=offered,
            moves={"erase": Act("erase")},
            spoken={
                "pause": ("nanti", "istirahat", "besok", "simpan"),
                "leave": ("berhenti jadi peserta", "keluar", "berhenti", "tidak lanjut"),
                "erase": ("hapus",),
                "go_on": ("lanjut", "tidak jadi"),
            },
            side=True,
            then=stopped,
        ),
        Leave("leave", when=leaving, side=True, then=left),
    ),
    finish=lambda view: Consequence(home(view)),
)
