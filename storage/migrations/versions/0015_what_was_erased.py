"""Which chats were erased, and messages taken whose words are gone found by their age."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ERASED = sa.text("payload IS NULL")


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("erasures_pk")),
    )
    op.create_index(op.f("erasures_by_at"), "erasures", ["at"], unique=False)
    op.create_index("inbound_erased_by_at", "inbound", ["at"], sqlite_where=ERASED, postgresql_where=ERASED)


def downgrade() -> None:
    raise NotImplementedError("Jamin's schema only moves forward: expand first, contract later.")
