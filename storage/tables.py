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
    _plain("last_said_at", Moment, nullable=True),
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
    sa.Index(
        "inbound_erased_by_at",
        "at",
        sqlite_where=sa.text("payload IS NULL"),
        postgresql_where=sa.text("payload IS NULL"),
    ),
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
    _plain("sent_at", Moment, nullable=True),
    _plain("delivered_at", Moment, nullable=True),
    _plain("read_at", Moment, nullable=True),
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

BROADCAST = "lane = 'broadcast'"
"""Outbox rows of broadcasts, as text: SQLite uses a partial index only for the condition it was made with."""
sa.Index(
    "outbox_broadcasts",
    outbox.c.idempotency,
    sqlite_where=sa.text(BROADCAST),
    postgresql_where=sa.text(BROADCAST),
)

sa.Index(
    "outbox_held_by_created",
    outbox.c.created_at,
    sqlite_where=sa.text("state = 'held'"),
    postgresql_where=sa.text("state = 'held'"),
)

media = sa.Table(
    "media",
    metadata,
    _plain("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
    _plain("line", sa.Integer, primary_key=True, autoincrement=False),
    _clear("kind"),
    _plain("size", sa.Integer),
    _sealed("content"),
    _plain("created_at", Moment, index=True),
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
    _clear("source"),
    _clear("age_band"),
    _plain("created_at", Moment),
    _plain("erased_at", Moment, nullable=True),
    sa.UniqueConstraint("chat_id", "number"),
    sa.Index("people_by_agent", "agent"),
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
    _index("kpj_index", index=True),
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
sa.Index("enrolments_by_created_at", enrolments.c.created_at)

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

moves = sa.Table(
    "moves",
    metadata,
    _plain("id", Serial, primary_key=True),
    _plain("chat_id", sa.BigInteger, index=True),
    _index("code_index", unique=True),
    _plain("shown_at", Moment),
    _plain("expires_at", Moment),
    _plain("used_at", Moment, nullable=True),
    _clear("from_channel"),
    _clear("to_channel"),
)
"""Codes shown for going on elsewhere, one a row, and what became of them."""

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
    _clear("priority", sa.Integer, server_default="2"),
    _clear("region"),
    _clear("agent"),
    _plain("line", sa.Integer, server_default="0"),
    _plain("awaits", sa.Text, server_default="staff"),
    _plain("since", Moment, server_default="0"),
    _plain("touched_at", Moment, nullable=True),
    _plain("first_answered_at", Moment, nullable=True),
    _plain("overdue_at", Moment, nullable=True),
    _plain("reopened", sa.Integer, server_default="0"),
    _plain("mode", sa.Text, server_default="notes"),
    _clear("resolution"),
    _clear("satisfaction"),
    _clear("satisfaction_why"),
    sa.Index("cases_by_operator_id", "operator_id", "closed_at"),
    sa.Index("cases_by_closed_at", "closed_at", "number"),
)
OPEN = "state = 'open'"
"""Cases that are not closed, as text: SQLite uses a partial index only for the condition it was made with."""
sa.Index("cases_open_once", cases.c.chat_id, unique=True, sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN))
sa.Index(
    "cases_open_in_order",
    cases.c.awaits,
    cases.c.priority,
    cases.c.since,
    cases.c.number,
    sqlite_where=sa.text(OPEN),
    postgresql_where=sa.text(OPEN),
)

case_events = sa.Table(
    "case_events",
    metadata,
    _plain("n", Serial, primary_key=True),
    _plain("number", sa.BigInteger),
    _plain("chat_id", sa.BigInteger),
    _plain("kind", sa.Text),
    _plain("at", Moment),
    _plain("operator_id", sa.Text, nullable=True),
    _clear("about"),
    _plain("took", sa.Integer, nullable=True),
    sa.Index("case_events_by_number", "number", "n"),
    sa.Index("case_events_by_kind", "kind", "at"),
)

