"""Who works at the desk: second factors, sessions, tries, claims of work, calls, a trail that only grows."""

import sqlalchemy as sa
from alembic import op

from storage.tables import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_GROWS = """
CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit trail only grows'; END $$
"""
_KEEP = """
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()
"""
_REFUSE = (
    "CREATE TRIGGER audit_no_{act} BEFORE {act} ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END"
)
_STATEMENTS = {
    "sqlite": [_REFUSE.format(act=act) for act in ("UPDATE", "DELETE")],
    "postgresql": [_GROWS, _KEEP],
}


def upgrade() -> None:
    _operators()
    _sessions()
    _work()
    for statement in _STATEMENTS[op.get_bind().dialect.name]:
        op.execute(statement)


def _operators() -> None:
    op.add_column("operators", sa.Column("capacity", sa.Integer(), server_default="8", nullable=False))
    op.add_column("operators", sa.Column("key_id", sa.Text(), server_default="", nullable=False))
    op.add_column("operators", sa.Column("data_key", sa.LargeBinary(), nullable=True))
    op.add_column("operators", sa.Column("totp", sa.LargeBinary(), nullable=True))
    op.add_column("operators", sa.Column("totp_since", Moment(), nullable=True))
    op.add_column("operators", sa.Column("totp_step", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "backup_codes",
        sa.Column("operator_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("operator_id", "digest", name=op.f("backup_codes_pk")),
    )


def _sessions() -> None:
    op.add_column("operator_sessions", sa.Column("seen_at", Moment(), server_default="0", nullable=False))
    op.add_column("operator_sessions", sa.Column("sure_at", Moment(), server_default="0", nullable=False))
    op.add_column("operator_sessions", sa.Column("half", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "tries",
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("full_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("tries_pk")),
    )
    op.create_index(op.f("tries_by_full_at"), "tries", ["full_at"], unique=False)


def _work() -> None:
    op.create_table(
        "work_claims",
        sa.Column("enrolment_id", sa.Text(), nullable=False),
        sa.Column("operator_id", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("work_claims_pk")),
    )
    op.create_index(op.f("work_claims_by_operator_id"), "work_claims", ["operator_id"], unique=False)
    op.create_table(
        "calls",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("told_at", Moment(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "why", name=op.f("calls_pk")),
    )


def downgrade() -> None:
    raise NotImplementedError("Jamin's schema only moves forward: expand first, contract later.")
