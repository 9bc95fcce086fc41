"""The enrolment backend as Jamin sees it.

`Backend` is what the rest of the shell calls. `client.HttpBackend` speaks to a machine (the reference backend among
them), `manual.ManualBackend` stands for an office where people key hand-offs in.
"""

from __future__ import annotations

from typing import Protocol

from bot.backend.shapes import AnyEvent, EnrolmentState, Order, Outcome, PersonData, Requirements, Terms, Verdict
from conversations.messages import Bill


class Backend(Protocol):
    """What every enrolment backend can be asked.

    A `key` is an idempotency key: the same key with the same data does the work at most once and gives the very same
    answer, so a caller keeps it with the hand-off and retries with it.

    Raises, from every method:
        BackendUnavailable: try again later with the same key.
        BackendRejected: this request will never pass; staff see it.
        BackendUnauthorised: the secret is wrong.
    """

    async def requirements(self) -> Requirements:
        """Return which data the backend needs of every person."""

    async def check_identity(self, data: PersonData, key: str) -> Verdict:
        """Ask whether the data agree with the registry; what the registry holds never comes back."""

    async def enrol(self, order: Order, key: str) -> Outcome:
        """Hand an enrolment off; "waiting" is followed by an event or an operator's record."""

    async def issue_bill(self, reference: str, terms: Terms, key: str) -> Bill | None:
        """Ask for a new bill for somebody enrolled; None means it comes later, as an event or an operator's record."""

    async def enrolment(self, reference: str) -> EnrolmentState | None:
        """Return an enrolment as the backend has it, None where the backend does not know it."""

    async def events(self, after: int) -> tuple[AnyEvent, ...]:
        """Return the next events after a sequence number, oldest first; empty when there are no more."""
