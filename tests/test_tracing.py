"""Traces: a span for each batch and each sending, with nothing of anybody."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.tracing import Traces, tracing
from bot.turns import Committed, Taken
from bot.watching import Sent
from conversations.messages import Address

SOMEBODY = Address("telegram", "bot", "628123456789")


@pytest.fixture
def spans() -> InMemorySpanExporter:
    """What was traced."""
    return InMemorySpanExporter()


@pytest.fixture
def traces(spans: InMemorySpanExporter) -> Traces:
    """Traces that are kept in memory."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    return Traces(provider)


def test_a_batch_is_a_span(traces: Traces, spans: InMemorySpanExporter) -> None:
    """It says how many turns had which outcome, takes as long as the batch took, and names nobody."""
    answered = Taken(SOMEBODY, duplicate=False, outcome="answered")
    traces.committed(Committed((answered, answered, Taken(SOMEBODY, duplicate=True)), 0.25))
    [span] = spans.get_finished_spans()
    assert span.attributes == {"jamin.batch.size": 3, "jamin.turns.answered": 2, "jamin.turns.duplicate": 1}
    assert span.start_time is not None
    assert span.end_time == span.start_time + 250_000_000


def test_a_sending_that_failed_is_marked(traces: Traces, spans: InMemorySpanExporter) -> None:
    """An attempt that was refused is an error; one that arrived is none."""
    traces.sent(Sent("telegram", "Message", 1, "done", 0.1))
    traces.sent(Sent("backend", "SubmitEnrolment", 2, "refused", 0.1))
    assert [span.status.is_ok for span in spans.get_finished_spans()] == [True, False]


def test_without_a_collector_nothing_is_traced() -> None:
    """Nobody is told where no collector is set."""
    with tracing("") as watchers:
        assert watchers == ()


def test_spans_leave_for_the_collector_at_the_end() -> None:
    """With a collector set there is who traces; a collector that is away does not keep the program from ending."""
    with tracing("http://127.0.0.1:9/v1/traces") as [watcher]:
        watcher.sent(Sent("telegram", "Message", 1, "done", 0.1))
