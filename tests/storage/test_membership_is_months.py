"""A membership is stored once: as the months that were paid."""

from __future__ import annotations

from conversations.programmes.membership import Membership
from conversations.session import Enrolment
from storage.tables import contributions, metadata

STATES = ("standing", "membership", "inactive", "arrears", "lapse", "covered", "paid_until", "owed")
"""Words for what follows from the months."""


def test_no_table_keeps_what_follows_from_the_months() -> None:
    """Months are rows; no column anywhere holds the state of a membership, its arrears or its lapse."""
    columns = [f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.c]
    assert [name for name in columns if any(word in name for word in STATES)] == []
    assert set(contributions.c.keys()) == {"enrolment_id", "month", "paid_at", "bill_index"}


def test_the_session_keeps_only_the_months() -> None:
    """What a chat holds of a membership are its paid months; the rest is worked out each time."""
    assert set(Enrolment.__struct_fields__) & set(Membership.__struct_fields__) <= {"state"}
    assert "paid" in Enrolment.__struct_fields__
