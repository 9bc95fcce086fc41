"""When the worker last spoke, what became of deliveries, what they sent, what led them here."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chats", sa.Column("last_said_at", Moment(), nullable=True))
    for name in ("sent_at", "delivered_at", "read_at"):
        op.add_column("outbox", sa.Column(name, Moment(), nullable=True))
    op.create_index(
        "outbox_held_by_created",
        "outbox",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.add_column("people", sa.Column("source", sa.Text(), server_default="", nullable=False))
    op.create_table(
        "media",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "line", name=op.f("media_pk")),
    )
    op.create_index(op.f("media_by_created_at"), "media", ["created_at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Jamin's schema only moves forward: expand first, contract later.")