case_notes = sa.Table(
    "case_notes",
    metadata,
    _plain("id", sa.Text, primary_key=True),
    _plain("number", sa.BigInteger, index=True),
    _plain("chat_id", sa.BigInteger, index=True),
    _plain("operator_id", sa.Text),
    _plain("at", Moment),
    _sealed("text"),
)

case_marks = sa.Table(
    "case_marks",
    metadata,
    _index("mark", nullable=False, primary_key=True),
    _plain("number", sa.BigInteger, primary_key=True, autoincrement=False, index=True),
    _plain("chat_id", sa.BigInteger, index=True),
)

case_presence = sa.Table(
    "case_presence",
    metadata,
    _plain("number", sa.BigInteger, primary_key=True, autoincrement=False),
    _plain("operator_id", sa.Text, primary_key=True),
    _plain("typing", sa.Boolean),
    _plain("until", Moment),
)

drafts = sa.Table(
    "drafts",
    metadata,
    _plain("number", sa.BigInteger, primary_key=True, autoincrement=False),
    _plain("operator_id", sa.Text, primary_key=True),
    _plain("chat_id", sa.BigInteger, index=True),
    _sealed("text"),
    _plain("at", Moment),
)

canned_replies = sa.Table(
    "canned_replies",
    metadata,
    _plain("id", sa.Text, primary_key=True),
    _plain("title", sa.Text),
    _plain("words", sa.Text),
    _plain("by", sa.Text),
    _plain("at", Moment),
    _plain("removed_at", Moment, nullable=True),
)

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
    _plain("capacity", sa.Integer, server_default="8"),
    _plain("key_id", sa.Text, server_default=""),
    _column("data_key", sa.LargeBinary, "key", nullable=True),
    _sealed("totp"),
    _plain("totp_since", Moment, nullable=True),
    _plain("totp_step", sa.BigInteger, server_default="0"),
)

backup_codes = sa.Table(
    "backup_codes",
    metadata,
    _plain("operator_id", sa.Text, primary_key=True),
    _plain("digest", sa.LargeBinary, primary_key=True),
)

operator_sessions = sa.Table(
    "operator_sessions",
    metadata,
    _plain("token_digest", sa.LargeBinary, primary_key=True),
    _plain("operator_id", sa.Text, index=True),
    _plain("created_at", Moment),
    _plain("expires_at", Moment),
    _plain("seen_at", Moment, server_default="0"),
    _plain("sure_at", Moment, server_default="0"),
    _plain("half", sa.Boolean, server_default=sa.false()),
)

tries = sa.Table(
    "tries",
    metadata,
    _index("what", nullable=False, primary_key=True),
    _plain("full_at", Moment, index=True),
)

work_claims = sa.Table(
    "work_claims",
    metadata,
    _plain("enrolment_id", sa.Text, primary_key=True),
    _plain("operator_id", sa.Text, index=True),
    _plain("since", Moment),
    _plain("until", Moment),
)

