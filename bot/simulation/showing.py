"""What the command shows of a simulation: how far it is on stderr, the count at the end as JSON."""

from __future__ import annotations

import datetime as dt

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from bot import logs
from bot.settings import Settings, SettingsError, load_settings
from bot.simulation.days import UnansweredError
from bot.simulation.run import Wanted, hours, simulate
from bot.simulation.tally import Tally
from bot.tuning import run
from conversations.months import jakarta
from storage.database import DatabaseUrlError
from storage.sealing import KeysError
from storage.simulated import SimulatedError


class RefusedError(Exception):
    """Nothing can be simulated so; the message says what to do."""


def shown(agents: int, weeks: int, seed: int, until: str) -> str:
    """Simulate, with a progress bar; return the count as JSON.

    Raises:
        RefusedError: a setting, an argument or the database is not as it must be.
    """
    logs.set_up(quiet=True)
    try:
        wanted = Wanted(agents, weeks * 7, seed, _day(until))
        return msgspec.json.encode(_simulated(load_settings(), wanted)).decode()
    except (SettingsError, SimulatedError, KeysError, DatabaseUrlError, UnansweredError) as error:
        raise RefusedError(str(error)) from error
    except OSError as error:
        raise RefusedError(f"cannot start: {error.strerror or error}; JAMIN_HOME names another folder") from error


def _day(until: str) -> dt.date:
    try:
        return dt.date.fromisoformat(until) if until else jakarta(dt.datetime.now(dt.UTC))
    except ValueError:
        raise RefusedError(f"--until must be written like 2026-12-31, not {until!r}") from None


def _simulated(settings: Settings, wanted: Wanted) -> Tally:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(f"{wanted.days} days", total=hours(wanted))
        return run(simulate(settings, wanted, lambda said: bar.update(task, advance=1, description=said)))
