"""An enrolment backend without a machine: people key the hand-offs into the official channel.

Nothing is sent anywhere. A hand-off waits in the operators' work list, and what they record there comes back to the
chat in the same shapes as a machine's answers. Our own tables are the only record, so there is nothing to ask for.
"""

from __future__ import annotations

from bot.backend.shapes import AnyEvent, EnrolmentState, Order, Outcome, PersonData, Requirements, Terms, Verdict
from conversations.messages import Bill


class ManualBackend:
    """A `Backend` whose every answer is: an operator will record it."""

    async def requirements(self) -> Requirements:
        """Return the data an operator needs to key an enrolment in."""
        return Requirements()

    async def check_identity(self, data: PersonData, key: str) -> Verdict:
        """Answer at once that nobody can check now; the operator sees what the official channel says."""
        return Verdict("unavailable")

    async def enrol(self, order: Order, key: str) -> Outcome:
        """Leave the order to the operators."""
        return Outcome("waiting", order.reference)

    async def issue_bill(self, reference: str, terms: Terms, key: str) -> Bill | None:
        """Leave the bill to the operators."""
        return None

    async def enrolment(self, reference: str) -> EnrolmentState | None:
        """Know nothing beyond our own record."""
        return None

    async def events(self, after: int) -> tuple[AnyEvent, ...]:
        """Have nothing to tell that an operator has not recorded."""
        return ()
