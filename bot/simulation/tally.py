"""The simulation's own count, taken from what people saw on their phones and never from the database."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from bot.simulation.agent import Agent
from bot.simulation.story import Story
from bot.simulation.worker import Worker
from storage.monitor.ecosystems import ecosystem_of

STAGES = ("started", "consented", "enrolled", "paid")
SEEN = {"started": "started", "consented": "consented", "enrolled": "receipt.enrolled", "paid": "paid.month"}
"""By what somebody knows that they came so far."""
KIND_OF_WAY = {"link": "agent", "qr": "agent", "assisted": "agent", "meeting": "event"}
"""What stands behind each way of coming; the others are called as they are."""


class Day(msgspec.Struct, frozen=True):
    """One day in Jakarta: pages of links opened, chats started, consents, enrolments, first contributions."""

    day: dt.date
    opened: int
    started: int
    consented: int
    enrolled: int
    paid: int


class Agents(msgspec.Struct, frozen=True):
    """Those with a code, those of them by whom somebody enrolled, and those who were refused."""

    registered: int
    active: int
    refused: int


class Tally(msgspec.Struct, frozen=True):
    """What became of everybody. From `savings` (JHT) on those enrolled are counted: by the province of the NIK (two
    digits), ecosystem, occupation, channel, what led them here, and the code of a
    campaign."""

    agents: Agents
    opened: int
    started: int
    consented: int
    enrolled: int
    paid: int
    savings: int
    by_day: tuple[Day, ...]
    by_province: Mapping[str, int]
    by_ecosystem: Mapping[str, int]
    by_occupation: Mapping[str, int]
    by_channel: Mapping[str, int]
    by_source: Mapping[str, int]
    by_campaign: Mapping[str, int]
    paid_by_source: Mapping[str, int]


def tally(agents: Iterable[Agent], workers: Iterable[Worker], opened: Mapping[dt.date, int]) -> Tally:
    """Count what they all saw; `opened` counts the pages of links by day."""
    workers = tuple(workers)
    enrolled, paid = _who_saw(workers, "enrolled"), _who_saw(workers, "paid")
    days = {stage: _days(workers, stage) for stage in STAGES}
    every = sorted(set(opened).union(*days.values()))
    return Tally(
        agents=count_agents(agents, enrolled),
        opened=sum(opened.values()),
        **{stage: sum(days[stage].values()) for stage in STAGES},
        savings=sum(worker.took_savings for worker in enrolled),
        by_day=tuple(Day(day, opened.get(day, 0), **{s: days[s][day] for s in STAGES}) for day in every),
        by_province=_counted(worker.identity.province for worker in enrolled),
        by_ecosystem=_counted(ecosystem_of(worker.trade.occupation) for worker in enrolled),
        by_occupation=_counted(worker.trade.occupation for worker in enrolled),
        by_channel=_counted(worker.phone.address.channel for worker in enrolled),
        by_source=_counted(map(source_of, enrolled)),
        by_campaign=_counted(worker.code for worker in enrolled if source_of(worker) == "campaign"),
        paid_by_source=_counted(map(source_of, paid)),
    )


def count_agents(agents: Iterable[Agent], enrolled: Iterable[Worker]) -> Agents:
    """Count agents by what they were told, and by who came by them and enrolled."""
    agents = tuple(agents)
    bringing = {worker.agent for worker in enrolled if worker.agent and not has_declined(worker.story)}
    return Agents(
        registered=sum(bool(agent.code) for agent in agents),
        active=len(bringing),
        refused=sum("agency.now.refused" in agent.story.seen for agent in agents),
    )


def has_declined(story: Story) -> bool:
    """Tell whether somebody said that they did not come by that agent."""
    return "referral.declined" in story.seen


def source_of(worker: Worker) -> str:
    """What led somebody here: "agent", "event", "campaign", "ad" or "direct"."""
    return "direct" if has_declined(worker.story) else KIND_OF_WAY.get(worker.way, worker.way)


def _who_saw(workers: Iterable[Worker], stage: str) -> tuple[Worker, ...]:
    return tuple(worker for worker in workers if SEEN[stage] in worker.story.seen)


def _days(workers: Iterable[Worker], stage: str) -> Counter[dt.date]:
    return Counter(worker.story.seen[SEEN[stage]] for worker in _who_saw(workers, stage))


def _counted(things: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(things).items()))
