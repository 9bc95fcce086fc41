"""For those who write the approved answers."""

from __future__ import annotations

import typer

from bot.commands.shared import At, Locale, day, known, print_lines, refuse
from conversations.reading.language import LANGUAGES

answers = typer.Typer(no_args_is_help=True, help="For those who write the approved answers.")


@answers.command("check")
def check_answers(locale: Locale = "id", at: At = "") -> None:
    """List faults (past valid-until, no source, typed amounts …), then answers taken for each other; 1 for a fault."""
    from bot.editing import report

    known(locale, LANGUAGES[:1])
    faults, confused = report(locale, day(at))
    print_lines((*faults, *confused))
    raise typer.Exit(bool(faults))


@answers.command("learn")
def learn_answers(locale: Locale = "id") -> None:
    """Have the sentence model read the phrasings anew, after some were edited; takes about a minute."""
    from bot.editing import learn

    known(locale, LANGUAGES[:1])
    try:
        typer.echo(f"{learn(locale)} phrasings learned")
    except ImportError:
        refuse("the sentence model is not installed; `make lint` installs all that the tests use, the model among it")
