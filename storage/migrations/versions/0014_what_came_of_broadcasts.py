"""What came of a broadcast is counted from its own rows, not from all of the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BROADCAST = sa.text("lane = 'broadcast'")


def upgrade() -> None:
    op.create_index("outbox_broadcasts", "outbox", ["idempotency"], sqlite_where=BROADCAST, postgresql_where=BROADCAST)


def downgrade() -> None:
    raise NotImplementedError("Jamin's schema only moves forward: expand first, contract later.")
