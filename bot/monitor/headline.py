"""The figures at the top: what somebody must see who looks for three seconds."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from babel.numbers import format_decimal

from bot.monitor.panel import Look, share
from bot.monitor.running import urgent_of
from bot.monitor.staying import cohorts_of, one_of
from storage.monitor.growth import working
from storage.monitor.retention import kept_of, standing
from storage.monitor.tallies import ACCEPTED, AFTER, PROGRAMMES, STATE
from storage.monitor.totals import by_day, by_key, registered_agents, with_jht


class Key(NamedTuple):
    """A figure: its name in the catalogue, its value in words, what it is compared with in words ("" for nothing), and
    whether it fell short of the target."""

    name: str
    value: str
    beside: str = ""
    short: bool = False


async def headline(look: Look) -> list[Key]:
    """Return the figures at the top."""
    enrolled = await by_day(look.connection, STATE, ACCEPTED, look.since, look.until)
    plans = await by_key(look.connection, PROGRAMMES, look.since, look.until)
    field = await working(look.connection, look.since, look.until)
    stands = await standing(look.connection, look.month)
    joined, stay = kept_of(await cohorts_of(look), AFTER[-1])
    now = await urgent_of(look)
    agents_of = look.say("desk.monitor.of", n=number(await registered_agents(look.connection)))
    return [
        # The day is not over: being short of its target means nothing yet.
        _aimed(look, "day", enrolled.get(look.today, 0))._replace(short=False),
        Key("week", number(_last(enrolled, look.today, 7))),
        Key("span", number(whole := sum(enrolled.values())), look.say("desk.monitor.span", days=str(look.days))),
        _aimed(look, "agents", field.agents, agents_of),
        _aimed(look, "jht", share(with_jht(plans), whole), percent=True),
        Key("members", number(stands.registered), _of_potential(look, stands.registered)),
        Key("active", number(stands.active), f"{share(stands.active, stands.registered)}%"),
        Key("kept", one_of(joined, stay), _kept_beside(look, joined, stay), _is_short(look, "kept", joined, stay)),
        Key("cases", number(sum(one.rows for one in now.cases))),
        Key("dead", number(dead := sum(one.rows for one in now.dead)), "", short=dead > 0),
    ]


def number(n: int) -> str:
    """Write a whole number."""
    return str(format_decimal(n, locale="id"))


def _aimed(look: Look, name: str, value: int, beside: str = "", *, percent: bool = False) -> Key:
    """A figure beside its target, if the office set one."""
    aim, unit = look.targets.get(name), "%" if percent else ""
    against = look.say("desk.monitor.target", n=f"{number(aim)}{unit}") if aim else ""
    return Key(name, f"{number(value)}{unit}", ", ".join(filter(None, (beside, against))), bool(aim and value < aim))


def _last(by_day: dict[dt.date, int], today: dt.date, days: int) -> int:
    return sum(n for day, n in by_day.items() if day > today - dt.timedelta(days=days))


def _of_potential(look: Look, registered: int) -> str:
    potential = look.targets.get("potential")
    return look.say("desk.monitor.of_potential", share=str(share(registered, potential))) if potential else ""


def _kept_beside(look: Look, joined: int, stay: int) -> str:
    return look.say("desk.monitor.stay", share=str(share(stay, joined))) if joined else ""


def _is_short(look: Look, name: str, joined: int, stay: int) -> bool:
    aim = look.targets.get(name)
    return bool(aim and joined and share(stay, joined) < aim)
