"""The id under which a form counts once, however often it is sent."""

from __future__ import annotations

import uuid


def form_id(typed: object) -> str:
    """Return the id that a form came with; a new one where ours is not in it."""
    try:
        return str(uuid.UUID(str(typed)))
    except ValueError:
        return str(uuid.uuid4())
