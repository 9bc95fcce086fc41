"""What Jamin promises on its own account, each with where that was decided."""

from __future__ import annotations

from conversations.programmes.fact import Fact
from conversations.programmes.sources import JAMIN

COMPLAINT_ANSWERED_WITHIN_DAYS = Fact(2, JAMIN, "OWN")
"""Working days until a person of ours has answered a complaint."""
