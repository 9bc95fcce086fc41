"""Why a chat was handed to people, in words."""

from __future__ import annotations

REASONS = (
    "distress",
    "accident",
    "death",
    "asked",
    "fault",
    "identity",
    "refused",
    "undelivered",
    "eligibility",
    "employer",
    "employer_anonymous",
    "complaint",
    "paid_twice",
    "jht",
)
"""The codes that the core and the shell open cases with; one that is not listed yet is called "other"."""


def reason_key(code: str) -> str:
    """Return the catalogue key of a case's reason."""
    return f"desk.reason.{code if code in REASONS else 'other'}"
