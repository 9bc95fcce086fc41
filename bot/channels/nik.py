"""Whether a message in a messenger's chat holds a NIK."""

from __future__ import annotations

from bot.door import NIK
from conversations.session import Session
from conversations.steps.nik import digits


def holds_nik(text: str, session: Session | None) -> bool:
    """Tell whether a message holds a NIK that was read from it, so that it need not stay in the chat."""
    if session is None:
        return False
    known = {person.answers.get("nik") for person in session.people}
    return any(digits(found[0]) in known for found in NIK.finditer(text))
