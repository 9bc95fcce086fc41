"""Up to where another system's news were read."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0008"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cursors",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("cursors_pk")),
    )


def downgrade() -> None:
    raise NotImplementedError("Jamin's schema only moves forward: expand first, contract later.")
