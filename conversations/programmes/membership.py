"""What a membership is on a day, worked out from the contribution months that were paid and from nothing else.

A member's state is never stored: the months are, and everything here follows from them (rules: `calendar`, `benefits`).
Where the rules leave something open it is counted the careful way and named in `doubts`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec

from conversations.months import Month, months_from
from conversations.programmes.benefits import JKM_FULL_AFTER_MONTHS
from conversations.programmes.calendar import due, inactive_from

YEAR = 12


class Run(msgspec.Struct, frozen=True):
    """Paid months in a row, from `first` through `last`."""

    first: Month
    last: Month

    @property
    def length(self) -> int:
        """How many months."""
        return self.first.until(self.last) + 1

    def gone_by(self, running: Month) -> int:
        """How many of its months are over when `running` is the month it is."""
        return max(0, min(self.length, self.first.until(running)))


class Membership(msgspec.Struct, frozen=True):
    """How a membership stands on a day.

    `state` is "unpaid" (nothing was ever paid), "upcoming" (paid from a later month on), "covered" (the running month
    is paid), "due" (it is not, and may still be paid in time), "arrears" or "inactive".

    `since` and `until` are the first and last month of the paid months in a row that reach today, or last did. `next`
    is the first month still to be paid, where a new bill begins, `due` the last day to pay it in time; `owed` are the
    months whose day has gone by. `jkm_months` count towards the full JKM, which holds from the month `jkm_full_from` if
    no month is left out. `returned` tells that these months follow a lapse. `doubts` says what the rules leave open:
    "ahead" (months paid in advance may count at once), "lapse" (months before a gap may count too).
    """

    state: str
    next: Month
    due: dt.date
    since: Month | None = None
    until: Month | None = None
    owed: tuple[Month, ...] = ()
    inactive_from: Month | None = None
    jkm_months: int = 0
    jkm_full_from: Month | None = None
    returned: bool = False
    doubts: tuple[str, ...] = ()

    @property
    def jkm_full(self) -> bool:
        """Whether enough months have gone by for the full JKM."""
        return self.jkm_months >= JKM_FULL_AFTER_MONTHS.value

    def years(self, running: Month) -> int:
        """Return how many years of cover are completed with the month that runs now, 0 in any other month."""
        if self.state != "covered" or self.since is None:
            return 0
        years, months = divmod(self.since.until(running), YEAR)
        return 0 if months else years


def membership(paid: Iterable[Month], today: dt.date) -> Membership:
    """Return how a membership with these contribution months paid stands on a day in Jakarta."""
    running = Month.of(today)
    runs = runs_of(paid)
    if not runs:
        return Membership("unpaid", running, due(running).value)
    begun = [run for run in runs if run.first <= running]
    return _present(begun, running, today) if begun else _upcoming(runs[0])


def runs_of(paid: Iterable[Month]) -> list[Run]:
    """Return the paid months as runs of months in a row, in order of time."""
    runs: list[Run] = []
    for month in sorted(set(paid)):
        if runs and runs[-1].last.plus(1) == month:
            runs[-1] = Run(runs[-1].first, month)
        else:
            runs.append(Run(month, month))
    return runs


def _upcoming(run: Run) -> Membership:
    follows = run.last.plus(1)
    return Membership("upcoming", follows, due(follows).value, run.first, run.last, jkm_full_from=_full_from(run))


def _present(runs: list[Run], running: Month, today: dt.date) -> Membership:
    """Return the membership of the last run that has begun, after those before it."""
    run = runs[-1]
    inactive, follows = inactive_from(run.last).value, run.last.plus(1)
    if running >= inactive:
        # Old arrears are not charged (`calendar.OLD_ARREARS_CHARGED`): who comes back begins with the running month.
        return Membership("inactive", running, due(running).value, run.first, run.last, inactive_from=inactive)
    unpaid = months_from(follows, max(0, run.last.until(running)))
    owed = tuple(month for month in unpaid if due(month).value < today)
    return Membership(
        state="arrears" if owed else "due" if unpaid else "covered",
        next=follows,
        due=due(follows).value,
        since=run.first,
        until=run.last,
        owed=owed,
        inactive_from=inactive,
        jkm_months=run.gone_by(running),
        jkm_full_from=_full_from(run),
        returned=_after_lapse(runs),
        doubts=_doubts(runs, running),
    )


def _full_from(run: Run) -> Month:
    return run.first.plus(JKM_FULL_AFTER_MONTHS.value)


def _after_lapse(runs: list[Run]) -> bool:
    """Tell whether the last run was preceded by as many unpaid months as make a membership inactive."""
    return len(runs) > 1 and runs[-1].first >= inactive_from(runs[-2].last).value


def _doubts(runs: list[Run], running: Month) -> tuple[str, ...]:
    """Name what might make the full JKM hold earlier than is counted here."""
    needed = JKM_FULL_AFTER_MONTHS.value
    run, gone_by = runs[-1], runs[-1].gone_by(running)
    if gone_by >= needed:
        return ()
    doubts = (
        ("ahead", run.length >= needed),
        ("lapse", sum(one.gone_by(running) for one in runs) >= needed),
    )
    return tuple(name for name, doubtful in doubts if doubtful)
