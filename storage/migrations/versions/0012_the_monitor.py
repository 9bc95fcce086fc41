"""What the monitor reads: tallies by day, the days to be counted anew, targets."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("day", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("kind", "day", "key", name="tallies_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "touched",
        sa.Column("n", _SERIAL, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("n", name="touched_pk"),
    )
    op.create_index("touched_by_day", "touched", ["day"])
    op.create_table(
        "targets",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="targets_pk"),
    )
    op.create_index("enrolments_by_created_at", "enrolments", ["created_at"])
    op.create_index("openings_by_at", "openings", ["at"])
    # What is stored already is counted in the first round.
    op.execute("INSERT INTO touched (day) SELECT DISTINCT (created_at + 25200000000) / 86400000000 FROM enrolments")


def downgrade() -> None:
    raise NotImplementedError("Jamin's schema only moves forward: expand first, contract later.")
