"""The job that deletes what was kept for long enough (`storage/retention.py`), little by little, and says how much."""

from __future__ import annotations

import collections
import datetime as dt

import structlog
from prometheus_client import CollectorRegistry, Counter

from bot.turns import Clock
from storage.database import Database
from storage.retention import RULES, purge_some

EVERY = dt.timedelta(hours=1)
MOST = 50
"""Chunks of each rule in a round: 10,000 rows, a quarter of a million a day."""

log = structlog.get_logger(__name__)


class Purging:
    """Deletes what is due once an hour. Several processes may do it at once: what one deleted another finds no more."""

    def __init__(self, database: Database, clock: Clock, registry: CollectorRegistry) -> None:
        self._database = database
        self._clock = clock
        self._next = dt.datetime.min.replace(tzinfo=dt.UTC)
        self._purged = Counter(
            "jamin_purged_rows", "Rows deleted or emptied since their time was up.", ["what"], registry=registry
        )

    async def round(self) -> None:
        """Delete what is due, unless that was done within the hour."""
        now = self._clock()
        if now < self._next:
            return
        self._next = now + EVERY
        for what, rows in (await self._purge(now)).items():
            self._purged.labels(what).inc(rows)
            log.info("purged", what=what, rows=rows)
        await self._database.shorten_log()

    async def _purge(self, now: dt.datetime) -> collections.Counter[str]:
        done: collections.Counter[str] = collections.Counter()
        for _ in range(MOST):
            chunk = {rule.what: await purge_some(self._database, rule, now) for rule in RULES}
            if not any(chunk.values()):
                break
            done += collections.Counter(chunk)
        return done
