"""What the commands share: how they read their arguments, refuse, run and print."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Coroutine, Iterable
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from bot.settings import Settings, SettingsError, load_settings
from bot.times import read_moment
from bot.tracing import TracesError
from bot.tuning import run as tuned
from bot.wording import WordingError
from conversations.months import jakarta
from conversations.reading.language import LANGUAGES
from storage.database import DatabaseUrlError
from storage.sealing import KeysError
from storage.simulated import SimulatedError

Outcome = TypeVar("Outcome")

At = Annotated[
    str, typer.Option("--at", help="The moment it is taken to be, ISO 8601; Jakarta time without an offset.")
]
Locale = Annotated[str, typer.Option(help="The language.")]


def refuse(message: str) -> NoReturn:
    """Say what is wrong and what to do, and end with 2."""
    typer.echo(message, err=True)
    raise typer.Exit(2)


def the_settings() -> Settings:
    """Read the settings; a fault in them ends the command with 2."""
    try:
        return load_settings()
    except SettingsError as error:
        refuse(str(error))


def run(work: Coroutine[Any, Any, Outcome]) -> Outcome:
    """Run the work of a command to its end; what an operator can put right ends it with 2."""
    try:
        return tuned(work)
    except (KeysError, DatabaseUrlError, SimulatedError, TracesError, WordingError) as error:
        refuse(str(error))
    except BrokenPipeError:
        raise  # Whoever read our lines has left, which is no fault: the command ends without a word.
    except OSError as error:
        refuse(f"cannot start: {error.strerror or error}; --port names another port, JAMIN_HOME another folder")


def known(locale: str, there: tuple[str, ...] = LANGUAGES) -> None:
    """Refuse a language that is not there."""
    if locale not in there:
        refuse(f"--locale is one of {', '.join(there)}")


def moment(at: str) -> dt.datetime | None:
    """Read a moment; None for ""."""
    try:
        return read_moment(at) if at else None
    except ValueError:
        refuse(f"--at must be written like 2026-12-31T09:00, not {at!r}")


def day(at: str) -> dt.date:
    """The day in Jakarta of a moment, today's for ""."""
    return jakarta(moment(at) or dt.datetime.now(dt.UTC))


def stdin() -> Iterable[str]:
    """The lines of stdin as they come; bytes that are no UTF-8 become marks rather than a fault."""
    stream = open(sys.stdin.fileno(), encoding="utf-8", errors="replace", newline="\n", closefd=False)  # noqa: SIM115
    return (line.removesuffix("\n") for line in stream)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines as they come."""
    for line in lines:
        print(line, flush=True)  # noqa: T201
