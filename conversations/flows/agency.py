"""What an agent can do here. The menu stays open until they are done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from conversations import assistance, on_paper
from conversations.agency import held, open_forms
from conversations.codes import drawn
from conversations.effects import IssueCode
from conversations.flow import Flow
from conversations.messages import Paper, Say
from conversations.steps.choice import Choice
from conversations.steps.note import Note
from conversations.steps.picture import Picture
from conversations.steps.step import Answer, Consequence, Option
from conversations.switching import home
from conversations.turn import Came, CountCame, Lacking
from conversations.view import View

FIELD_PAGE = "field:"
"""What the core writes where the link to the agent's own page goes; the shell makes it, good for a short while."""


TEXTS = ("riders", "couriers", "traders", "farmers", "fishers", "builders", "domestic", "artists", "everybody")
"""Whom there are words for, ready to be forwarded; the words of each are in the catalogue of every language."""

MONTH = "month"
"""The picture of an agent's month."""


class Menu(Choice):
    """What to do next; the page with the figures opens in the browser."""

    counts = False

    def options(self, view: View) -> tuple[Option, ...]:
        """The things to do, with the agent's own page among them."""
        page = Option("page", Say("agency.page"), url=FIELD_PAGE)
        *first, last = super().options(view)
        return (*first, page, last)

    def lacks(self, answer: Answer, view: View) -> Lacking | None:
        """The figures of the month are counted once they are asked for."""
        return CountCame(held(view).code) if answer.value == MONTH and view.facts.came is None else None


class Forms(Choice):
    """Which of the forms whose photo is still to be sent; each goes by its code."""

    counts = False

    def answered(self, view: View) -> bool:
        """Where there is but one, nothing is asked."""
        return super().answered(view) or len(open_forms(view)) < 2

    def label(self, option: str, view: View) -> Say:
        """The code that stands on the form."""
        return Say("recap.text", {"text": option})


def link_of(view: View) -> str:
    """The address of the agent's landing page."""
    return f"{view.facts.root}/d/{held(view).code}"


def link(view: View) -> tuple[Say, ...]:
    """The link, and how to use it."""
    return (Say("agency.link.told", {"link": link_of(view)}), Say("agency.link.how"))


def texted(view: View) -> Consequence:
    """Give the words to forward, with the link in them."""
    said = Say(f"agency.text.{view.session.side['text']}", {"link": link_of(view)})
    return Consequence(view.having(side={}), (Say("agency.text.intro"), said))


def poster(view: View) -> tuple[Say, ...]:
    """Where the poster, the card and the QR code are, and for who enters data the form to sign."""
    form = Say("agency.form.told", {"link": f"{view.facts.root}{assistance.FORM}"})
    return (Say("agency.poster.told", {"link": link_of(view)}), *((form,) if enters_data(view) else ()))


def month(view: View) -> Consequence:
    """The month in one sentence and one picture."""
    came = view.facts.came or Came()
    counts = {name: getattr(came, name) for name in Came.__struct_fields__}
    told = Say("agency.month.told", {"month": view.month, **counts})
    return Consequence(view.having(side={}), (told,), paper=Paper(MONTH, 0))


def lessons(view: View) -> tuple[Say, ...]:
    """The manual, two pages, to print."""
    return (Say("agency.manual.told", {"link": f"{view.facts.root}/panduan-agen.pdf"}),)


TOLD: dict[str, Callable[[View], tuple[Say, ...]]] = {
    "link": link,
    "poster": poster,
    "manual": lessons,
}


def wished(view: View) -> Consequence:
    """Do what was chosen, and offer the rest."""
    wish = view.session.side["agency"]
    if wish == "done":
        return Consequence(home(view))
    if wish in ASKS:
        return Consequence(view)
    if wish == MONTH:
        return month(view)
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
    assisting = ("assist", *(("form",) if open_forms(view) else ())) if enters_data(view) else ()
    return ("link", "text", "poster", "manual", "event", *assisting, MONTH, "done")


def enters_data(view: View) -> bool:
    """Tell whether this agent may fill in for others."""
    return held(view).role != "volunteer"


def wishes(wish: str) -> Callable[[View], bool]:
    """Tell whether something was chosen that asks for more."""
    return lambda view: view.session.side.get("agency") == wish


ASKS = ("event", "text", "form")
"""What asks for more before it is done."""


def form_of(view: View) -> dict[str, Any]:
    """The code of the form whose photo is asked for."""
    return {"code": on_paper.form_asked(view)}


AGENCY = Flow(
    "agency",
    steps=(
        Note("event", side=True, when=wishes("event"), then=named),
        Choice("text", TEXTS, side=True, when=wishes("text"), then=texted),
        Forms("form", (), offered=open_forms, side=True, when=wishes("form")),
        Picture("signed", side=True, when=wishes("form"), values=form_of, then=on_paper.sent),
        Menu("agency", (), offered=offered, side=True, then=wished),
    ),
    finish=lambda view: Consequence(home(view)),
)
