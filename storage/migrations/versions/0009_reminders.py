"""Reminders as rows, the day a member named for them, and the last month they were planned for."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PLANNED = sa.text("state = 'planned'")


def upgrade() -> None:
    op.add_column("enrolments", sa.Column("payday", sa.Integer(), server_default="0", nullable=False))
    op.add_column("enrolments", sa.Column("reminded", sa.Text(), server_default="", nullable=False))
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


def downgrade() -> None:
    raise NotImplementedError("Jamin's schema only moves forward: expand first, contract later.")
