"""One reader, one question, one price: what the core makes of it, a line each."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.ask import ask_lines
from bot.commands.shared import At, Locale, day, known, print_lines, refuse, stdin
from bot.quote import quote_json
from bot.read import read_lines
from conversations.reading import READERS


def read(kind: str, at: At = "") -> None:
    """Read each line of stdin with one reader."""
    if kind not in READERS:
        refuse(f"KIND is one of {', '.join(sorted(READERS))}")
    print_lines(read_lines(kind, stdin(), day(at)))


def ask(locale: Locale = "id", at: At = "") -> None:
    """Take each line of stdin as a question."""
    known(locale)
    print_lines(ask_lines(stdin(), day(at), locale))


def quote(
    income: Annotated[int, typer.Option(help="Rupiah a month.")],
    sector: Annotated[str, typer.Option(help="transport or other.")],
    programmes: Annotated[str, typer.Option(help="jkk,jkm or jkk,jkm,jht.")],
    months: Annotated[int, typer.Option(help="1 to 12.")],
    first: Annotated[str, typer.Option("--from", help="The first contribution month, YYYY-MM.")],
    payer: Annotated[str, typer.Option(help="self, state or other.")] = "self",
    employer: Annotated[bool, typer.Option("--employer", help="The worker employs others.")] = False,
) -> None:
    """Price contribution months, as one JSON object."""
    try:
        typer.echo(quote_json(income, sector, programmes, months, first, payer, employer))
    except ValueError as error:
        refuse(str(error))
