"""The reference backend as a program of its own."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import typer
from aiohttp import web

from bot.backend.reference.app import reference_app

HOST = "127.0.0.1"


def run_reference(port: int, db_path: Path, secret: str, webhook_url: str | None = None) -> None:
    """Serve the reference backend on a port (0: any free one) until SIGTERM or SIGINT.

    Says on stderr where it listens. Webhooks wait in the file while `webhook_url` is None.

    Raises:
        OSError: the port is taken or the file cannot be made.
    """
    asyncio.run(_serve(port, db_path, secret, webhook_url))


async def _serve(port: int, db_path: Path, secret: str, webhook_url: str | None) -> None:
    where: list[str] = []
    app = reference_app(db_path, secret, public_url=lambda: where[0], webhook_url=lambda: webhook_url)
    # No access log: the paths hold payment codes.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        where.append(f"http://{HOST}:{runner.addresses[0][1]}")
        typer.echo(f"reference backend (SIMULASI) on {where[0]}, people to try at {where[0]}/registry", err=True)
        await _told_to_stop()
    finally:
        await runner.cleanup()


async def _told_to_stop() -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    await stop.wait()
