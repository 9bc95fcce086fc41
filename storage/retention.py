"""How long each table keeps what: one table of rules, and the deletion of what is due, in small batches.

What is due is found in a transaction that only reads, then deleted by its keys in a short one that locks the chats
concerned first, in the order turns lock them (law 11): nobody's turn waits for a search through years of rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations import retention as days
from conversations.assistance import GOOD_FOR
from conversations.messages import Left
from conversations.months import Month
from storage import tables as t
from storage.database import Database
from storage.fairness import LOOK_BACK
from storage.forms import OPEN
from storage.tables import chats

CHUNK = 200
"""Rows a transaction."""

_NOT_LEFT = t.inbound.c.kind != str(Left.__struct_config__.tag)
"""That somebody left a shared device keeps reminders away for good."""

Due = Callable[[dt.datetime], sa.Select[Any]]
"""Gives the primary keys of the rows whose time was up at a moment."""


class Rule(NamedTuple):
    """How long `tables` keep what they hold. `days` is None for as long as there is an installation. `due` finds what
    this file deletes from the first table; without it `why` says who does. Columns that `clears` names are emptied
    instead. `what` is a label of figures and logs."""

    what: str
    tables: tuple[sa.Table, ...]
    days: int | None
    why: str
    due: Due | None = None
    clears: tuple[str, ...] = ()


def _older(table: sa.Table, since: str, *only: sa.ColumnElement[bool]) -> Due:
    """Rows whose moment `since` was before the given one."""
    return lambda before: sa.select(*table.primary_key.columns).where(table.c[since] < before, *only)


def _settled(before: dt.datetime) -> sa.ColumnElement[bool]:
    """What was said before a moment and waits for nothing any more."""
    return (t.outbox.c.created_at < before) & t.outbox.c.state.not_in(("new", "sending", "held"))


def _old_replies(before: dt.datetime) -> sa.Select[Any]:
    """Replies of the chats with the oldest messages: `outbox` is found by its chats, it has no order of time."""
    oldest = sa.select(t.inbound.c.chat_id).where(t.inbound.c.at < before, _NOT_LEFT).order_by(t.inbound.c.at)
    oldest = oldest.limit(CHUNK)
    return sa.select(t.outbox.c.chat_id, t.outbox.c.line).where(t.outbox.c.chat_id.in_(oldest), _settled(before))


def _old_messages(before: dt.datetime) -> sa.Select[Any]:
    """The oldest messages whose chats have no old replies left, which would be found by nobody without them."""
    replies = sa.exists().where(t.outbox.c.chat_id == t.inbound.c.chat_id, _settled(before))
    old = sa.select(t.inbound.c.chat_id, t.inbound.c.line).where(t.inbound.c.at < before, _NOT_LEFT, ~replies)
    return old.order_by(t.inbound.c.at)


def _of_closed(table: sa.Table) -> Due:
    """Rows that belong to cases closed before the given moment."""
    closed = sa.select(t.cases.c.number)
    return lambda before: sa.select(*table.primary_key.columns).where(
        table.c.number.in_(closed.where(t.cases.c.closed_at < before))
    )


def _past_sponsored(before: dt.datetime) -> sa.Select[Any]:
    """Places of sponsors whose last month was before the given moment's."""
    over = sa.select(t.cohorts.c.id).where(t.cohorts.c.last < str(Month.of(before)))
    return sa.select(*t.cohort_members.primary_key.columns).where(t.cohort_members.c.cohort_id.in_(over))


def _unsigned(before: dt.datetime) -> sa.Select[Any]:
    """Forms that nobody sent a photo of since a moment, nor another one where that was asked for."""
    awaited = sa.func.coalesce(t.signed_forms.c.decided_at, t.signed_forms.c.created_at)
    return sa.select(t.signed_forms.c.id).where(t.signed_forms.c.state == OPEN, awaited < before)


BY_TURN = "forgotten in a turn of its own (`conversations/events.py` `draft_expired`)"
NOBODY = "about nobody who writes to us; "

