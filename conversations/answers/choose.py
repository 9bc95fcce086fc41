"""Whether the nearest answer is surely meant, or to be asked about, or none of ours. Tuned for no wrong answer."""

from __future__ import annotations

import msgspec

from conversations.answers.index import Ranked

SURE = 0.24
"""From here on the nearest answer may be given."""

CLEAR_LEAD = 1.1
"""So many times the score of the nearest answer on another topic; two topics closer together are asked about."""

CLAIMED_FROM = frozenset({"jkk", "jkm", "jht"})
"""How to claim and what is claimed don't contradict each other, so the nearer of the two is given."""

MAYBE = 0.2
"""Below this nothing of ours is near."""

CHOICES = 3


class Sure(msgspec.Struct, frozen=True):
    """This entry is meant."""

    id: str


class Unsure(msgspec.Struct, frozen=True):
    """One of these may be meant, likeliest first: ask."""

    ids: tuple[str, ...]


class Unknown(msgspec.Struct, frozen=True):
    """Nothing of ours is near: a person answers."""


def decide(ranking: tuple[Ranked, ...]) -> Sure | Unsure | Unknown:
    """Decide what to make of a ranking, best first."""
    if not ranking or ranking[0].score < MAYBE:
        return Unknown()
    if ranking[0].score >= SURE and _leads(ranking):
        return Sure(ranking[0].id)
    return Unsure(tuple(ranked.id for ranked in ranking[:CHOICES] if ranked.score >= MAYBE))


def _leads(ranking: tuple[Ranked, ...]) -> bool:
    """Tell whether no entry of another topic, one that would say something else, is close behind."""
    best = ranking[0]
    return all(_agree(best.topic, other.topic) or best.score >= CLEAR_LEAD * other.score for other in ranking[1:])


def _agree(topic: str, other: str) -> bool:
    pair = {topic, other}
    return topic == other or ("claim" in pair and not CLAIMED_FROM.isdisjoint(pair))
