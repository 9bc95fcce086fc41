"""What invented people lived through, by what they saw on their own phones: the ground of the simulation's count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.simulation.sentences import Understood
from conversations.messages import Message
from conversations.months import jakarta

LISTENED_FOR = (
    *("referral.declined", "consent.refused", "receipt.enrolled", "paid.month", "member.simulating", "member.billing"),
    *("agency.sent", "agency.now.active", "agency.now.refused", "event.told", "assist.code"),
)
"""The sentences that people know again; "paid.month" is how that for several months begins, too."""

AFTER_CONSENT = frozenset({"agent_sees", "nik", "name", "birth_date", "phone", "review"})
"""What is asked once somebody agreed."""


@dataclass
class Story:
    """One chat: the days (in Jakarta) on which its owner first saw each thing, and the last value of each sentence."""

    seen: dict[str, dt.date] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    def hear(self, before: str, message: Message, understood: Sequence[Understood], now: dt.datetime) -> None:
        """Keep what a message told."""
        today = jakarta(now)
        self.seen.setdefault("started", today)
        if before == "consent" and message.step in AFTER_CONSENT:
            self.seen.setdefault("consented", today)
        for sentence in understood:
            self.seen.setdefault(sentence.key, today)
            self.values[sentence.key] = sentence.values