calls = sa.Table(
    "calls",
    metadata,
    _plain("case_id", sa.Text, primary_key=True),
    _plain("why", sa.Text, primary_key=True),
    _plain("at", Moment),
    _plain("attempts", sa.Integer, server_default="0"),
    _plain("due_at", Moment),
    _plain("told_at", Moment, nullable=True),
    _plain("error", sa.Text, nullable=True),
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

# --- the field -------------------------------------------------------------------------------------------------------

organisations = sa.Table(
    "organisations",
    metadata,
    _plain("id", sa.Text, primary_key=True),
    _plain("kind", sa.Text),
    _plain("name", sa.Text, unique=True),
    _plain("area", sa.Text),
    _plain("check_at", sa.Text),
    _plain("created_at", Moment),
    _plain("closed_at", Moment, nullable=True),
    _plain("per_enrolment", sa.BigInteger, nullable=True),
    _plain("per_payment", sa.BigInteger, nullable=True),
)

agents = sa.Table(
    "agents",
    metadata,
    _plain("id", sa.Text, primary_key=True),
    _plain("chat_id", sa.BigInteger, nullable=True, index=True),
    _plain("organisation_id", sa.Text, nullable=True, index=True),
    _clear("role"),
    _plain("state", sa.Text, index=True),
    _clear("area"),
    *_key(),
    _sealed("data"),
    _sealed("reason"),
    _sealed("photo"),
    _plain("applied_at", Moment),
    _plain("decided_at", Moment, nullable=True),
    _plain("decided_by", sa.Text, nullable=True),
)

codes = sa.Table(
    "codes",
    metadata,
    _plain("code", sa.Text, primary_key=True),
    _plain("kind", sa.Text),
    _plain("agent_id", sa.Text, nullable=True, index=True),
    _plain("title", sa.Text, server_default=""),
    _sealed("label"),
    _plain("created_at", Moment),
    _plain("ends_at", Moment, nullable=True),
)

openings = sa.Table(
    "openings",
    metadata,
    _plain("n", Serial, primary_key=True),
    _plain("code", sa.Text),
    _plain("at", Moment),
    _index("source"),
    sa.Index("openings_by_code", "code", "at"),
    sa.Index("openings_by_at", "at"),
)

attributions = sa.Table(
    "attributions",
    metadata,
    _plain("id", Serial, primary_key=True),
    _plain("chat_id", sa.BigInteger, index=True),
    _clear("code"),
    _plain("kept", sa.Boolean),
    _plain("at", Moment),
    sa.Index("attributions_by_code", "code", "at"),
)

passed_on = sa.Table(
    "passed_on",
    metadata,
    _index("code_index", nullable=False, primary_key=True),
    _plain("chat_id", sa.BigInteger, index=True),
    _clear("agent"),
    *_key(),
    _sealed("data"),
    _plain("created_at", Moment, index=True),
)

signed_forms = sa.Table(
    "signed_forms",
    metadata,
    _plain("id", sa.Text, primary_key=True),
    _plain("chat_id", sa.BigInteger, index=True),
    _clear("agent"),
    _plain("state", sa.Text, index=True),
    _plain("line", sa.Integer, nullable=True),
    _plain("person_chat_id", sa.BigInteger, nullable=True, index=True),
    *_key(),
    _sealed("data"),
    _sealed("photo"),
    _plain("created_at", Moment),
    _plain("sent_at", Moment, nullable=True),
    _plain("decided_at", Moment, nullable=True),
    _plain("decided_by", sa.Text, nullable=True),
)

nudges = sa.Table(
    "nudges",
    metadata,
    _plain("id", Serial, primary_key=True),
    _plain("chat_id", sa.BigInteger, index=True),
    _plain("person", sa.Integer),
    _clear("code"),
    _plain("at", Moment),
)

# --- the monitor -----------------------------------------------------------------------------------------------------

tallies = sa.Table(
    "tallies",
    metadata,
    _plain("kind", sa.Text, primary_key=True),
    _plain("day", sa.Integer, primary_key=True, autoincrement=False),
    _plain("key", sa.Text, primary_key=True),
    _plain("n", sa.BigInteger),
    sqlite_with_rowid=False,
)
"""How many enrolments of a day there are of a kind; days are counted from 1 January 1970 in Jakarta."""

touched = sa.Table(
    "touched",
    metadata,
    _plain("n", Serial, primary_key=True),
    _plain("day", sa.Integer, index=True),
)
"""Days whose tallies must be made anew, as often as something of them changed."""

targets = sa.Table(
    "targets",
    metadata,
    _plain("name", sa.Text, primary_key=True),
    _plain("value", sa.BigInteger),
    _plain("at", Moment),
)

# --- links that are good once ----------------------------------------------------------------------------------------

spent_links = sa.Table(
    "spent_links",
    metadata,
    _plain("digest", sa.LargeBinary, primary_key=True),
    _plain("at", Moment, index=True),
)

# --- what was erased -----------------------------------------------------------------------------------------------

erasures = sa.Table(
    "erasures",
    metadata,
    _plain("digest", sa.LargeBinary, primary_key=True),
    _plain("at", Moment, index=True),
)
"""Chats that were erased, by a digest of our own reference: to be erased again where an old backup was restored."""

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
