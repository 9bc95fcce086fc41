"""What Prometheus reads at `/metrics`: what this process does, and what the database says of all of them.

What a process does is counted as it happens, in memory. What the database says is asked when somebody scrapes, and
kept for a while, so that no number of scrapers costs anything. Labels come from closed lists, never from people.
"""

from __future__ import annotations

import asyncio
import collections
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.turns import Clock, Committed, Turns
from bot.watching import Sent
from storage import figures
from storage.database import Database
from storage.figures import Counted, Slow, Urgent, Waiting

URGENT_KEPT = dt.timedelta(seconds=10)
SLOW_KEPT = dt.timedelta(minutes=5)
"""Walking a million chats takes a database seconds; where people stop does not change by the minute."""
SILENT_AFTER = dt.timedelta(days=1)
"""How long a worker says nothing before the chat counts as stopped."""
PATIENCE = 5.0
"""Seconds the database may take; a scrape then shows what was last known."""

_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)

log = structlog.get_logger(__name__)


class Live:
    """What this process did since it started; its methods are told by turns and senders."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._turns = Counter("jamin_turns", "Incomings taken, by what became of them.", ["outcome"], registry=registry)
        self._sizes = Histogram("jamin_batch_size", "Incomings a batch.", buckets=_SIZES, registry=registry)
        self._commits = Histogram(
            "jamin_commit_seconds", "From a batch's lock to its commit.", buckets=_SECONDS, registry=registry
        )
        self._sendings = Histogram(
            "jamin_send_seconds",
            "One attempt to deliver, the backend's answer included.",
            ["channel", "kind", "outcome"],
            buckets=_SECONDS,
            registry=registry,
        )

    def committed(self, batch: Committed) -> None:
        """Count a batch."""
        self._sizes.observe(len(batch.taken))
        self._commits.observe(batch.seconds)
        for outcome, turns in collections.Counter(taken.outcome for taken in batch.taken).items():
            self._turns.labels(outcome).inc(turns)

    def sent(self, sent: Sent) -> None:
        """Count an attempt to deliver."""
        self._sendings.labels(sent.channel, sent.kind, sent.outcome).observe(sent.seconds)


class Known(NamedTuple):
    """What the database last said, and when it is asked again."""

    urgent: Urgent = Urgent([], [], [])
    slow: Slow = Slow([], [])
    urgent_until: dt.datetime = dt.datetime.min.replace(tzinfo=dt.UTC)
    slow_until: dt.datetime = dt.datetime.min.replace(tzinfo=dt.UTC)


class Stored(Collector):
    """What waits in this process's queue and in the database; `refresh` before collecting."""

    def __init__(self, database: Database, turns: Turns, clock: Clock) -> None:
        self._database = database
        self._turns = turns
        self._clock = clock
        self._known = Known()
        self._asking = asyncio.Lock()

    async def refresh(self) -> None:
        """Ask the database what is no longer known; where it does not answer, what was known stays."""
        async with self._asking:
            try:
                async with asyncio.timeout(PATIENCE):
                    self._known = await self._asked(self._clock())
            except Exception as error:
                log.warning("figures_unknown", error=type(error).__name__)

    async def _asked(self, now: dt.datetime) -> Known:
        known = self._known
        if now < known.urgent_until:
            return known
        async with self._database.read() as connection:
            known = known._replace(urgent=await figures.urgent(connection), urgent_until=now + URGENT_KEPT)
            if now >= known.slow_until:
                slow = await figures.slow(connection, now - SILENT_AFTER)
                known = known._replace(slow=slow, slow_until=now + SLOW_KEPT)
        return known

    def collect(self) -> Iterator[Metric]:
        """Give the families of this moment."""
        now, urgent, slow = self._clock(), self._known.urgent, self._known.slow
        yield _single("jamin_queue_waiting", "Incomings that wait to be taken, in this process.", self._turns.waiting)
        yield _single("jamin_queue_age_seconds", "How long the oldest of them waits.", self._turns.oldest)
        yield from _waiting("jamin_outbox", "Deliveries not yet made", ("channel", "lane"), urgent.deliveries, now)
        yield _counted("jamin_dead_letters", "Deliveries given up; staff see them.", ("channel",), urgent.dead)
        yield from _waiting("jamin_cases", "Chats that wait for staff", ("reason",), urgent.cases, now)
        yield _counted("jamin_enrolments", "Enrolments by where their hand-off stands.", ("state",), slow.enrolments)
        help_ = "Chats silent for a day, by the question they stopped at."
        yield _counted("jamin_chats_stopped", help_, ("flow", "step"), slow.silent)


def _single(name: str, help_: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_, value=value)


def _counted(name: str, help_: str, labels: Sequence[str], rows: Iterable[Counted]) -> Metric:
    family = GaugeMetricFamily(name, help_, labels=labels)
    for row in rows:
        family.add_metric(row.labels, row.rows)
    return family


def _waiting(
    name: str, help_: str, labels: Sequence[str], rows: Sequence[Waiting], now: dt.datetime
) -> Iterator[Metric]:
    yield _counted(f"{name}_waiting", f"{help_}.", labels, (Counted(row.labels, row.rows) for row in rows))
    ages = GaugeMetricFamily(f"{name}_age_seconds", f"{help_}: how long the oldest waits.", labels=labels)
    for row in rows:
        ages.add_metric(row.labels, max(0.0, (now - row.oldest).total_seconds()))
    yield ages


def add_metrics(app: web.Application, registry: CollectorRegistry, stored: Stored) -> None:
    """Add the route that Prometheus scrapes: our figures, and the process's own (memory, descriptors, processor)."""
    registry.register(stored)

    async def metrics(_: web.Request) -> web.Response:
        await stored.refresh()
        body = generate_latest(registry) + generate_latest(REGISTRY)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    app.router.add_get("/metrics", metrics)
