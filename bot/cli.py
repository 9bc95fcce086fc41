"""The commands. Data goes to stdout, logs to stderr; refused arguments exit with 2."""

from __future__ import annotations

import typer

from bot.commands.answers import answers
from bot.commands.broadcasts import broadcasts
from bot.commands.operators import audit, operators
from bot.commands.reading import ask, quote, read
from bot.commands.serving import backend, serve, talk, worker
from bot.commands.simulation import simulate
from bot.commands.sponsors import sponsors
from bot.commands.templates import templates
from bot.commands.texts import gallery, texts
from bot.commands.upkeep import backup, doctor, erasures, keys

cli = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help="Jamin, the chat that enrols."
)

for command in (serve, worker, backend, talk, read, ask, quote, doctor, backup, simulate, gallery):
    cli.command()(command)

for name, group in {
    "answers": answers,
    "texts": texts,
    "sponsors": sponsors,
    "broadcasts": broadcasts,
    "operators": operators,
    "audit": audit,
    "templates": templates,
    "keys": keys,
    "erasures": erasures,
}.items():
    cli.add_typer(group, name=name)


def main() -> None:
    """Run a command."""
    cli()
