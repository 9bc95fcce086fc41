"""What an agent can do here. The menu stays open until they are done."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from conversations import assistance
from conversations.agency import held
from conversations.codes import drawn
from conversations.effects import IssueCode
from conversations.flow import Flow
from conversations.messages import Say
from conversations.steps.choice import Choice
from conversations.steps.note import Note
from conversations.steps.step import Consequence, Option
from conversations.switching import home
from conversations.view import View

FIELD_PAGE = "field:"
"""What the core writes where the link to the agent's own page goes; the shell makes it, good for a short while."""


TEXTS = ("intro", "riders", "traders", "farmers")


class Menu(Choice):
    """What to do next; the page with the figures opens in the browser."""

    counts = False

    def options(self, view: View) -> tuple[Option, ...]:
        """The things to do, with the agent's own page among them."""
        page = Option("page", Say("agency.page"), url=FIELD_PAGE)
        *first, last = super().options(view)
        return (*first, page, last)


def link_of(view: View) -> str:
    """The address of the agent's landing page."""
    return f"{view.facts.root}/d/{held(view).code}"


def link(view: View) -> tuple[Say, ...]:
    """The link, and how to use it."""
    return (Say("agency.link.told", {"link": link_of(view)}), Say("agency.link.how"))


def text(view: View) -> tuple[Say, ...]:
    """Words to forward, ready with the link."""
    return tuple(Say(f"agency.text.{part}", {"link": link_of(view)}) for part in TEXTS)


def poster(view: View) -> tuple[Say, ...]:
    """Where the poster, the card and the QR code are."""
    return (Say("agency.poster.told", {"link": link_of(view)}),)


def lessons(view: View) -> tuple[Say, ...]:
    """The manual, two pages, to print."""
    return (Say("agency.manual.told", {"link": f"{view.facts.root}/panduan-agen.pdf"}),)


TOLD: dict[str, Callable[[View], tuple[Say, ...]]] = {
    "link": link,
    "text": text,
    "poster": poster,
    "manual": lessons,
}


def wished(view: View) -> Consequence:
    """Do what was chosen, and offer the rest."""
    wish = view.session.side["agency"]
    if wish == "done":
        return Consequence(home(view))
    if wish == "event":
        return Consequence(view)
    if wish == "assist":
        return assistance.begin(view)
    return Consequence(view.having(side={}), TOLD[wish](view))


def named(view: View) -> Consequence:
    """Give a meeting a code of its own, made from the seed of this chat, so that no two are alike."""
    agency = held(view)
    code = drawn(f"{view.session.seed}/event/{agency.events}")
    counted = view.having(agency=replace(agency, events=agency.events + 1), side={})
    label = view.session.side["event"]
    says = (Say("event.told", {"label": label, "link": f"{view.facts.root}/d/{code}"}),)
    return Consequence(counted, says, (IssueCode(code, label),))


def offered(view: View) -> tuple[str, ...]:
    """What this agent may do: a volunteer forwards links and enters nobody's data."""
    enters_data = held(view).role != "volunteer"
    return (*TOLD, "event", *(("assist",) if enters_data else ()), "done")


def is_meeting(view: View) -> bool:
    """Tell whether a meeting is to be given a code."""
    return view.session.side.get("agency") == "event"


AGENCY = Flow(
    "agency",
    steps=(
        Note("event", side=True, when=is_meeting, then=named),
        Menu("agency", (), offered=offered, side=True, then=wished),
    ),
    finish=lambda view: Consequence(home(view)),
)
