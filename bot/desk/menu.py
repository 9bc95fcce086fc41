"""The desk's menu: what each role finds there, and where it begins."""

from __future__ import annotations

from typing import NamedTuple

from bot.desk.roles import OWN, may


class Entry(NamedTuple):
    """A line of the menu: where it leads, the act that this needs, and the key of its label."""

    path: str
    act: str
    label: str


MENU = (
    Entry("/desk", "queue.see", "desk.queue"),
    Entry("/desk/tertunda", "letters.see", "desk.dead"),
    Entry("/desk/sandi", OWN, "desk.password"),
)


def menu_of(role: str) -> tuple[Entry, ...]:
    """Return what somebody of this role finds in the menu."""
    return tuple(entry for entry in MENU if may(role, entry.act))


def home_of(role: str) -> str:
    """Return the page on which somebody of this role begins."""
    return menu_of(role)[0].path
