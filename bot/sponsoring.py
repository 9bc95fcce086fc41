"""Sponsors at the command line, and who pays for a NIK when a turn asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from bot.turns import Clock, Taken
from conversations.messages import Incoming, SponsorFound
from conversations.months import Month, jakarta
from conversations.programmes.contribution import MOST_MONTHS
from conversations.programmes.reminding import WIB, may_remind
from conversations.programmes.sponsor import Sponsor
from conversations.turn import Facts
from storage.cohorts import PROGRAMMES, Cohort, Report, add_cohort, all_cohorts, found_members, report_of, sponsor_of
from storage.cursors import Cursor, keep_cursor, read_cursor
from storage.database import Database
from storage.enrolments import owner_of
from storage.sealing import KeyRing

CURSOR = "sponsors found"
EVERY = dt.timedelta(hours=20)
"""A day, with room for the hours at which nobody is written to."""
MOST_TOLD = 500
"""Members told in one round; the rest hears tomorrow."""

Take = Callable[[Incoming], Awaitable[Taken]]


class SponsorError(ValueError):
    """A cohort cannot be kept as it was given; the message says which argument to change."""


class Sponsors:
    """The cohorts of an installation."""

    def __init__(self, database: Database, keys: KeyRing, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock

    async def supply(self, nik: str, facts: Facts) -> Facts:
        """Return the facts with who pays for a NIK now."""
        async with self._database.read() as connection:
            found = await sponsor_of(connection, self._keys, nik, Month.of(self._clock()))
        return replace(facts, sponsors={**facts.sponsors, nik: found})

    async def add(self, sponsor: Sponsor, quota: int, niks: Iterable[str]) -> str:
        """Keep a cohort; return its reference."""
        async with self._database.write() as connection:
            return await add_cohort(connection, self._keys, sponsor, quota, niks, self._clock())

    async def all(self) -> list[Cohort]:
        """Return every cohort."""
        async with self._database.read() as connection:
            return await all_cohorts(connection)

    async def report(self, reference: str) -> Report | None:
        """Return a cohort in numbers as of the running month."""
        async with self._database.read() as connection:
            return await report_of(connection, reference, Month.of(self._clock()))


class FindingSponsors:
    """Once a day tells members whose NIK is on a list that came after they had enrolled."""

    def __init__(self, database: Database, keys: KeyRing, take: Take, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._take = take
        self._clock = clock

    async def round(self) -> None:
        """Tell, at an hour at which members are written to; who cannot be paid for yet is found again tomorrow."""
        now = self._clock()
        async with self._database.read() as connection:
            cursor = await read_cursor(connection, CURSOR)
            due = now - cursor.at >= EVERY and may_remind(now, WIB)
            found = await found_members(connection, Month.of(now), MOST_TOLD) if due else []
            owners = [await owner_of(connection, self._keys, one.enrolment) for one in found]
        if not due:
            return
        for one, owner in zip(found, owners, strict=True):
            if owner is not None:
                what = SponsorFound(owner.person, one.enrolment, one.sponsor)
                name = f"sponsor {one.sponsor.cohort} {one.enrolment} {jakarta(now)}"
                await self._take(Incoming(owner.address, name, what))
        async with self._database.write() as connection:
            await keep_cursor(connection, CURSOR, Cursor(at=now))


def sponsor_from(name: str, payer: str, programmes: str, first: str, last: str, share: int) -> Sponsor:
    """Read a cohort's terms as the command was given them.

    Raises:
        SponsorError: naming the argument that is refused and what it may be.
    """
    if payer not in ("state", "other"):
        raise SponsorError(f"--payer is state or other, not {payer!r}: who pays alone needs no cohort")
    if programmes != ",".join(PROGRAMMES):
        raise SponsorError(f"--programmes is {','.join(PROGRAMMES)}: JHT is the worker's own savings")
    if not 1 <= share <= 100:
        raise SponsorError(f"--share is 1 to 100 per cent of JKK and JKM, not {share}")
    begins, ends = _month("--from", first), _month("--to", last)
    if not 0 <= begins.until(ends) < MOST_MONTHS.value:
        raise SponsorError(f"--to is a month from --from on and at most {MOST_MONTHS.value} months are paid at once")
    return Sponsor("", name, payer, share, begins, ends)


def _month(option: str, text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError:
        raise SponsorError(f"{option} is a month written YYYY-MM, not {text!r}") from None


def niks_in(file: Path) -> list[str]:
    """Read a list of NIKs, one a line; spaces and empty lines are fine.

    Raises:
        SponsorError: lines that hold no NIK, by their numbers and never by what they hold.
        OSError: the file cannot be read.
    """
    lines = enumerate(file.read_text(encoding="utf-8-sig").splitlines(), start=1)
    typed = [(number, "".join(line.split())) for number, line in lines if line.strip()]
    wrong = [str(number) for number, nik in typed if not (len(nik) == 16 and nik.isascii() and nik.isdecimal())]
    if wrong or not typed:
        raise SponsorError(f"{file.name}: a NIK of 16 digits on each line; look at line {', '.join(wrong[:20]) or 1}")
    return [nik for _, nik in typed]


def as_json(row: Cohort | Report) -> str:
    """Write a row as a line of JSON."""
    return msgspec.json.encode(row._asdict()).decode()
