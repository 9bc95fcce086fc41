"""Chats may go on in another channel."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "moves",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=True),
        sa.Column("shown_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.Column("from_channel", sa.Text(), server_default="", nullable=False),
        sa.Column("to_channel", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("moves_pk")),
        sa.UniqueConstraint("code_index", name=op.f("moves_code_index_once")),
    )
    op.create_index(op.f("moves_by_chat_id"), "moves", ["chat_id"], unique=False)
