"""Where to pay, and how it goes there, step by step."""

from __future__ import annotations

from conversations import cover
from conversations.flow import Flow
from conversations.messages import Say
from conversations.programmes.places import CALL_CENTRE, PAY_AT, WAYS
from conversations.steps.choice import Choice
from conversations.steps.step import Consequence
from conversations.switching import home
from conversations.view import View

KINDS = PAY_AT.value._fields
NAMES = {kind: tuple(name for name in getattr(PAY_AT.value, kind)) for kind in KINDS}
SPOKEN = {
    "banks": ("bank", "atm", "mbanking", "m banking", "transfer"),
    "wallets": ("dompet", "dompet digital", "ewallet", "e wallet", "aplikasi", "hp"),
    "shops": ("tunai", "cash", "minimarket", "toko", "warung"),
}


class Name(Choice):
    """The place itself, by what its sign says."""

    def label(self, option: str, view: View) -> Say:
        """The name on the sign."""
        return Say("place_name.sign", {"sign": option})


def names(view: View) -> tuple[str, ...]:
    """The places of the kind that was chosen, or all of them."""
    return NAMES.get(view.session.side.get("place_kind", ""), ())


def told(view: View) -> Consequence:
    """Tell how it goes there, as far as that is known, and the safety line."""
    name = view.session.side["place_name"]
    bill = cover.open_bill(view)
    code = (Say("place.code", {"code": bill.code}),) if bill else ()
    return Consequence(home(view), (steps(name, view), *code, Say("receipt.safety", {"call": CALL_CENTRE.value})))


def steps(name: str, view: View) -> Say:
    """The steps at one place: its own menu where one was found, else what is the same everywhere."""
    known = {"place": name, "call": CALL_CENTRE.value}
    if name in WAYS:
        way = WAYS[name].value
        return Say(f"place.app.{way.asks}", {**known, "menu": " > ".join(way.menu)})
    return Say(f"place.{view.session.side['place_kind']}", known)


PLACES = Flow(
    "places",
    steps=(
        Choice("place_kind", KINDS, spoken=SPOKEN, side=True),
        Name(
            "place_name",
            (),
            offered=names,
            spoken={name: (name.lower(),) for kind in KINDS for name in NAMES[kind]},
            side=True,
            then=told,
        ),
    ),
    finish=lambda view: Consequence(home(view)),
)