RULES: tuple[Rule, ...] = (
    Rule("drafts", (t.chats,), days.DRAFT_DAYS, f"told before the consent; {BY_TURN}"),
    Rule(
        "enrolments",
        (t.people, t.name_words, t.enrolments, t.contributions),
        days.MEMBER_DAYS,
        f"a family's claim may come years after the last month of cover; {BY_TURN}; what is clear stays for figures",
    ),
    Rule("replies", (t.outbox,), days.TRANSCRIPT_DAYS, "a complaint may come months later", _old_replies),
    Rule("messages", (t.inbound,), days.TRANSCRIPT_DAYS, "a complaint may come months later", _old_messages),
    Rule(
        "taken ids",
        (t.inbound,),
        days.TAKEN_DAYS,
        "messengers bring a message again for up to a week (WhatsApp's webhooks)",
        _older(t.inbound, "at", t.inbound.c.payload.is_(None), _NOT_LEFT),
    ),
    Rule("media", (t.media,), days.MEDIA_DAYS, "staff have looked by then", _older(t.media, "created_at")),
    Rule(
        "codes for moving",
        (t.moves,),
        1,
        "a code is good for minutes; that a chat moved stays",
        _older(t.moves, "expires_at", t.moves.c.code_index.is_not(None)),
        ("code_index",),
    ),
    Rule(
        "passed on",
        (t.passed_on,),
        GOOD_FOR.days,
        "what an agent filled in and nobody took over",
        _older(t.passed_on, "created_at"),
    ),
    Rule(
        "reminders",
        (t.reminders,),
        days.REMINDER_DAYS,
        "who was told what, for caps and complaints",
        _older(t.reminders, "due_at", t.reminders.c.state != "planned"),
    ),
    Rule(
        "news",
        (t.broadcast_chats,),
        days.REMINDER_DAYS,
        "who was told what",
        _older(t.broadcast_chats, "told_at"),
    ),
    Rule("case notes", (t.case_notes,), days.CASE_DAYS, "the case may come back", _of_closed(t.case_notes)),
    Rule("case marks", (t.case_marks,), days.CASE_DAYS, "the case may come back", _of_closed(t.case_marks)),
    Rule("case drafts", (t.drafts,), 1, "a closed case is not written to", _of_closed(t.drafts)),
    Rule(
        "case tellings",
        (t.cases,),
        days.CASE_DAYS,
        "the case may come back; what is clear stays for figures",
        _older(t.cases, "closed_at", t.cases.c.note.is_not(None)),
        ("note",),
    ),
    Rule("case events", (t.case_events,), days.FIGURE_DAYS, "the desk's figures", _older(t.case_events, "at")),
    Rule("openings", (t.openings,), days.FIGURE_DAYS, "an agent's figures", _older(t.openings, "at")),
    Rule(
        "places of openings",
        (t.openings,),
        LOOK_BACK.days,
        "what looks odd in the field is looked for that far back",
        _older(t.openings, "at", t.openings.c.source.is_not(None)),
        ("source",),
    ),
    Rule("unsigned forms", (t.signed_forms,), days.FORM_DAYS, "the photo may still come", _unsigned),
    Rule("nudges", (t.nudges,), days.REMINDER_DAYS, "who was told what", _older(t.nudges, "at")),
    Rule("sponsored", (t.cohort_members,), days.SPONSOR_DAYS, "the sponsor's report", _past_sponsored),
    Rule("calls", (t.calls,), days.CALL_DAYS, "why nobody came", _older(t.calls, "at")),
    Rule("links", (t.spent_links,), days.SPENT_DAYS, "a link lives an hour", _older(t.spent_links, "at")),
    Rule("tries", (t.tries,), days.SPENT_DAYS, "full again long before", _older(t.tries, "full_at")),
    Rule("claims", (t.work_claims,), days.SPENT_DAYS, "over", _older(t.work_claims, "until")),
    Rule("looks", (t.case_presence,), days.SPENT_DAYS, "over", _older(t.case_presence, "until")),
    Rule(
        "sign-ins",
        (t.operator_sessions,),
        days.SPENT_DAYS,
        "over",
        _older(t.operator_sessions, "expires_at"),
    ),
    Rule(
        "erasures",
        (t.erasures,),
        days.ERASURE_DAYS,
        "played again after an old backup was restored",
        _older(t.erasures, "at"),
    ),
    Rule("audit", (t.audit,), None, "a trail that can be cut proves nothing; names staff and our own numbers only"),
    Rule("consents", (t.consents,), None, "that consent was given must be shown (UU 27/2022, article 24); no name"),
    Rule("moves", (t.moves, t.attributions), None, "by our own numbers and codes, for figures"),
    Rule("agents", (t.agents, t.codes, t.organisations), None, "as long as they are agents; erased on demand"),
    Rule("signed forms", (t.signed_forms,), None, "that consent was given must be shown; erased with its person"),
    Rule("the monitor", (t.tallies, t.targets), None, f"{NOBODY}counts and aims"),
    Rule("staff", (t.operators, t.backup_codes), None, "as long as they work here, and whom the trail names"),
    Rule("the house", (t.cohorts, t.broadcasts, t.canned_replies), None, f"{NOBODY}words and rules of staff"),
    Rule("processes", (t.leases, t.cursors, t.touched), None, f"{NOBODY}one row for each thing that is done"),
)


async def purge_some(database: Database, rule: Rule, now: dt.datetime) -> int:
    """Delete or empty at most `CHUNK` rows whose time is up by a rule; return how many."""
    if rule.due is None or rule.days is None:
        return 0
    async with database.read() as connection:
        wanted = rule.due(now - dt.timedelta(days=rule.days)).limit(CHUNK)
        keys = [tuple(row) for row in await connection.execute(wanted)]
    if not keys:
        return 0
    async with database.write() as connection:
        return await _gone(connection, rule, keys)


async def _gone(connection: AsyncConnection, rule: Rule, keys: Sequence[tuple[Any, ...]]) -> int:
    table = rule.tables[0]
    these = sa.tuple_(*table.primary_key.columns).in_(keys)
    if "chat_id" in table.c:
        of_rows = sa.select(table.c.chat_id).where(these)
        await connection.execute(
            sa.select(chats.c.id).where(chats.c.id.in_(of_rows)).order_by(chats.c.id).with_for_update()
        )
    emptied = sa.update(table).where(these).values(dict.fromkeys(rule.clears))
    return (await connection.execute(emptied if rule.clears else sa.delete(table).where(these))).rowcount
