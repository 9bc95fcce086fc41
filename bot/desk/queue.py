"""The first page: who waits. What it is narrowed down to stands in its address, so that it can be kept and shared."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from aiohttp import web

from bot.desk.pages import field, how_long, page
from bot.desk.pages import moment as moment_of
from bot.desk.reasons import reason_key
from bot.desk.regions import region_name
from bot.desk.room import OPERATOR, ROOM, Say
from conversations.cases import PRIORITIES, RANKS, REASONS
from storage.cases import CLOSED, STAFF, UNCLAIMED, Case, Filters, Place, count_open, place_of, queue
from storage.cases.choices import Choices, choices, waiting_counts
from storage.cases.events import newest
from storage.tables import moment, stored
from storage.worklist import dead_count

PAGE = 50
TAB, AFTER = "bagian", "setelah"
TABS = ("", "bebas", "saya")
"""All, those that nobody has, one's own."""
FILTERS = {
    "alasan": "reason",
    "prioritas": "priority",
    "bahasa": "language",
    "wilayah": "region",
    "agen": "agent",
    "petugas": "operator",
}
"""What a filter is called in the address, and the field of `Filters`."""
_PLACE = re.compile(r"(staff|worker)-([0-9])-([0-9]{1,16})-([0-9]{1,15})")
SHORTCUTS = (
    ("j", "desk.keys.down"),
    ("k", "desk.keys.up"),
    ("Enter", "desk.keys.open"),
    ("c", "desk.keys.claim"),
    ("/", "desk.keys.search"),
    ("?", "desk.keys.help"),
)


class Row(NamedTuple):
    """A line of the queue, in words."""

    number: int
    reason: str
    priority: str
    overdue: bool
    place: str
    agent: str
    holder: str
    waits: str
    since: dt.datetime
    is_over: bool


class Choice(NamedTuple):
    """A filter: its name in the address, and what may be chosen, as pairs of value and label."""

    name: str
    options: tuple[tuple[str, str], ...]


async def show(request: web.Request) -> web.Response:
    """List the open cases that the address asks for, the most pressing first, then who waits longest."""
    room, operator = request.app[ROOM], request[OPERATOR]
    filters = wanted(request.query, operator.id)
    async with room.database.read() as connection:
        seen = await newest(connection)
        cases = await queue(connection, room.keys, filters, PAGE + 1, _after(request.query.get(AFTER, "")))
        found = await count_open(connection, filters)
        counts = await waiting_counts(connection, operator.id)
        known = await choices(connection)
        dead = await dead_count(connection)
    names, now = {one.id: one.name for one in known.operators}, room.clock()
    return page(
        request,
        "queue.html",
        rows=[row(room.say, case, names, now) for case in cases[:PAGE]],
        more=_address(request.query, **{AFTER: _written(place_of(cases[PAGE - 1]))}) if len(cases) > PAGE else "",
        first=_address(request.query) if AFTER in request.query else "",
        tabs=_tabs(room.say, request.query, counts),
        filters=_choices(room.say, known),
        chosen={name: request.query.get(name, "") for name in (TAB, *FILTERS)},
        found=found,
        dead=dead,
        seen=seen,
        shortcuts=SHORTCUTS,
    )


def wanted(query: Mapping[str, str], operator_id: str) -> Filters:
    """Return what an address asks for; whatever it names that is not known asks for nothing special."""
    values = {name: field(query, asked) for asked, name in FILTERS.items()}
    if values["priority"] not in RANKS:
        values["priority"] = ""
    tab = query.get(TAB, "")
    if tab == "saya":
        values["operator"] = operator_id
    return Filters(stage=UNCLAIMED if tab == "bebas" else "", **values)


def row(say: Say, case: Case, names: Mapping[str, str], now: dt.datetime) -> Row:
    """Put a case into words."""
    return Row(
        case.number,
        say(reason_key(case.reason)),
        case.priority_code,
        case.overdue_at is not None,
        " · ".join(filter(None, (region_name(case.region), _language(say, case.language)))),
        case.agent,
        names.get(case.operator_id or "", ""),
        _waits(say, case, now),
        case.since,
        case.stage == CLOSED,
    )


def _waits(say: Say, case: Case, now: dt.datetime) -> str:
    if case.closed_at is not None and case.stage == CLOSED:
        return say("desk.case.closed", at=moment_of(case.closed_at))
    return how_long(say, case.since, now) if case.awaits == STAFF else say("desk.waits.worker")


def _language(say: Say, code: str) -> str:
    return "" if code == "id" else say(f"desk.language.{code}")


def _tabs(say: Say, query: Mapping[str, str], counts: tuple[int, int, int]) -> list[tuple[str, str, int, bool]]:
    """Return address, label, count and whether it is the one shown."""
    shown = query.get(TAB, "")
    return [
        (_address(query, **{TAB: tab}), say(f"desk.queue.tab.{tab or 'semua'}"), count, tab == shown)
        for tab, count in zip(TABS, counts, strict=True)
    ]


def _choices(say: Say, known: Choices) -> list[Choice]:
    options: dict[str, list[tuple[str, str]]] = {
        "alasan": [(reason.code, say(reason_key(reason.code))) for reason in REASONS],
        "prioritas": [(priority.code, say(f"desk.priority.{priority.code}")) for priority in PRIORITIES],
        "bahasa": [(code, say(f"desk.language.{code}")) for code in known.languages],
        "wilayah": [(code, region_name(code)) for code in known.regions],
        "agen": [(code, code) for code in known.agents],
        "petugas": [(one.id, one.name) for one in known.operators],
    }
    return [Choice(name, tuple(found)) for name, found in options.items() if len(found) > 1]


# --- addresses -------------------------------------------------------------------------------------------------------


def _address(query: Mapping[str, str], **changes: str) -> str:
    """Return the address of the queue with the same filters and these changes, at its first page unless told."""
    kept = {name: value for name in (TAB, *FILTERS) if (value := query.get(name, ""))} | changes
    asked = urlencode({name: value for name, value in kept.items() if value})
    return f"/desk?{asked}" if asked else "/desk"


def _written(place: Place) -> str:
    return f"{place.awaits}-{place.priority}-{stored(place.since)}-{place.number}"


def _after(written: str) -> Place | None:
    """Read where a page begins; None for the first, and for anything we never wrote."""
    found = _PLACE.fullmatch(written)
    if found is None:
        return None
    priority, since, number = map(int, found.groups()[1:])
    return Place(found[1], priority, moment(since), number)
