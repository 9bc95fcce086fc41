"""Running a simulation: a database that may be filled, the program on a stopped clock, weeks that go by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

import aiohttp

from bot.app import Jamin, World, running
from bot.beside import opened
from bot.settings import Settings
from bot.simulation.days import Days, Stage, StoppedClock
from bot.simulation.field import Field
from bot.simulation.office import Office
from bot.simulation.sentences import Sentences
from bot.simulation.story import LISTENED_FOR
from bot.simulation.tally import Tally, tally
from bot.tuning import spare_the_collector
from bot.web_app import bound
from conversations.messages import Incoming
from conversations.programmes.reminding import WIB
from storage.deliveries import Delivery
from storage.simulated import SimulatedError, mark_simulated

OPENS, CLOSES = 6, 22
"""The hours of the day at which something may happen."""
AT_WORK = range(8, 20, 2)
"""The hours at which the office looks after its desk, and what happens by the clock is seen to."""

Progress = Callable[[str], None]
"""Is told after each hour what goes by."""


class Wanted(NamedTuple):
    """What is to be simulated: so many days, the last of them ending as `until` begins in Jakarta."""

    agents: int
    days: int
    seed: int
    until: dt.date

    @property
    def first_day(self) -> dt.date:
        """The first of them."""
        return self.until - dt.timedelta(days=self.days)


def hours(wanted: Wanted) -> int:
    """Count the hours that go by, those at night left out."""
    return wanted.days * (CLOSES - OPENS)


class Taker:
    """A messenger that takes everything at once."""

    async def send(self, _: Delivery) -> Incoming | None:
        """Take it."""


async def simulate(settings: Settings, wanted: Wanted, progress: Progress) -> Tally:
    """Fill the database that the settings name, and count what people saw.

    Raises:
        SimulatedError: it may not be filled; the message says why and what to do.
    """
    settings = closed_off(settings)
    begin = dt.datetime.combine(wanted.first_day, dt.time(OPENS), WIB)
    async with opened(settings) as (database, _), database.write() as connection:
        await mark_simulated(connection, wanted.seed, begin)
    clock = StoppedClock(begin)
    stage = Stage(clock)
    world = World((stage,), {"whatsapp": Taker(), "telegram": Taker()}, plays=True, lease=dt.timedelta(days=1))
    async with running(settings, clock, bound("127.0.0.1", 0), world) as jamin, aiohttp.ClientSession() as http:
        spare_the_collector()
        days = Days(jamin, clock, stage, http)
        field = Field(days, Sentences(jamin.speech.phrases, LISTENED_FOR), wanted.first_day, wanted.seed)
        await _play(jamin, days, field, wanted, progress)
        return tally(field.agents, field.workers, days.opened)


def closed_off(settings: Settings) -> Settings:
    """Return settings under which nothing of it reaches the world: no messenger, no backend but the embedded one.

    Raises:
        SimulatedError: they are those of a live installation.
    """
    if not settings.demo:
        raise SimulatedError("simulate runs in demo mode alone: unset JAMIN_MODE and name a scratch folder, JAMIN_HOME")
    off = ("telegram_token", "whatsapp_token", "staff_telegram_chat", "traces_url", "public_url", "backend_url")
    return settings.model_copy(update={**dict.fromkeys(off, ""), "backend": "reference", "mode": "demo"})


async def _play(jamin: Jamin, days: Days, field: Field, wanted: Wanted, progress: Progress) -> None:
    office = Office(jamin)
    await office.open_campaigns()
    field.recruit(wanted.agents, wanted.days)
    for day in range(wanted.days):
        midnight = dt.datetime.combine(wanted.first_day + dt.timedelta(days=day), dt.time(), WIB)
        for hour in range(OPENS, CLOSES):
            at = midnight + dt.timedelta(hours=hour)
            days.do(field.hour, at)
            if hour in AT_WORK:
                days.do(office.look_after, at)
                days.do(lambda _: jamin.jobs.round(), at)
            await days.pass_until(at + dt.timedelta(hours=1))
            progress(f"{midnight:%d %b}, {days.turns:,} turns")
        await days.pass_until(midnight + dt.timedelta(days=1))
