"""Reminders as rows and what they depend on; cohorts of sponsors; broadcasts."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0009"
down_revision = "0006"
branch_labels = None
depends_on = None

PLANNED = sa.text("state = 'planned'")


def upgrade() -> None:
    op.add_column("enrolments", sa.Column("payday", sa.Integer(), server_default="0", nullable=False))
    op.add_column("enrolments", sa.Column("reminded", sa.Text(), server_default="", nullable=False))
    op.add_column("enrolments", sa.Column("cohort", sa.Text(), server_default="", nullable=False))
    op.create_index("enrolments_by_cohort", "enrolments", ["cohort"])
    add_cohorts()
    add_reminders()
    add_broadcasts()


def add_cohorts() -> None:
    op.create_table(
        "cohorts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("programmes", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("cohorts_pk")),
    )
    op.create_table(
        "cohort_members",
        sa.Column("nik_index", sa.LargeBinary(), nullable=False),
        sa.Column("cohort_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("nik_index", "cohort_id", name=op.f("cohort_members_pk")),
    )
    op.create_index(op.f("cohort_members_by_cohort_id"), "cohort_members", ["cohort_id"])


def add_reminders() -> None:
    op.create_table(
        "reminders",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("enrolment_id", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("month", sa.Text(), server_default="", nullable=False),
        sa.Column("moment", sa.Text(), server_default="", nullable=False),
        sa.Column("fewer", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("price", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("reminders_pk")),
    )
    op.create_index(op.f("reminders_by_enrolment_id"), "reminders", ["enrolment_id"])
    op.create_index(op.f("reminders_by_chat_id"), "reminders", ["chat_id"])
    op.create_index("reminders_planned_by_due", "reminders", ["due_at"], sqlite_where=PLANNED, postgresql_where=PLANNED)


def add_broadcasts() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("reached", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("broadcasts_pk")),
    )
    op.create_table(
        "broadcast_chats",
        sa.Column("broadcast_id", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("told_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("broadcast_id", "chat_id", name=op.f("broadcast_chats_pk")),
    )
    op.create_index(op.f("broadcast_chats_by_chat_id"), "broadcast_chats", ["chat_id"])


def downgrade() -> None:
    raise NotImplementedError("Jamin's schema only moves forward: expand first, contract later.")
