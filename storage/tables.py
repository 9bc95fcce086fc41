"""Every table on one page.

Each column says in `info["personal"]` what it holds: "sealed" (ciphertext of something personal), "index" (an HMAC to
look something personal up by), "key" (a wrapped data key: destroying it erases), "clear" (about a person, but from a
closed list, kept for figures) or "none". A test walks this page and fails for a column that does not say.

Moments are microseconds since 1970 in UTC (`Moment`). Chats number what passes in both directions in one sequence,
`line`; (chat_id, line) names a row of `inbound` or of `outbox` before it is inserted, which sealing needs.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def stored(moment: dt.datetime) -> int:
    """Return an aware moment as microseconds since 1970 UTC, the way every table keeps it."""
    return (moment - EPOCH) // _MICROSECOND


def moment(microseconds: int) -> dt.datetime:
    """Return what `stored` stored, in UTC."""
    return EPOCH + dt.timedelta(microseconds=microseconds)


class Moment(sa.types.TypeDecorator[dt.datetime]):
    """An aware moment, kept as an integer so that both databases agree to the microsecond."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> int | None:
        """Store UTC microseconds."""
        return None if value is None else stored(value)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> dt.datetime | None:
        """Read UTC microseconds."""
        return None if value is None else moment(value)


Serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
metadata = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "uq": "%(table_name)s_%(column_0_N_name)s_once",
        "ix": "%(table_name)s_by_%(column_0_N_name)s",
    }
)


def _column(name: str, kind: Any, personal: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, info={"personal": personal}, **{"nullable": False, **options})


def _plain(name: str, kind: Any, **options: Any) -> sa.Column[Any]:
    return _column(name, kind, "none", **options)


def _clear(name: str, kind: Any = sa.Text, **options: Any) -> sa.Column[Any]:
    return _column(name, kind, "clear", **{"server_default": "", **options})


def _sealed(name: str) -> sa.Column[Any]:
    return _column(name, sa.LargeBinary, "sealed", nullable=True)


def _index(name: str, **options: Any) -> sa.Column[Any]:
    return _column(name, sa.LargeBinary, "index", **{"nullable": True, **options})


def _key() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return _plain("key_id", sa.Text), _column("data_key", sa.LargeBinary, "key", nullable=True)


# --- the talk --------------------------------------------------------------------------------------------------------

chats = sa.Table(
    "chats",
    metadata,
    _plain("id", Serial, primary_key=True),
    _plain("ref", sa.Text, unique=True),
    _clear("channel"),
    _plain("bot", sa.Text),
    _index("address_index", unique=True),
    _sealed("address"),
    *_key(),
    _sealed("session"),
    _clear("locale"),
    _clear("flow"),
    _clear("step"),
    _plain("turns", sa.Integer, server_default="0"),
    _plain("lines", sa.Integer, server_default="0"),
    _plain("created_at", Moment),
    _plain("last_in_at", Moment),
    _plain("erased_at", Moment, nullable=True),
    # Rows are updated in every turn: free room on the page keeps those updates off the indexes (HOT).
    postgresql_with={"fillfactor": 70},
)

