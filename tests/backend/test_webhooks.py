"""Signed webhooks."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backend import codec
from bot.backend.errors import BadEvent, BadSignature
from bot.backend.shapes import Refused
from bot.backend.webhooks import parse_event, sign, verify
from tests.backend.running import NOON, SECRET

BODY = codec.encode(Refused("e1", 7, "r1", NOON, reason="age"))


@given(body=st.binary(max_size=200), late=st.integers(-300, 300))
def test_a_signature_holds_for_five_minutes(body: bytes, late: int) -> None:
    """What was signed with the secret is taken as long as the clocks differ by no more than the tolerance."""
    verify(SECRET, sign(SECRET, body, NOON), body, NOON + dt.timedelta(seconds=late))


@pytest.mark.parametrize("late", [301, -301, 86_400])
def test_an_old_webhook_is_not_taken_again(late: int) -> None:
    """A recorded webhook played outside the tolerance is refused."""
    with pytest.raises(BadSignature, match="old"):
        verify(SECRET, sign(SECRET, BODY, NOON), BODY, NOON + dt.timedelta(seconds=late))


def test_a_signature_cannot_be_made_younger() -> None:
    """The moment is signed too: another moment on the same signature is refused."""
    later = NOON + dt.timedelta(hours=1)
    young = sign(SECRET, BODY, NOON).replace(str(int(NOON.timestamp())), str(int(later.timestamp())))
    with pytest.raises(BadSignature, match="wrong"):
        verify(SECRET, young, BODY, later)


@pytest.mark.parametrize(
    ("signed_with", "body"), [("another secret", BODY), (SECRET, BODY.replace(b"age", b"ega"))], ids=["secret", "body"]
)
def test_a_forged_webhook_is_refused(signed_with: str, body: bytes) -> None:
    """Another secret or another body makes another signature."""
    with pytest.raises(BadSignature, match="wrong"):
        verify(SECRET, sign(signed_with, BODY, NOON), body, NOON)


@pytest.mark.parametrize("header", [None, "", "v1=00", "t=1,v1=xyz", "t=1,v1=" + "0" * 64 + ",v1=" + "0" * 64])
def test_a_webhook_without_a_signature_is_refused(header: str | None) -> None:
    """A header that is missing or written otherwise is no signature."""
    with pytest.raises(BadSignature, match="missing"):
        verify(SECRET, header, BODY, NOON)


def test_an_empty_secret_signs_nothing() -> None:
    """A secret that was not set cannot be used by mistake."""
    with pytest.raises(ValueError, match="secret"):
        verify("", "t=1,v1=" + "0" * 64, BODY, NOON)


def test_an_event_reads_as_its_kind() -> None:
    """A body of the contract becomes the event it tells of."""
    assert parse_event(BODY) == Refused("e1", 7, "r1", NOON, reason="age")


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"[" * 5000, BODY.replace(b"enrolment.refused", b"x"), b"{}"])
def test_another_body_is_no_event(body: bytes) -> None:
    """A body that is not an event of the contract is refused, not guessed at."""
    with pytest.raises(BadEvent):
        parse_event(body)
