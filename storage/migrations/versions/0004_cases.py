"""Cases: priorities, claims, events, notes, and what they are found by."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0004"
down_revision = "0011"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for column in _columns():
        op.add_column("cases", column)
    # The version before knew one kind of urgency only, and no moment but the opening.
    op.execute("UPDATE cases SET since = opened_at, priority = CASE reason WHEN 'distress' THEN 0 ELSE 2 END")
    op.create_index("cases_by_operator_id", "cases", ["operator_id", "closed_at"])
    op.create_index("cases_by_closed_at", "cases", ["closed_at", "number"])
    op.create_index(
        "cases_open_in_order",
        "cases",
        ["awaits", "priority", "since", "number"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.add_column("enrolments", sa.Column("kpj_index", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("enrolments_by_kpj_index"), "enrolments", ["kpj_index"])
    _events()
    _notes_and_marks()


def _columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("priority", sa.Integer(), server_default="2", nullable=False),
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("agent", sa.Text(), server_default="", nullable=False),
        sa.Column("line", sa.Integer(), server_default="0", nullable=False),
        sa.Column("awaits", sa.Text(), server_default="staff", nullable=False),
        sa.Column("since", Moment(), server_default="0", nullable=False),
        sa.Column("touched_at", Moment(), nullable=True),
        sa.Column("first_answered_at", Moment(), nullable=True),
        sa.Column("overdue_at", Moment(), nullable=True),
        sa.Column("reopened", sa.Integer(), server_default="0", nullable=False),
        sa.Column("mode", sa.Text(), server_default="notes", nullable=False),
        sa.Column("resolution", sa.Text(), server_default="", nullable=False),
        sa.Column("satisfaction", sa.Text(), server_default="", nullable=False),
        sa.Column("satisfaction_why", sa.Text(), server_default="", nullable=False),
    )


def _events() -> None:
    op.create_table(
        "case_events",
        sa.Column("n", SERIAL, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("operator_id", sa.Text(), nullable=True),
        sa.Column("about", sa.Text(), server_default="", nullable=False),
        sa.Column("took", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("case_events_pk")),
    )
    op.create_index("case_events_by_number", "case_events", ["number", "n"])
    op.create_index("case_events_by_kind", "case_events", ["kind", "at"])


def _notes_and_marks() -> None:
    op.create_table(
        "case_notes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("operator_id", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("case_notes_pk")),
    )
    op.create_index(op.f("case_notes_by_number"), "case_notes", ["number"])
    op.create_index(op.f("case_notes_by_chat_id"), "case_notes", ["chat_id"])
    op.create_table(
        "case_marks",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "number", name=op.f("case_marks_pk")),
    )
    op.create_index(op.f("case_marks_by_number"), "case_marks", ["number"])
    op.create_index(op.f("case_marks_by_chat_id"), "case_marks", ["chat_id"])
    op.create_table(
        "case_presence",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("operator_id", sa.Text(), nullable=False),
        sa.Column("typing", sa.Boolean(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("number", "operator_id", name=op.f("case_presence_pk")),
    )
