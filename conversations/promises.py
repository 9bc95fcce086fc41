"""What Jamin promises on its own account, each with where that was decided."""

from __future__ import annotations

from conversations.programmes.fact import Fact
from conversations.programmes.sources import JAMIN

COMPLAINT_ANSWERED_WITHIN_DAYS = Fact(2, JAMIN, "OWN")
"""Working days in which staff try to answer a complaint, unless the office sets others (`JAMIN_COMPLAINT_DAYS`). No
rule is known that names a time: it is an aim of whoever runs this, and told as one."""
