"""What "berhenti" means: a pause, or erasing what was typed. No tricks, nothing said to hold anybody."""

from __future__ import annotations

from conversations.flow import Flow
from conversations.steps.choice import Choice
from conversations.steps.step import Act, Consequence
from conversations.switching import farewell, home
from conversations.view import View


def stopped(view: View) -> Consequence:
    """Pause, with nothing asked, or simply go on."""
    paused = view.session.side["stop"] == "pause"
    return Consequence(home(view), instead=farewell("stop.paused", way="stop.go_on") if paused else None)


STOP = Flow(
    "stop",
    steps=(
        Choice(
            "stop",
            ("pause", "erase", "go_on"),
            moves={"erase": Act("erase")},
            spoken={
                "pause": ("nanti", "istirahat", "besok", "simpan"),
                "erase": ("hapus",),
                "go_on": ("lanjut",),
            },
            side=True,
            then=stopped,
        ),
    ),
    finish=lambda view: Consequence(home(view)),
)
