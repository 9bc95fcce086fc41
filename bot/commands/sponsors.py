"""Those who pay for workers in their place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import logs
from bot.clock import Clock
from bot.commands.shared import print_lines, refuse, run, the_settings

if TYPE_CHECKING:
    from bot.sponsoring import Sponsors

sponsors = typer.Typer(no_args_is_help=True, help="Those who pay for workers in their place.")


@sponsors.command("add")
def add_sponsor(
    name: Annotated[str, typer.Argument(help="Who pays, as workers are told.")],
    niks: Annotated[Path, typer.Argument(metavar="FILE_OF_NIKS", help="One NIK a line; only their index is kept.")],
    payer: Annotated[str, typer.Option(help="state (APBN, APBD) or other (village, company, donor).")],
    first: Annotated[str, typer.Option("--from", help="The first contribution month, YYYY-MM.")],
    last: Annotated[str, typer.Option("--to", help="The last one, at most twelve months.")],
    quota: Annotated[int, typer.Option(min=1, help="How many workers at most.")],
    programmes: Annotated[str, typer.Option(help="jkk,jkm.")] = "jkk,jkm",
    share: Annotated[int, typer.Option(help="Per cent of JKK and JKM that is paid.")] = 100,
) -> None:
    """Keep a cohort; prints its reference."""
    from bot.sponsoring import SponsorError, niks_in, sponsor_from

    try:
        sponsor, listed = sponsor_from(name, payer, programmes, first, last, share), niks_in(niks)
    except (SponsorError, OSError) as error:
        refuse(str(error))
    run(_with_sponsors(lambda cohorts: _lines_of(cohorts.add(sponsor, quota, listed))))


@sponsors.command("list")
def list_sponsors() -> None:
    """List the cohorts, one JSON object a line."""
    from bot.sponsoring import as_json

    async def lines(cohorts: Sponsors) -> list[str]:
        return [as_json(cohort) for cohort in await cohorts.all()]

    run(_with_sponsors(lines))


@sponsors.command("report")
def report_sponsor(reference: str) -> None:
    """Print a cohort in numbers."""
    from bot.sponsoring import as_json

    async def lines(cohorts: Sponsors) -> list[str]:
        found = await cohorts.report(reference)
        return [as_json(found)] if found else refuse(f"no cohort {reference!r}; `sponsors list` names them")

    run(_with_sponsors(lines))


async def _with_sponsors(lines: Callable[[Sponsors], Awaitable[list[str]]]) -> None:
    from bot.beside import opened
    from bot.sponsoring import Sponsors

    logs.set_up()
    async with opened(the_settings()) as (database, keys):
        print_lines(await lines(Sponsors(database, keys, Clock())))


async def _lines_of(line: Awaitable[str]) -> list[str]:
    return [await line]
