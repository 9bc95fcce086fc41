"""Words of staff to many who agreed to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import logs
from bot.clock import Clock
from bot.commands.shared import At, moment, print_lines, refuse, run, the_settings
from conversations.audience import Audience

if TYPE_CHECKING:
    from bot.announcing import Announcing

broadcasts = typer.Typer(no_args_is_help=True, help="Words of staff to many who agreed to them.")


@broadcasts.command("add")
def add_broadcast(
    text: Annotated[Path, typer.Argument(metavar="FILE", help="A file with the words, as workers will read them.")],
    standing: Annotated[str, typer.Option(help="member, paid or unpaid (this month); all who agreed by default.")] = "",
    area: Annotated[str, typer.Option(help="Two digits of a province or four of a regency.")] = "",
    occupation: Annotated[str, typer.Option(help="A code such as ojek_online.")] = "",
    language: Annotated[str, typer.Option(help="A language such as id.")] = "",
) -> None:
    """Keep a draft; prints its reference."""
    from bot.announcing import written

    try:
        words, audience = written(text), Audience(standing, area, occupation, language)
    except (ValueError, OSError) as error:
        refuse(str(error))
    run(_with_broadcasts(lambda desk: desk.add(words, audience)))


@broadcasts.command("list")
def list_broadcasts() -> None:
    """List the broadcasts, one JSON object a line."""
    run(_with_broadcasts(lambda desk: desk.all()))


@broadcasts.command("preview")
def preview_broadcast(reference: str) -> None:
    """Show the words as they will be read, and how many chats they go to now."""
    run(_with_broadcasts(lambda desk: desk.preview(reference)))


@broadcasts.command("test")
def test_broadcast(reference: str, case: Annotated[int, typer.Argument(help="A case, by its number.")]) -> None:
    """Send it to the chat of one case within a minute."""
    run(_with_broadcasts(lambda desk: desk.test(reference, case)))


@broadcasts.command("schedule")
def schedule_broadcast(reference: str, at: At = "") -> None:
    """Send it from that moment on, now by default, between eight and eight."""
    run(_with_broadcasts(lambda desk: desk.schedule(reference, moment(at))))


@broadcasts.command("stop")
def stop_broadcast(reference: str) -> None:
    """Send no more of it; `schedule` goes on where it stopped."""
    run(_with_broadcasts(lambda desk: desk.stop(reference)))


@broadcasts.command("report")
def report_broadcast(reference: str) -> None:
    """Print how far it is and what came of it."""
    run(_with_broadcasts(lambda desk: desk.report(reference)))


async def _with_broadcasts(lines: Callable[[Announcing], Awaitable[list[str]]]) -> None:
    from bot.announcing import Announcing, UnknownBroadcastError
    from bot.beside import opened

    logs.set_up()
    settings = the_settings()
    async with opened(settings) as (database, _):
        try:
            print_lines(await lines(Announcing(database, Clock(), settings.on_behalf_of)))
        except UnknownBroadcastError as error:
            refuse(str(error))
