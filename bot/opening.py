"""What everything else needs first: keys, the database, the way to the backend, and that they fit together."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import secrets
from pathlib import Path

import aiohttp
import structlog
from aiohttp import web

from bot.ask import load_entries
from bot.backend import Backend
from bot.backend.client import HttpBackend
from bot.backend.errors import BackendError
from bot.backend.manual import ManualBackend
from bot.backend.reference import reference_app
from bot.backend.shapes import Requirements
from bot.casework import Rules
from bot.clock import Clock
from bot.keys import keys_told
from bot.reminding import Limits
from bot.settings import Settings
from bot.texts.signing import spoken as languages
from conversations.turn import Facts
from storage.database import Database, open_database
from storage.migrate import migrate
from storage.rotation import see_opens
from storage.sealing import BrokenSealError, KeyRing, KeysError
from storage.simulated import SimulatedError, simulated

EMBEDDED = "/backend"
"""Where the embedded reference backend is mounted."""

log = structlog.get_logger(__name__)


def load_keys(settings: Settings) -> KeyRing:
    """Read the master keys; on the first start one is made and kept in a file beside the database, never in it.

    Raises:
        KeysError: they cannot be had from where the settings say, or are not usable.
    """
    if told := keys_told(settings):
        return KeyRing.from_text(told)
    file = settings.home / "master.key"
    if not file.exists():
        _write_secret(file, KeyRing.make())
        log.warning("master_key_made", file=str(file), keep="a copy of it elsewhere: without it nothing can be read")
    return KeyRing.from_text(file.read_text().strip())


def _write_secret(file: Path, text: str) -> None:
    """Write a secret for good: a file that a power failure left empty would be taken for another key."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    with new.open("r+") as writing:
        writing.write(text + "\n")
        writing.flush()
        os.fsync(writing.fileno())
    new.rename(file)


async def opened(stack: contextlib.AsyncExitStack, settings: Settings, keys: KeyRing) -> Database:
    """Open the database, brought up to date, and see that it fits; it is closed at the end.

    Raises:
        KeysError: the keys are not those it was sealed with.
        SimulatedError: it holds invented people, and real ones are served.
    """
    database = open_database(settings.database)
    stack.push_async_callback(database.close)
    await migrate(database)
    await see_keys_fit(database, keys)
    await see_mode_fits(database, settings)
    return database


async def see_keys_fit(database: Database, keys: KeyRing) -> None:
    """See that the keys open what is stored. With others nobody's chat is found again, and nobody would notice.

    Raises:
        KeysError: they do not.
    """
    try:
        async with database.read() as connection:
            await see_opens(connection, keys)
    except BrokenSealError as error:
        raise KeysError("JAMIN_KEYS or master.key is not what this database was sealed with") from error


async def see_mode_fits(database: Database, settings: Settings) -> None:
    """See that a world of invented people is never served as a real one.

    Raises:
        SimulatedError: it would be.
    """
    if settings.demo:
        return
    async with database.read() as connection:
        if await simulated(connection) is not None:
            raise SimulatedError("this database holds a simulation: set JAMIN_MODE=demo, or name another one")


def with_secret(settings: Settings) -> Settings:
    """The embedded backend and we share a secret that nobody else needs; its file depends on it as ours on the key."""
    if settings.backend_kind != "reference" or settings.backend_secret:
        return settings
    file = settings.home / "backend.secret"
    if not file.exists():
        _write_secret(file, secrets.token_urlsafe(32))
    return settings.model_copy(update={"backend_secret": file.read_text().strip()})


def embedded_backend(settings: Settings, clock: Clock, here: str, root: str) -> web.Application | None:
    """Give the reference backend that runs in this process; None where another one is used."""
    if settings.backend_kind != "reference":
        return None
    return reference_app(
        settings.home / "reference.db",
        settings.backend_secret,
        public_url=lambda: root + EMBEDDED,
        webhook_url=lambda: f"{here}/webhooks/backend",
        clock=clock,
    )


def backend_of(settings: Settings, http: aiohttp.ClientSession, here: str) -> Backend:
    """Give the way to the backend that the settings name."""
    if settings.backend_kind == "manual":
        return ManualBackend()
    url = settings.backend_url if settings.backend_kind == "http" else here + EMBEDDED
    return HttpBackend(http, url.rstrip("/"), settings.backend_secret)


async def facts_of(settings: Settings, root: str, backend: Backend | None) -> Facts:
    """Gather what the core may know of the settings and the backend."""
    entries = load_entries("id")
    return Facts(
        demo=settings.demo,
        on_behalf_of=settings.on_behalf_of,
        complaint_days=settings.complaint_days,
        requires=await _required(backend),
        entries=frozenset(entry.id for entry in entries),
        open_entries=frozenset(entry.id for entry in entries if entry.operator),
        root=root,
        simulates_payment=settings.demo and settings.backend_kind != "manual",
        private_page=True,
        hours=settings.hours,
        languages=languages(demo=settings.demo),
    )


def case_rules(settings: Settings) -> Rules:
    """What the office set for its cases."""
    return Rules(settings.hours, dt.timedelta(minutes=settings.desk_idle_minutes))


async def _required(backend: Backend | None) -> tuple[str, ...]:
    """Ask the backend which data it needs; the usual ones where it can't tell (it says so again at the hand-off)."""
    if backend is None:
        return tuple(Requirements().fields)
    try:
        return tuple((await backend.requirements()).fields)
    except BackendError as error:
        log.warning("requirements_unknown", error=type(error).__name__, setting="JAMIN_BACKEND_URL")
        return tuple(Requirements().fields)


def limits_of(settings: Settings) -> Limits:
    """How many reminders, and what they may cost."""
    return Limits(
        settings.reminders_a_month, settings.reminder_budget, settings.prices, settings.reminders_fewer_percent
    )
