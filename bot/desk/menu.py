"""The desk's menu: what each role finds there, and where it begins."""

from __future__ import annotations

from typing import NamedTuple

from bot.desk.roles import OWN, may


class Entry(NamedTuple):
    """A line of the menu: where it leads, the act that this needs, the key of its label; `by_hand` lines are there only
    where operators key enrolments in."""

    path: str
    act: str
    label: str
    by_hand: bool = False


MENU = (
    Entry("/desk", "queue.see", "desk.queue"),
    Entry("/desk/kerja", "work.see", "desk.work", by_hand=True),
    Entry("/desk/pengawasan", "figures.see", "desk.figures"),
    Entry("/desk/monitor", "monitor.see", "desk.monitor"),
    Entry("/desk/jawaban", "canned.edit", "desk.canned"),
    Entry("/desk/kabar", "broadcasts.see", "desk.broadcasts"),
    Entry("/desk/pengingat", "reminders.see", "desk.reminders"),
    Entry("/desk/tertunda", "letters.see", "desk.dead"),
    Entry("/desk/agen", "agents.see", "desk.agents"),
    Entry("/desk/wadah", "organisations.see", "desk.organisations"),
    Entry("/desk/formulir", "forms.check", "desk.forms"),
    Entry("/desk/tim", "team.see", "desk.team"),
    Entry("/desk/audit", "audit.read", "desk.trail"),
    Entry("/desk/panduan", OWN, "desk.manual"),
    Entry("/desk/sandi", OWN, "desk.password"),
)


def menu_of(role: str, *, by_hand: bool = False) -> tuple[Entry, ...]:
    """Return what somebody of this role finds in the menu; `by_hand` where operators key enrolments in."""
    return tuple(entry for entry in MENU if may(role, entry.act) and (by_hand or not entry.by_hand))


def home_of(role: str) -> str:
    """Return the page on which somebody of this role begins."""
    return menu_of(role)[0].path
