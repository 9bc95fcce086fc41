"""Sessions survive being stored, and those of an older schema are brought up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from conversations import session as sessions
from conversations.session import SCHEMA, Session, decode, encode, fresh
from tests.chat import Chat, to_review

SAMPLES = sorted((Path(__file__).parent / "samples").glob("session-*.json"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda f: f.stem)
def test_a_kept_sample_is_still_read(sample: Path) -> None:
    """A session stored under any schema so far is read with all its people and answers."""
    read = decode(sample.read_bytes())
    assert read.people[0].answers["name"] == "Budi Santoso"
    assert read.people[0].enrolment is not None


def test_there_is_a_sample_of_the_present_schema() -> None:
    """Each schema leaves a sample behind."""
    assert f"session-{SCHEMA}" in {sample.stem for sample in SAMPLES}


def test_a_session_is_read_as_it_was_stored() -> None:
    """Storing and reading a session changes nothing."""
    chat = to_review(Chat())
    chat.tap("Benar, daftarkan")
    chat.happen("accepted")
    chat.happen("paid")
    assert decode(encode(chat.session)) == chat.session


def test_an_older_session_passes_one_upcaster_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """An old session is brought up to date step by step, even where a field changed its type."""

    def first(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "schema": SCHEMA - 1, "seed": f"seed-{raw['seed']}"}

    def second(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "schema": SCHEMA, "seed": raw["seed"].upper()}

    monkeypatch.setattr(sessions, "UPCASTERS", {SCHEMA - 2: first, SCHEMA - 1: second})
    assert decode(msgspec.json.encode({"schema": SCHEMA - 2, "seed": 7})) == fresh(seed="SEED-7")


def test_a_newer_session_is_read_as_far_as_it_is_known() -> None:
    """During an upgrade the older version reads what the newer one stored."""
    newer = {"schema": SCHEMA + 1, "seed": "s", "mood": "good"}
    assert decode(msgspec.json.encode(newer)) == Session(SCHEMA + 1, seed="s")


@pytest.mark.parametrize("stored", [b"", b"{}", b"[]", b'{"schema": "x"}', b'{"schema": 1, "people": 3}'])
def test_anything_else_is_refused(stored: bytes) -> None:
    """What is no session is refused, never guessed at."""
    with pytest.raises(msgspec.DecodeError):
        decode(stored)
