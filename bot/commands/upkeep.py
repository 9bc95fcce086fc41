"""For those who keep it running: a look-over, copies, master keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import logs
from bot.commands.shared import print_lines, refuse, run, the_settings

keys = typer.Typer(no_args_is_help=True, help="The master keys.")
erasures = typer.Typer(no_args_is_help=True, help="What was erased, to be erased again after an old backup.")


def doctor() -> None:
    """Look the installation over: one line a finding and what to do; 1 if something is wrong."""
    from bot.doctor import GRAVE, examine

    logs.set_up(quiet=True)
    found = run(examine(the_settings()))
    print_lines(map(str, found) if found else ["nothing found"])
    raise typer.Exit(any(finding.grade == GRAVE for finding in found))


def backup(file: Path) -> None:
    """Copy the database into a new FILE while it is in use. The master key is not in it: keep that elsewhere."""
    from storage.backup import BackupError, back_up

    try:
        back_up(the_settings().database, file)
    except BackupError as error:
        refuse(str(error))


@keys.command("new")
def new_key(key_id: Annotated[str, typer.Argument(help="The id of the key: letters, figures, _ and -.")]) -> None:
    """Print a new master key; put it first in JAMIN_KEYS, before those there are."""
    from storage.sealing import KeyRing

    typer.echo(KeyRing.make(key_id))


@keys.command("rotate")
def rotate_keys() -> None:
    """Turn what is stored to the first key of JAMIN_KEYS, while the program runs; may be cut short and begun again."""
    from bot.rotating import rotate_until_done

    logs.set_up()
    run(rotate_until_done(the_settings()))


@erasures.command("list")
def list_erased() -> None:
    """Print a line for each chat that was erased. Keep it apart from the database, hourly."""
    from bot.erasing import list_erasures

    logs.set_up()
    run(list_erasures(the_settings()))


@erasures.command("replay")
def replay_erased(file: Path) -> None:
    """Erase again what a kept list names: after restoring an older backup, before anybody is served."""
    from bot.erasing import ListError, replay_erasures

    logs.set_up()
    try:
        run(replay_erasures(the_settings(), file.read_text().splitlines()))
    except (ListError, UnicodeDecodeError) as error:
        refuse(str(error))
    except FileNotFoundError:
        refuse(f"{file} is not there; name a list that `python -m bot erasures list` wrote")
