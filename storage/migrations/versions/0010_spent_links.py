"""Links that are good once."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spent_links",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("spent_links_pk")),
    )
    op.create_index(op.f("spent_links_by_at"), "spent_links", ["at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Jamin's schema only moves forward: expand first, contract later.")
