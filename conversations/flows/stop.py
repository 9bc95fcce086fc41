"""What "berhenti" means: a pause, or erasing what was typed. No tricks, nothing said to hold anybody."""

from __future__ import annotations

from conversations.flow import Flow
from conversations.messages import Say
from conversations.steps.choice import Choice
from conversations.steps.step import Act, Consequence
from conversations.switching import home
from conversations.view import View


def stopped(view: View) -> Consequence:
    """Pause, or simply go on."""
    paused = view.session.side["stop"] == "pause"
    return Consequence(home(view), (Say("stop.paused"),) if paused else ())


STOP = Flow(
    "stop",
    steps=(
        Choice(
            "stop",
            ("pause", "erase", "go_on"),
            moves={"erase": Act("erase")},
            spoken={"pause": ("nanti", "istirahat", "besok"), "erase": ("hapus",), "go_on": ("lanjut",)},
            side=True,
            then=stopped,
        ),
    ),
    finish=lambda view: Consequence(home(view)),
)
