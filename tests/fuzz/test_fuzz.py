"""Nothing a stranger sends breaks what reads it: the kept corpus, and some thousand mutations of it each time."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.mutate import mutated
from tests.fuzz.targets import TARGETS, corpus

ROUNDS = {"readers": 150}
"""Mutations of a target where they are dear."""


@pytest.mark.parametrize("name", TARGETS)
def test_the_kept_corpus_and_its_mutations_break_nothing(name: str) -> None:
    """Each kept input and what a seeded fuzzer makes of it is read or refused, never a fault."""
    feed, kept, dice = TARGETS[name], corpus(name), random.Random(20261121)
    assert len(kept) > 5
    for data in kept:
        feed(data)
    for _ in range(ROUNDS.get(name, 4000)):
        feed(mutated(dice.choice(kept), dice))


@pytest.mark.parametrize("name", sorted(TARGETS.keys() - {"readers"}))
@pytest.mark.parametrize("opened", [b"[", b'{"a":', b'{"t":"text","id":['])
def test_depth_is_refused(name: str, opened: bytes) -> None:
    """What is nested a thousandfold is small to send; it is refused like anything that is no message."""
    TARGETS[name](opened * 3000)


@pytest.mark.parametrize("name", sorted(TARGETS.keys() - {"readers"}))
@settings(max_examples=40)
@given(data=st.binary(max_size=300))
def test_any_bytes_at_all_break_nothing(name: str, data: bytes) -> None:
    """What looks like nothing is refused as well."""
    TARGETS[name](data)
