"""Looking over an installation: what is wrong or weak, one line each, with what to do about it."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import shutil
import stat
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import NamedTuple

import aiohttp
import sqlalchemy as sa

from bot.opening import load_keys, see_keys_fit
from bot.settings import Settings
from conversations.retention import BACKUP_DAYS
from storage.audit import first_broken
from storage.database import Database, open_database
from storage.migrate import is_newest
from storage.rotation import left
from storage.sealing import KeyRing, KeysError
from storage.tables import operators
from storage.worklist import dead_count

LEAST_ROOM = 1 << 30
"""Bytes that should be free where the database is."""
CLOCK_MAY_DIFFER = dt.timedelta(seconds=60)
BACKUP_MAY_BE_OLD = dt.timedelta(hours=26)
"""A day and the time a backup takes."""
GRAVE, WEAK = "wrong", "weak"


class Finding(NamedTuple):
    """Something found: "wrong" must be put right, "weak" should be; `what` names it and says what to do."""

    grade: str
    what: str

    def __str__(self) -> str:
        return f"{self.grade}: {self.what}"


class Patient(NamedTuple):
    """The installation: its settings, keys and database."""

    settings: Settings
    keys: KeyRing
    database: Database
    http: aiohttp.ClientSession


Findings = AsyncIterator[Finding]


async def examine(settings: Settings) -> list[Finding]:
    """Look everything over.

    Raises:
        KeysError, DatabaseUrlError: so wrong that nothing else can be looked at; the message says what to do.
    """
    async with contextlib.AsyncExitStack() as stack:
        database = open_database(settings.database)
        stack.push_async_callback(database.close)
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)))
        patient = Patient(settings, load_keys(settings), database, http)
        return [finding for look in LOOKS async for finding in look(patient)]


# --- what is looked at -----------------------------------------------------------------------------------------------


async def _schema(patient: Patient) -> Findings:
    if not await is_newest(patient.database):
        yield Finding(GRAVE, "the database has an older schema: start `python -m bot serve` once, it migrates")


async def _keys(patient: Patient) -> Findings:
    try:
        await see_keys_fit(patient.database, patient.keys)
    except KeysError as error:
        yield Finding(GRAVE, str(error))
    settings = patient.settings
    if settings.mode == "live" and not (settings.keys or settings.keys_file or settings.keys_command):
        yield Finding(WEAK, "the master key lies beside the database: set JAMIN_KEYS from a place of its own")
    async with patient.database.read() as connection:
        if rows := await left(connection, patient.keys):
            yield Finding(WEAK, f"{rows} rows name an older key: run `python -m bot keys rotate`")


async def _files(patient: Patient) -> Findings:
    home = patient.settings.home
    for path in (home, *(p for p in home.glob("*") if p.is_file())):
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(WEAK, f"{path} can be read by others: chmod go= {path}")


async def _room(patient: Patient) -> Findings:
    free = shutil.disk_usage(_existing(patient.settings.home)).free
    if free < LEAST_ROOM:
        yield Finding(GRAVE, f"{free >> 20} MB are free at {patient.settings.home}: make room, or no turn can be kept")


async def _address(patient: Patient) -> Findings:
    settings = patient.settings
    if settings.mode != "live":
        yield Finding(WEAK, "this is demo mode, nothing is real: JAMIN_MODE=live for the real thing")
        return
    if not settings.public_url:
        yield Finding(WEAK, "JAMIN_PUBLIC_URL is not set: webhooks, links and posters need it")
    elif not settings.public_url.startswith("https://"):
        yield Finding(GRAVE, "JAMIN_PUBLIC_URL must be https: cookies and people's data go over it")


async def _clock(patient: Patient) -> Findings:
    """Compare our clock with that of whatever answers under our own address."""
    if not patient.settings.public_url:
        return
    try:
        async with patient.http.head(patient.settings.public_url) as answer:
            theirs = email.utils.parsedate_to_datetime(answer.headers.get("Date", ""))
    except (aiohttp.ClientError, TimeoutError, ValueError):
        yield Finding(GRAVE, "nothing answers at JAMIN_PUBLIC_URL: is the server running, and its proxy?")
        return
    if abs(dt.datetime.now(dt.UTC) - theirs) > CLOCK_MAY_DIFFER:
        yield Finding(GRAVE, "the clock is wrong by more than a minute: switch on time synchronisation")


async def _telegram(patient: Patient) -> Findings:
    settings = patient.settings
    if not settings.telegram_token:
        return
    api = settings.telegram_api_url or "https://api.telegram.org"
    try:
        async with patient.http.get(f"{api.rstrip('/')}/bot{settings.telegram_token}/getWebhookInfo") as answer:
            told = await answer.json()
    except (aiohttp.ClientError, TimeoutError, ValueError):
        yield Finding(GRAVE, "Telegram does not answer: look at the network, and at JAMIN_TELEGRAM_API_URL if set")
        return
    if not told.get("ok"):
        yield Finding(GRAVE, "Telegram refuses JAMIN_TELEGRAM_TOKEN: get a fresh one from BotFather")
        return
    hook = told["result"].get("url", "")
    if settings.public_url and not hook.startswith(settings.public_url):
        yield Finding(GRAVE, "Telegram's webhook leads elsewhere: restart `python -m bot serve`, it sets the webhook")
    if told["result"].get("last_error_message"):
        yield Finding(WEAK, "Telegram could not reach the webhook lately: is JAMIN_PUBLIC_URL open to the world?")


async def _staff(patient: Patient) -> Findings:
    async with patient.database.read() as connection:
        given = sa.select(operators.c.name).where(operators.c.must_change, operators.c.disabled_at.is_(None))
        for name in (await connection.execute(given)).scalars():
            yield Finding(WEAK, f"operator {name} still has the password they were given: have it changed")
        if broken := await first_broken(connection):
            yield Finding(GRAVE, f"the audit trail is broken from row {broken}: see docs/running.md, and keep a copy")
        if dead := await dead_count(connection):
            yield Finding(WEAK, f"{dead} deliveries were given up: look at /desk/tertunda")


async def _backup(patient: Patient) -> Findings:
    folder = patient.settings.home / "backups"
    newest = max((p.stat().st_mtime for p in folder.glob("*")), default=None)
    if newest is None:
        if patient.settings.mode == "live":
            yield Finding(WEAK, f"no backup in {folder}: see docs/running.md")
    elif _age(newest) > BACKUP_MAY_BE_OLD:
        yield Finding(WEAK, f"the newest backup in {folder} is older than a day")
    for path in folder.glob("*"):
        if _age(path.stat().st_mtime) > dt.timedelta(days=BACKUP_DAYS):
            yield Finding(WEAK, f"{path} holds what was erased since: delete backups after {BACKUP_DAYS} days")


def _age(stamp: float) -> dt.timedelta:
    return dt.datetime.now(dt.UTC) - dt.datetime.fromtimestamp(stamp, dt.UTC)


def _existing(path: Path) -> Path:
    return path if path.exists() else _existing(path.parent)


LOOKS: tuple[Callable[[Patient], Findings], ...] = (
    _schema,
    _keys,
    _files,
    _room,
    _address,
    _clock,
    _telegram,
    _staff,
    _backup,
)
