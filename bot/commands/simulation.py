"""`python -m bot simulate`: fill a scratch database with weeks of invented people, and print what they saw."""

from __future__ import annotations

from typing import Annotated

import typer


def simulate(
    agents: Annotated[int, typer.Option(min=1, max=10_000, help="How many agents are registered.")] = 250,
    weeks: Annotated[int, typer.Option(min=1, max=60, help="How many weeks go by.")] = 3,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same people and deeds.")] = 1,
    until: Annotated[str, typer.Option(help="The day after the last one, YYYY-MM-DD; today by default.")] = "",
) -> None:
    """Fill a scratch database with invented people who talk to the program; prints their own count as JSON."""
    from bot.simulation.showing import RefusedError, shown

    try:
        typer.echo(shown(agents, weeks, seed, until))
    except RefusedError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
