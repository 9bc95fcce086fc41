"""Whom the chat is about: one of the people in it, or somebody new."""

from __future__ import annotations

from conversations.flow import Flow
from conversations.messages import Say
from conversations.steps.choice import Choice
from conversations.steps.step import Consequence
from conversations.switching import home, turn_to
from conversations.view import View


def offered(view: View) -> tuple[str, ...]:
    """Everybody in this chat by number, then somebody new."""
    return (*(str(p.number) for p in view.session.people), "new")


class People(Choice):
    """The people of this chat, each under their name."""

    def label(self, option: str, view: View) -> Say:
        """The person's name, or what we call them until we know it."""
        if option == "new":
            return Say("people.new")
        return Say("people.one", {"who": view.having(current=int(option)).who})


def chosen(view: View) -> Consequence:
    """Speak for the person chosen from now on."""
    choice = view.session.side["people"]
    turned = turn_to(view, 0 if choice == "new" else int(choice))
    return Consequence(turned, (Say("people.now", {"who": turned.who}),) if turned.session.current else ())


PEOPLE = Flow(
    "people",
    steps=(
        People("people", (), offered=offered, spoken={"new": ("baru", "tambah", "orang lain")}, side=True, then=chosen),
    ),
    finish=lambda view: Consequence(home(view)),
)
