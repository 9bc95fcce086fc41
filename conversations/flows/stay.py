"""A contract is over, or somebody wants their JHT: first how to go on as a worker of one's own, then what was asked."""

from __future__ import annotations

from typing import Any

from conversations import cover
from conversations.flow import Flow
from conversations.messages import Say
from conversations.programmes.benefits import (
    JHT_AGE,
    JHT_PARTIAL_HOUSING_PERCENT,
    JHT_PARTIAL_OTHER_PERCENT,
    JHT_PARTIAL_YEARS,
    JHT_STOP_WAIT_MONTHS,
)
from conversations.programmes.places import APP, CALL_CENTRE
from conversations.steps.choice import Choice
from conversations.steps.step import Act, Consequence
from conversations.switching import enter_side, home
from conversations.view import View

ROAD = {True: "member", False: "new"}


def amounts(view: View) -> dict[str, Any]:
    """Ages, years, per cents and places that the texts name."""
    return {
        "who": view.who,
        "next": cover.standing(view).next,
        "age": JHT_AGE.value,
        "wait": JHT_STOP_WAIT_MONTHS.value,
        "years": JHT_PARTIAL_YEARS.value,
        "housing": JHT_PARTIAL_HOUSING_PERCENT.value,
        "other": JHT_PARTIAL_OTHER_PERCENT.value,
        "app": APP.value,
        "call": CALL_CENTRE.value,
    }


class Stay(Choice):
    """How to go on, then what the worker wants."""

    def ask(self, view: View) -> tuple[Say, ...]:
        """The way on first, in the words of what was said."""
        known = amounts(view)
        why, road = view.session.side.get("why", "jht"), ROAD[cover.is_member(view)]
        return (Say(f"stay.{why}", known), Say(f"stay.on.{road}", known), *self.short(view))

    def short(self, view: View) -> tuple[Say, ...]:
        """The question alone."""
        return (Say("stay.ask", {"who": view.who}),)

    def fingerprint(self, view: View) -> str:
        """What was said first."""
        return str(view.session.side.get("why", ""))


def opened(view: View, why: str) -> Consequence:
    """Open this for a contract that is over ("contract") or for the JHT ("jht")."""
    return Consequence(enter_side(view, "stay").view.having(side={"why": why}))


def chosen(view: View) -> Consequence:
    """Go on as a worker of one's own, or hear how the JHT is taken out and what that leaves."""
    known = amounts(view)
    if view.session.side["stay"] == "cash_out":
        keys = ("stay.jht.when", "stay.jht.part", "stay.jht.where", "stay.jht.left")
        return Consequence(home(view), tuple(Say(key, known) for key in keys))
    if cover.is_member(view):
        return Consequence(home(view), (Say("stay.good", known),))
    return Consequence(home(view), (Say("stay.join", known),))


STAY = Flow(
    "stay",
    steps=(
        Stay(
            "stay",
            ("go_on", "cash_out", "operator"),
            moves={"operator": Act("operator", "jht")},
            spoken={
                "go_on": ("lanjut", "lanjut peserta", "terus"),
                "cash_out": ("cairkan", "ambil", "tetap", "jht"),
                "operator": ("petugas",),
            },
            side=True,
            then=chosen,
        ),
    ),
    finish=lambda view: Consequence(home(view)),
)
