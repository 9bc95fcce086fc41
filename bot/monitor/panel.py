"""A panel: a table of figures, and how it is drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, TypeVar, cast

from babel.dates import format_date
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.room import Say
from conversations.months import Month, jakarta

T = TypeVar("T")


class Point(NamedTuple):
    """One value of a chart: where it stands, how large it is, which line it belongs to."""

    label: str
    value: float
    series: str = ""


class Chart(NamedTuple):
    """How a panel is drawn: `columns` over time, `bars` lying down, `lines`; `aim` is drawn across where it is set."""

    kind: str
    points: tuple[Point, ...]
    aim: int | None = None
    percent: bool = False


class Panel(NamedTuple):
    """A table of figures: codes of its columns, rows of words and numbers, a chart of them, a note in words."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    chart: Chart | None = None
    note: str = ""


class Look(NamedTuple):
    """What a panel is read with: the database, the moment, how many days back, the office's targets, the catalogue;
    what was read for an earlier panel of the same page; how many rows a long table needs, None for all."""

    connection: AsyncConnection
    now: dt.datetime
    days: int
    targets: Mapping[str, int]
    say: Say
    read: dict[str, Any]
    most: int | None = None

    @property
    def today(self) -> dt.date:
        """The day it is in Jakarta."""
        return jakarta(self.now)

    @property
    def since(self) -> dt.date:
        """The first day looked at."""
        return self.today - dt.timedelta(days=self.days - 1)

    @property
    def until(self) -> dt.date:
        """The day after the last one."""
        return self.today + dt.timedelta(days=1)

    @property
    def month(self) -> Month:
        """The month that runs."""
        return Month.of(self.now)

    async def once(self, name: str, read: Callable[[], Awaitable[T]]) -> T:
        """Read something that several panels of a page need, once."""
        if name not in self.read:
            self.read[name] = await read()
        return cast("T", self.read[name])


Reader = Callable[[Look], Awaitable[Panel]]


def share(part: int, whole: int) -> int:
    """Return a part in whole per cent; of nothing it is none."""
    return round(100 * part / whole) if whole else 0


def short(day: dt.date) -> str:
    """Write a day as an axis does."""
    return format_date(day, "d MMM", locale="id")


def month_name(month: Month) -> str:
    """Write a month as an axis does."""
    return format_date(dt.date(month.year, month.month, 1), "MMM yy", locale="id")
