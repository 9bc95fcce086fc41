"""Whom the chat is about: one of the people in it, or somebody new."""

from __future__ import annotations

from conversations.flow import Flow
from conversations.messages import Say
from conversations.session import Person
from conversations.steps.choice import Choice
from conversations.steps.step import Consequence, Move, Said, words
from conversations.switching import home, turn_to
from conversations.view import View

LABEL_HOLDS = 24


def offered(view: View) -> tuple[str, ...]:
    """Everybody in this chat by number, then somebody new."""
    return (*(str(p.number) for p in view.session.people), "new")


class People(Choice):
    """The people of this chat, each under their name."""

    def label(self, option: str, view: View) -> Say:
        """The person's name as far as a button holds it, or what we call them until we know it."""
        if option == "new":
            return Say("people.new")
        about = view.having(current=int(option))
        name = about.answers.get("name")
        return Say("who.named", {"name": shortened(name)}) if name else about.called

    def read(self, said: Said, view: View) -> Move | None:
        """Read the words for somebody new, a number, or a name; a name need not be whole."""
        named = [p for p in view.session.people if bears(p, words(said) or "")]
        return self.pick(str(named[0].number), view) if len(named) == 1 else super().read(said, view)


def bears(person: Person, text: str) -> bool:
    """Tell whether all the words of a text are of the person's name."""
    said = set(text.lower().split())
    return bool(said) and said <= set(str(person.answers.get("name", "")).lower().split())


def shortened(name: str) -> str:
    """A name as far as a button holds it, cut between words where that can be."""
    if len(name) <= LABEL_HOLDS:
        return name
    whole = name[:LABEL_HOLDS].rsplit(" ", 1)[0]
    return whole if " " in name[:LABEL_HOLDS] else name[: LABEL_HOLDS - 1] + "…"


def chosen(view: View) -> Consequence:
    """Speak for the person chosen from now on."""
    choice = view.session.side["people"]
    turned = turn_to(view, 0 if choice == "new" else int(choice))
    return Consequence(turned, (Say("people.now", {"who": turned.called}),) if turned.session.current else ())


PEOPLE = Flow(
    "people",
    steps=(
        People("people", (), offered=offered, spoken={"new": ("baru", "tambah", "orang lain")}, side=True, then=chosen),
    ),
    finish=lambda view: Consequence(home(view)),
)