inbound = sa.Table(
    "inbound",
    metadata,
    _plain("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    _plain("line", sa.Integer, primary_key=True, autoincrement=False),
    _index("source", nullable=False, unique=True),
    _clear("kind"),
    _sealed("payload"),
    _plain("at", Moment),
    _clear("flow"),
    _clear("step"),
    _clear("outcome"),
    _plain("error", sa.Text, nullable=True),
    sa.Index("inbound_by_at", "at"),
    sqlite_with_rowid=False,
)

LIVE = "state IN ('new', 'sending')"
"""Outbox rows still to be delivered, as text: SQLite uses a partial index only for the condition it was made with."""

outbox = sa.Table(
    "outbox",
    metadata,
    _plain("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    _plain("line", sa.Integer, primary_key=True, autoincrement=False),
    _plain("lane", sa.Text),
    _clear("channel"),
    _plain("bot", sa.Text),
    _plain("order_key", sa.Text),
    _plain("idempotency", sa.Text, nullable=True),
    _sealed("payload"),
    _plain("state", sa.Text),
    _plain("attempts", sa.Integer, server_default="0"),
    _plain("created_at", Moment),
    _plain("due_at", Moment),
    _plain("lease_until", Moment, nullable=True),
    _plain("claimed_by", sa.Text, nullable=True),
    _plain("error", sa.Text, nullable=True),
    _plain("done_at", Moment, nullable=True),
    postgresql_with={"fillfactor": 80},
    sqlite_with_rowid=False,
)
sa.Index(
    "outbox_live_by_order",
    outbox.c.chat_id,
    outbox.c.order_key,
    outbox.c.line,
    sqlite_where=sa.text(LIVE),
    postgresql_where=sa.text(LIVE),
)
sa.Index(
    "outbox_live_by_due",
    outbox.c.channel,
    outbox.c.lane,
    outbox.c.due_at,
    sqlite_where=sa.text(LIVE),
    postgresql_where=sa.text(LIVE),
)
sa.Index(
    "outbox_dead_by_created",
    outbox.c.created_at,
    sqlite_where=sa.text("state = 'dead'"),
    postgresql_where=sa.text("state = 'dead'"),
)

# --- the people ------------------------------------------------------------------------------------------------------

people = sa.Table(
    "people",
    metadata,
    _plain("id", sa.Text, primary_key=True),
    _plain("chat_id", sa.BigInteger),
    _plain("number", sa.Integer),
    *_key(),
    _sealed("data"),
    _index("nik_index", index=True),
    _index("phone_index", index=True),
    _clear("occupation"),
    _clear("sector"),
    _clear("regency"),
    _clear("bracket"),
    _clear("programmes"),
    _clear("language"),
    _clear("channel"),
    _clear("agent"),
    _clear("age_band"),
    _plain("created_at", Moment),
    _plain("erased_at", Moment, nullable=True),
    sa.UniqueConstraint("chat_id", "number"),
)

name_words = sa.Table(
    "name_words",
    metadata,
    _index("word_index", nullable=False, primary_key=True),
    _plain("person_id", sa.Text, primary_key=True, index=True),
)

enrolments = sa.Table(
    "enrolments",
    metadata,
    _plain("id", sa.Text, primary_key=True),
    _plain("chat_id", sa.BigInteger, index=True),
    _plain("person_id", sa.Text, index=True),
    _plain("state", sa.Text),
    _sealed("kpj"),
    _sealed("bill"),
    _clear("reason"),
    _clear("base", sa.BigInteger, server_default="0"),
    _clear("programmes"),
    _clear("first"),
    _clear("months", sa.Integer, server_default="0"),
    _clear("payday", sa.Integer, server_default="0"),
    _clear("reminded"),
    _clear("cohort"),
    _plain("created_at", Moment),
    _plain("updated_at", Moment),
)

contributions = sa.Table(
    "contributions",
    metadata,
    _plain("enrolment_id", sa.Text, primary_key=True),
    _clear("month", primary_key=True, server_default=None),
    _plain("paid_at", Moment),
    _index("bill_index"),
)

sa.Index("enrolments_by_cohort", enrolments.c.cohort)

cohorts = sa.Table(
    "cohorts",
    metadata,
    _plain("id", sa.Text, primary_key=True),
    _plain("name", sa.Text),
    _plain("payer", sa.Text),
    _plain("share", sa.Integer),
    _plain("programmes", sa.Text),
    _plain("first", sa.Text),
    _plain("last", sa.Text),
    _plain("quota", sa.Integer),
    _plain("created_at", Moment),
)

cohort_members = sa.Table(
    "cohort_members",
    metadata,
    _index("nik_index", nullable=False, primary_key=True),
    _plain("cohort_id", sa.Text, primary_key=True, index=True),
)

broadcasts = sa.Table(
    "broadcasts",
    metadata,
    _plain("id", sa.Text, primary_key=True),
    _plain("text", sa.Text),
    _plain("audience", sa.LargeBinary),
    _plain("state", sa.Text),
    _plain("due_at", Moment, nullable=True),
    _plain("reached", sa.BigInteger),
    _plain("created_at", Moment),
)

broadcast_chats = sa.Table(
    "broadcast_chats",
    metadata,
    _plain("broadcast_id", sa.Text, primary_key=True),
    _plain("chat_id", sa.BigInteger, primary_key=True, autoincrement=False, index=True),
    _plain("state", sa.Text),
    _plain("told_at", Moment, nullable=True),
)

reminders = sa.Table(
    "reminders",
    metadata,
    _plain("key", sa.Text, primary_key=True),
    _plain("enrolment_id", sa.Text, index=True),
    _plain("chat_id", sa.BigInteger, index=True),
    _plain("person", sa.Integer),
    _clear("month"),
    _clear("moment"),
    _clear("fewer", sa.Boolean, server_default=sa.false()),
    _plain("due_at", Moment),
    _plain("state", sa.Text),
    _plain("reason", sa.Text, server_default=""),
    _plain("price", sa.Integer, server_default="0"),
    _plain("told_at", Moment, nullable=True),
)
PLANNED = "state = 'planned'"
sa.Index(
    "reminders_planned_by_due",
    reminders.c.due_at,
    sqlite_where=sa.text(PLANNED),
    postgresql_where=sa.text(PLANNED),
)

consents = sa.Table(
    "consents",
    metadata,
    _plain("id", Serial, primary_key=True),
    _plain("chat_id", sa.BigInteger, index=True),
    _plain("person", sa.Integer),
    _clear("purpose"),
    _plain("version", sa.Text),
    _clear("given", sa.Boolean, server_default=None),
    _plain("at", Moment),
)

# --- the staff -------------------------------------------------------------------------------------------------------

cases = sa.Table(
    "cases",
    metadata,
    _plain("number", Serial, primary_key=True),
    _plain("id", sa.Text, unique=True),
    _plain("chat_id", sa.BigInteger, index=True),
    _plain("person", sa.Integer),
    _clear("reason"),
    _plain("state", sa.Text),
    _sealed("note"),
    _plain("opened_at", Moment),
    _plain("closed_at", Moment, nullable=True),
    _plain("operator_id", sa.Text, nullable=True),
)
OPEN = "state = 'open'"
sa.Index("cases_open_once", cases.c.chat_id, unique=True, sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN))

operators = sa.Table(
    "operators",
    metadata,
    _plain("id", sa.Text, primary_key=True),
    _plain("name", sa.Text, unique=True),
    _plain("password_hash", sa.Text),
    _plain("role", sa.Text),
    _plain("must_change", sa.Boolean),
    _plain("created_at", Moment),
    _plain("disabled_at", Moment, nullable=True),
)

operator_sessions = sa.Table(
    "operator_sessions",
    metadata,
    _plain("token_digest", sa.LargeBinary, primary_key=True),
    _plain("operator_id", sa.Text, index=True),
    _plain("created_at", Moment),
    _plain("expires_at", Moment),
)

audit = sa.Table(
    "audit",
    metadata,
    _plain("n", Serial, primary_key=True, autoincrement=False),
    _plain("at", Moment),
    _plain("who", sa.Text),
    _plain("act", sa.Text),
    _plain("subject", sa.Text),
    _plain("previous", sa.LargeBinary),
    _plain("digest", sa.LargeBinary),
)

# --- the processes ---------------------------------------------------------------------------------------------------

leases = sa.Table(
    "leases",
    metadata,
    _plain("name", sa.Text, primary_key=True),
    _plain("holder", sa.Text),
    _plain("until", Moment),
)

cursors = sa.Table(
    "cursors",
    metadata,
    _plain("name", sa.Text, primary_key=True),
    _plain("position", sa.BigInteger),
    _plain("at", Moment),
)
