"""Looking over an installation: what is wrong or weak, one line each, with what to do about it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import email.utils
import shutil
import ssl
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import aiohttp
import sqlalchemy as sa

from bot.channels.whatsapp.graph import Graph, GraphError
from bot.opening import load_keys, see_keys_fit
from bot.settings import Settings
from conversations.retention import BACKUP_DAYS
from storage.audit import first_broken
from storage.database import Database, complaint, open_database
from storage.migrate import is_newest
from storage.rotation import left, locked_out
from storage.sealing import KeyRing, KeysError
from storage.tables import operators
from storage.worklist import dead_count

LEAST_ROOM = 1 << 30
"""Bytes that should be free where the database is."""
CLOCK_MAY_DIFFER = dt.timedelta(seconds=60)
BACKUP_MAY_BE_OLD = dt.timedelta(hours=26)
"""A day and the time a backup takes."""
CERTIFICATE_LEFT = dt.timedelta(days=14)
"""What a certificate that renews itself never comes down to."""
LEAST_SECRET = 16
"""Letters of a secret that nobody guesses; each was chosen by us or is at least as long."""
PATIENCE = 10.0
"""Seconds that somebody else's answer may take."""
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
        http = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)))
        patient = Patient(settings, load_keys(settings), database, http)
        within = [finding async for finding in _database(patient)]
        looks = LOOKS if within else (*LOOKS_WITHIN, *LOOKS)
        return within + [finding for look in looks async for finding in look(patient)]


# --- what is looked at -----------------------------------------------------------------------------------------------


async def _database(patient: Patient) -> Findings:
    """See that it answers; what lies within cannot be looked at otherwise."""
    try:
        async with patient.database.read() as connection:
            await connection.execute(sa.text("SELECT 1"))
    except (OSError, sa.exc.SQLAlchemyError) as error:
        yield Finding(GRAVE, f"the database does not answer: {complaint(error)}; look at JAMIN_DATABASE_URL")


async def _schema(patient: Patient) -> Findings:
    if not await is_newest(patient.database):
        yield Finding(GRAVE, "the database has an older schema: start `python -m bot serve` once, it migrates")


async def _keys(patient: Patient) -> Findings:
    try:
        await see_keys_fit(patient.database, patient.keys)
    except KeysError as error:
        yield Finding(GRAVE, str(error))
    async with patient.database.read() as connection:
        if rows := await locked_out(connection, patient.keys):
            yield Finding(GRAVE, f"{rows} rows need a key that is not in JAMIN_KEYS: put it back, behind the first")
        if rows := await left(connection, patient.keys):
            yield Finding(WEAK, f"{rows} rows name an older key: run `python -m bot keys rotate`")


async def _files(patient: Patient) -> Findings:
    for path in _private(patient.settings):
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(WEAK, f"{path} can be read by others: chmod go= {path}")


def _private(settings: Settings) -> Iterator[Path]:
    """Yield what only the program's own account should read."""
    backups, url = settings.home / "backups", sa.make_url(settings.database)
    yield settings.home
    yield from (path for path in settings.home.glob("*") if path.is_file())
    yield from (backups, *backups.glob("*"))
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_relative_to(settings.home):
        yield Path(url.database)
    if settings.keys_file:
        yield settings.keys_file


async def _secrets(patient: Patient) -> Findings:
    settings = patient.settings
    if settings.mode == "live" and not (settings.keys or settings.keys_file or settings.keys_command):
        yield Finding(WEAK, "the master key lies beside the database: set JAMIN_KEYS from a place of its own")
    for name in ("telegram_secret", "whatsapp_app_secret", "whatsapp_verify_token", "backend_secret"):
        if 0 < len(getattr(settings, name)) < LEAST_SECRET:
            yield Finding(WEAK, f"JAMIN_{name.upper()} can be guessed: take one of {LEAST_SECRET} letters at least")


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
    except aiohttp.ClientSSLError:
        return  # The certificate is looked at by itself.
    except (aiohttp.ClientError, TimeoutError, ValueError):
        yield Finding(GRAVE, "nothing answers at JAMIN_PUBLIC_URL: is the server running, and its proxy?")
        return
    if abs(dt.datetime.now(dt.UTC) - theirs) > CLOCK_MAY_DIFFER:
        yield Finding(GRAVE, "the clock is wrong by more than a minute: switch on time synchronisation")


async def _certificate(patient: Patient) -> Findings:
    """See that browsers and messengers would take the certificate at our address, and for how long."""
    url = urlsplit(patient.settings.public_url)
    if url.scheme != "https":
        return
    try:
        until = await _good_until(url.hostname or "", url.port or 443)
    except ssl.SSLError as error:
        yield Finding(
            GRAVE, f"the certificate at JAMIN_PUBLIC_URL is refused ({error.reason}): have the proxy renew it"
        )
    except (OSError, TimeoutError):
        return  # That nothing answers is said already.
    else:
        if until - dt.datetime.now(dt.UTC) < CERTIFICATE_LEFT:
            yield Finding(WEAK, f"the certificate at JAMIN_PUBLIC_URL ends on {until:%Y-%m-%d}: it should renew itself")


async def _good_until(host: str, port: int) -> dt.datetime:
    async with asyncio.timeout(PATIENCE):
        _, writer = await asyncio.open_connection(host, port, ssl=ssl.create_default_context())
    certificate: dict[str, Any] = writer.get_extra_info("peercert")
    writer.transport.abort()
    return dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), dt.UTC)


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


async def _whatsapp(patient: Patient) -> Findings:
    settings = patient.settings
    if not settings.whatsapp_token:
        return
    if not settings.public_url:
        yield Finding(GRAVE, "JAMIN_PUBLIC_URL is not set: WhatsApp brings messages nowhere else")
    graph = Graph(settings.whatsapp_token, settings.whatsapp_api_url)
    try:
        told = await graph.get(settings.whatsapp_phone_id, fields="webhook_configuration")
    except GraphError:
        yield Finding(GRAVE, "WhatsApp refuses JAMIN_WHATSAPP_TOKEN or JAMIN_WHATSAPP_PHONE_ID: see docs/channels.md")
    except (aiohttp.ClientError, TimeoutError):
        yield Finding(GRAVE, "WhatsApp does not answer: look at the network, and at JAMIN_WHATSAPP_API_URL if set")
    else:
        if settings.public_url and not _brought_to(told).startswith(settings.public_url):
            yield Finding(GRAVE, "WhatsApp brings messages elsewhere: name our address there, see docs/channels.md")
    finally:
        await graph.close()


def _brought_to(told: dict[str, Any]) -> str:
    """Return where messages of a number are brought: what was set for it goes before what was set for all."""
    set_for = told.get("webhook_configuration") or {}
    levels = ("phone_number", "whatsapp_business_account", "application")
    return str(next((set_for[level] for level in levels if set_for.get(level)), ""))


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


LOOKS_WITHIN: tuple[Callable[[Patient], Findings], ...] = (_schema, _keys, _staff)
"""Looks into the database."""
LOOKS: tuple[Callable[[Patient], Findings], ...] = (
    _files,
    _secrets,
    _room,
    _address,
    _clock,
    _certificate,
    _telegram,
    _whatsapp,
    _backup,
)
