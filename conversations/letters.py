"""What is said to somebody whom a messenger lets us write to in approved templates only.

The core names a template and gives its values; its text is a file (`locales/<locale>/templates/`). The reply in full is
given beside it, for those who can be told in free words. No template tells anything personal: phones change hands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations.messages import Say
from conversations.view import View

NEWS = "news"
"""What is said where a reply has no template of its own: that there is something to read."""

PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    NEWS: frozenset(),
    "payment_due": frozenset({"month", "due"}),
    "payment_received": frozenset({"months", "first"}),
    "enrolment_accepted": frozenset(),
    "enrolment_refused": frozenset(),
    "staff_answered": frozenset(),
}
"""Every template by name, and the values it is given."""


def letter(view: View, name: str, **values: Any) -> Say | None:
    """Name a template. None in demo mode: approved texts can't say that all is a simulation, so only `NEWS` goes."""
    return None if view.facts.demo else Say(name, values)
