"""Facts and what may be told."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

from conversations import programmes
from conversations.programmes.fact import STRENGTH, Fact, conclude


def _facts_in(value: object) -> Iterator[Fact[object]]:
    """Find the facts in a module's value, in tables too."""
    if isinstance(value, Fact):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        for part in value:
            yield from _facts_in(part)
    elif isinstance(value, dict):
        yield from _facts_in(list(value.values()))


def _all_facts() -> list[Fact[object]]:
    """Find the facts of all modules of the programmes."""
    modules = (
        importlib.import_module(f"{programmes.__name__}.{m.name}") for m in pkgutil.iter_modules(programmes.__path__)
    )
    return [fact for module in modules for value in vars(module).values() for fact in _facts_in(value)]


def test_every_fact_has_source_and_confidence() -> None:
    """No amount or rule stands in the tables without a source and a confidence that may be told."""
    facts = _all_facts()
    assert len(facts) > 100
    for fact in facts:
        assert fact.source.strip()
        assert fact.confidence in STRENGTH
        assert fact.confidence != "G"
        assert fact.until is None or fact.since <= fact.until


@pytest.mark.parametrize("confidence", ["G", "C-1", "", "c-5"])
def test_unverified_fact_cannot_be_made(confidence: str) -> None:
    """What nobody verified cannot even be written down as a fact."""
    with pytest.raises(ValueError, match="may not be told"):
        Fact(1, "somebody", confidence)


def test_fact_without_source_cannot_be_made() -> None:
    """A fact names its source."""
    with pytest.raises(ValueError, match="source"):
        Fact(1, " ", "C-5")


@pytest.mark.parametrize(
    ("confidence", "plain"), [("C-6", True), ("C-2", True), ("OWN", True), ("S", False), ("CALC", False)]
)
def test_plain_from_two_sources_on(confidence: str, plain: bool) -> None:
    """Two independent sources, or our own decision, may be told plainly."""
    assert Fact(1, "somebody", confidence).plain is plain


def test_conclusion_is_as_weak_as_its_weakest_ground() -> None:
    """A conclusion takes the lowest confidence, every source once, and the days on which all grounds hold."""
    one = Fact(1, "one", "C-5", since=dt.date(2026, 1, 1), until=dt.date(2026, 12, 31))
    two = Fact(2, "two", "S", since=dt.date(2026, 4, 1))
    assert conclude(3, one, two, one) == Fact(3, "one; two", "S", dt.date(2026, 4, 1), dt.date(2026, 12, 31))
