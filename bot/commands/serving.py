"""What serves: everything, one more process, the reference backend, a chat in the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from bot import logs
from bot.clock import Clock
from bot.commands.shared import At, Locale, known, moment, refuse, run, the_settings

Port = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes any free one.")]


def serve(port: Port = 8080) -> None:
    """Serve everything: chats, desk, hand-offs, and in demo mode the reference backend."""
    from bot.serving import serve_until_stopped

    logs.set_up()
    run(serve_until_stopped(the_settings(), port))


def worker(port: Port = 8081) -> None:
    """Run one more equal process on the same PostgreSQL."""
    from bot.serving import serve_until_stopped

    settings = the_settings()
    if not settings.database.startswith("postgres"):
        refuse("worker needs JAMIN_DATABASE_URL=postgresql://…: a SQLite file has one server process")
    if settings.backend_kind == "reference":
        refuse("worker needs JAMIN_BACKEND=http or manual: the embedded reference backend lives in one process")
    logs.set_up()
    run(serve_until_stopped(settings, port))


def backend(port: Port = 8090) -> None:
    """Run the reference backend alone. JAMIN_BACKEND_SECRET is the secret both sides share."""
    from bot.backend.reference import run_reference

    logs.set_up()
    settings = the_settings()
    if not settings.backend_secret:
        refuse("set JAMIN_BACKEND_SECRET to a secret that the Jamin using this backend is given too")
    settings.home.mkdir(parents=True, exist_ok=True)
    hook = f"{settings.public_url.rstrip('/')}/webhooks/backend" if settings.public_url else None
    try:
        run_reference(port, settings.home / "reference.db", settings.backend_secret, hook)
    except OSError as error:
        refuse(f"cannot serve on port {port}: {error.strerror}; choose another with --port")


def talk(
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line, in and out.")] = False,
    locale: Locale = "id",
    db: Annotated[str, typer.Option(help="A database to go on with; a fresh temporary one by default.")] = "",
    address: Annotated[str, typer.Option("--as", help="Who is talking; another name is another chat.")] = "me",
    at: At = "",
) -> None:
    """Chat in the terminal, in demo mode with an embedded backend."""
    from bot.channels.terminal import talk_until_end

    known(locale)
    logs.set_up(quiet=True)
    run(talk_until_end(Clock(moment(at)), db=db, address=address, as_json=json, locale=locale))
