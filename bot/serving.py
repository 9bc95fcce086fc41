"""The server as a program: it starts, says where to look, and stops cleanly on SIGTERM."""

from __future__ import annotations

import asyncio
import signal

import typer

from bot.app import Jamin, running
from bot.channels.whatsapp.templates import load_templates
from bot.clock import Clock
from bot.desk.accounts import first_operator
from bot.settings import Settings
from bot.texts.signing import spoken
from bot.tuning import leave_no_core, open_many, spare_the_collector
from bot.web_app import bound
from bot.wording import WordingError, faults, load_speech
from storage.simulated import simulated


async def serve_until_stopped(settings: Settings, port: int) -> None:
    """Serve on a port until SIGTERM or SIGINT; what was taken is finished first.

    Raises:
        WordingError: a sentence or a template doesn't fit a channel.
        OSError: the port is taken, or a file cannot be made.
    """
    leave_no_core()
    open_many()
    # Drafts, which only a demo speaks, are held to the same by a test.
    if unfit := [fault for locale in spoken(demo=False) for fault in faults(load_speech(locale))]:
        raise WordingError("\n".join(unfit))
    load_templates()
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    listener = bound(settings.host, port)
    async with running(settings, Clock(), listener) as jamin:
        await _say_where(jamin)
        spare_the_collector()
        await stop.wait()
        typer.echo("stopping", err=True)


async def _say_where(jamin: Jamin) -> None:
    """Say where to look, and once, on the first start, how to sign in at the desk."""
    mode = "SIMULASI (demo)" if jamin.settings.demo else "live"
    async with jamin.database.read() as connection:
        seed = await simulated(connection)
    if seed is not None:
        mode += f", with the invented people of a simulation (seed {seed})"
    typer.echo(f"Jamin is ready, {mode}:", err=True)
    typer.echo(f"  chat   {jamin.root}/", err=True)
    typer.echo(f"  desk   {jamin.root}/desk", err=True)
    password = await first_operator(jamin.database, jamin.clock)
    if password:
        typer.echo(f"  sign in at the desk as: petugas   one-time password: {password}", err=True)
