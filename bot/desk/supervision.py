"""What supervisors see: what waits now, how long answers took, where the target was missed, how workers found it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from typing import Any, NamedTuple

from aiohttp import web

from bot.desk.pages import how_long, page
from bot.desk.reasons import reason_key
from bot.desk.room import OPERATOR, ROOM, Say
from conversations.cases import PRIORITIES
from conversations.months import JAKARTA
from storage import audit
from storage.cases.choices import colleagues
from storage.cases.events import newest
from storage.cases.figures import Exported, Line, Times, Waiting, exported, figures, waiting_now

SPANS = (1, 7, 30)
"""Days that can be looked at; 1 is today in Jakarta."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a cell."""
SHORTCUTS = (("/", "desk.keys.search"), ("?", "desk.keys.help"))


class Row(NamedTuple):
    """A line of the table, in words."""

    name: str
    answered: int
    first: str
    first_late: str
    solved: int
    took: str
    overdue: int
    good: int
    bad: int


class Table(NamedTuple):
    """A table: what its first column holds, and its lines."""

    caption: str
    rows: list[Row]


async def show(request: web.Request) -> web.Response:
    """Show the figures of a span of days, and what waits at this moment."""
    room, days = request.app[ROOM], span(request.query)
    now = room.clock()
    async with room.database.read() as connection:
        seen = await newest(connection)
        waiting = await waiting_now(connection)
        found = await figures(connection, begin(now, days), now)
        names = {one.id: one.name for one in await colleagues(connection)}
    say = room.say
    by_operator = {names.get(code, say("desk.figures.nobody")): line for code, line in found.by_operator.items()}
    by_reason = {say(reason_key(code)): line for code, line in found.by_reason.items()}
    return page(
        request,
        "supervision.html",
        waiting=waiting,
        oldest=how_long(say, waiting.oldest, now) if waiting.oldest else "",
        late=_is_late(waiting, now),
        whole=_row(say, say("desk.figures.all"), found.whole),
        tables=[_table(say, "operator", by_operator), _table(say, "reason", by_reason)],
        targets=[(priority.code, _within(say, priority.answer_within)) for priority in PRIORITIES],
        spans=SPANS,
        days=days,
        seen=seen,
        shortcuts=SHORTCUTS,
    )


async def export(request: web.Request) -> web.Response:
    """Give the cases opened in a span of days as CSV: figures and codes, nothing personal."""
    room, days = request.app[ROOM], span(request.query)
    now = room.clock()
    async with room.database.read() as connection:
        rows = [row async for row in exported(connection, begin(now, days), now)]
    async with room.database.write() as connection:
        await audit.append(connection, now, request[OPERATOR].name, "export", f"cases of {days} days")
    day = now.astimezone(JAKARTA).date().isoformat()
    headers = {"Content-Disposition": f'attachment; filename="jamin-kasus-{day}.csv"'}
    return web.Response(text=written(rows), content_type="text/csv", charset="utf-8", headers=headers)


def written(rows: list[Exported]) -> str:
    """Write rows as CSV that spreadsheets read as text, with the names of the fields in the first line."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(Exported._fields)
    lines.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def cell(value: Any) -> str:
    """Write one value; a text that a spreadsheet would reckon with is marked as text."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.astimezone(JAKARTA).isoformat(sep=" ", timespec="seconds")
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def span(query: Mapping[str, str]) -> int:
    """Return how many days are asked for; today where that is no span of ours."""
    asked = query.get("hari", "")
    return int(asked) if asked in map(str, SPANS) else SPANS[0]


def begin(now: dt.datetime, days: int) -> dt.datetime:
    """Return the midnight in Jakarta at which a span of days that ends now began."""
    today = now.astimezone(JAKARTA).replace(hour=0, minute=0, second=0, microsecond=0)
    return (today - dt.timedelta(days=days - 1)).astimezone(dt.UTC)


def _is_late(waiting: Waiting, now: dt.datetime) -> bool:
    """Tell whether somebody waits longer than even a case of the lowest priority may."""
    return waiting.oldest is not None and now - waiting.oldest > dt.timedelta(minutes=PRIORITIES[-1].answer_within)


def _table(say: Say, by: str, lines: Mapping[str, Line]) -> Table:
    return Table(say(f"desk.figures.by.{by}"), [_row(say, name, line) for name, line in sorted(lines.items())])


def _row(say: Say, name: str, line: Line) -> Row:
    first, took = line.first_answer, line.resolution
    return Row(
        *(name, first.cases, _middle(say, first), _late(say, first), took.cases, _middle(say, took)),
        *(line.overdue, line.good, line.bad),
    )


def _middle(say: Say, times: Times) -> str:
    return _lasted(say, times.p50) if times.cases else "–"


def _late(say: Say, times: Times) -> str:
    return _lasted(say, times.p90) if times.cases else "–"


def _within(say: Say, minutes: int) -> str:
    return _lasted(say, minutes * 60)


def _lasted(say: Say, seconds: int) -> str:
    end = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    return how_long(say, end - dt.timedelta(seconds=seconds), end)
