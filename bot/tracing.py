"""OpenTelemetry traces, where `JAMIN_TRACES_URL` names a collector.

A span for every batch and for every sending, made when it is over: nothing is traced inside a turn, and a span holds
kinds, counts and outcomes, nothing of anybody.
"""

from __future__ import annotations

import collections
import contextlib
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.turns import Committed
from bot.watching import Sent, Watcher

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.util.types import AttributeValue

PACKAGES = "opentelemetry-sdk opentelemetry-exporter-otlp-proto-http"


class TracesError(Exception):
    """Traces are asked for and cannot be made; the message says what to install."""


class Traces:
    """Makes spans of what it is told."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("jamin")

    def committed(self, batch: Committed) -> None:
        """Make the span of a batch: its size, and how many turns had which outcome."""
        outcomes = collections.Counter(taken.outcome for taken in batch.taken)
        counts: dict[str, AttributeValue] = {f"jamin.turns.{outcome}": count for outcome, count in outcomes.items()}
        self._span("batch", batch.seconds, {"jamin.batch.size": len(batch.taken), **counts})

    def sent(self, sent: Sent) -> None:
        """Make the span of an attempt to deliver."""
        said: dict[str, AttributeValue] = {
            "jamin.channel": sent.channel,
            "jamin.kind": sent.kind,
            "jamin.attempt": sent.attempt,
            "jamin.outcome": sent.outcome,
        }
        self._span("send", sent.seconds, said, failed=sent.outcome not in ("done", "held"))

    def _span(self, name: str, seconds: float, said: dict[str, AttributeValue], *, failed: bool = False) -> None:
        from opentelemetry.trace import StatusCode

        end = time.time_ns()
        span = self._tracer.start_span(name, attributes=said, start_time=end - int(seconds * 1e9))
        if failed:
            span.set_status(StatusCode.ERROR)
        span.end(end)


@contextlib.contextmanager
def tracing(url: str) -> Iterator[tuple[Watcher, ...]]:
    """Give who sends traces to the OTLP collector at `url`, nobody for ""; what is left is sent at the end.

    Raises:
        TracesError: the extra `traces` is not installed.
    """
    if not url:
        yield ()
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise TracesError(f"JAMIN_TRACES_URL needs packages: .venv/bin/python -m pip install {PACKAGES}") from None
    provider = TracerProvider(resource=Resource.create({"service.name": "jamin"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    try:
        yield (Traces(provider),)
    finally:
        provider.shutdown()
