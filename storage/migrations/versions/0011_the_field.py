"""Agents, their organisations, and the codes of their links."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("organisation_id", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), server_default="", nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("applied_at", Moment(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("agents_pk")),
    )
    op.create_index(op.f("agents_by_chat_id"), "agents", ["chat_id"], unique=False)
    op.create_index(op.f("agents_by_organisation_id"), "agents", ["organisation_id"], unique=False)
    op.create_index(op.f("agents_by_state"), "agents", ["state"], unique=False)
    op.create_table(
        "attributions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("attributions_pk")),
    )
    op.create_index(op.f("attributions_by_chat_id"), "attributions", ["chat_id"], unique=False)
    op.create_index("attributions_by_code", "attributions", ["code", "at"], unique=False)
    op.create_table(
        "codes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("codes_pk")),
    )
    op.create_index(op.f("codes_by_agent_id"), "codes", ["agent_id"], unique=False)
    op.create_table(
        "openings",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("openings_pk")),
    )
    op.create_index("openings_by_code", "openings", ["code", "at"], unique=False)
    op.create_table(
        "organisations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("check_at", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("organisations_pk")),
        sa.UniqueConstraint("name", name=op.f("organisations_name_once")),
    )
    op.create_table(
        "passed_on",
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.Text(), server_default="", nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("code_index", name=op.f("passed_on_pk")),
    )
    op.create_index(op.f("passed_on_by_chat_id"), "passed_on", ["chat_id"], unique=False)
    op.create_index(op.f("passed_on_by_created_at"), "passed_on", ["created_at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Jamin's schema only moves forward: expand first, contract later.")
