"""The one composition root: here everything real is chosen, opened, joined and closed again."""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import aiohttp
import sqlalchemy as sa
import structlog
from aiohttp import web
from msgspec.structs import replace
from prometheus_client import CollectorRegistry

from bot import health
from bot.ask import load_entries
from bot.backend import Backend
from bot.backend.client import HttpBackend
from bot.backend.errors import BackendError
from bot.backend.manual import ManualBackend
from bot.backend.reference import reference_app
from bot.backend.shapes import Requirements
from bot.backend_news import BackendNews
from bot.bodies import bodies
from bot.broadcasting import Broadcasting
from bot.calling import Calling, Group
from bot.casework import Rules
from bot.channels.web import Say as PageSay
from bot.channels.web import add_web_chat
from bot.clock import Clock
from bot.desk import add_desk
from bot.desk.live import Live as DeskLive
from bot.desk.speaking import in_the_language_of_the_page
from bot.door import ChatDoor
from bot.field import add_field
from bot.field.links import FieldLinks
from bot.field.month import MonthPicture
from bot.field.sample import keep_sample
from bot.handoffs import HandOffSender
from bot.headers import add_headers
from bot.held_pages import HeldPages
from bot.jobs import Jobs
from bot.keys import keys_told
from bot.ktp.photos import Photos
from bot.ktp.reader import Reader, can_read
from bot.ktp.shelf import Shelf
from bot.messengers import GroupMessenger, Messenger, messengers
from bot.metrics import Live, Stored, add_metrics
from bot.monitor.wing import MONITOR
from bot.moving import CodeLookup, Doors, WayIn
from bot.outbox import Outbox, Sender
from bot.papers import Illustrating, Papers, add_papers
from bot.playing import Core, Speak
from bot.pressure import pressure
from bot.private_pages import PrivatePages
from bot.purging import Purging
from bot.ranking import Ranking
from bot.reconciling import Reconciliation
from bot.reminding import Limits, Rechecking, Reminding
from bot.settings import Settings
from bot.sponsoring import FindingSponsors, Sponsors
from bot.supplies import Supplies
from bot.texts.catalogue import SOURCE
from bot.texts.signing import spoken as languages
from bot.throttle import throttle
from bot.tracing import tracing
from bot.turns import Taken, Turns
from bot.waking import Waking
from bot.watching import Watched, Watcher, Watchers
from bot.webhooks import BackendWebhooks
from bot.wording import load_speech
from conversations.engine import take_turn
from conversations.flows.agency import MONTH
from conversations.messages import Message, Reply, Say
from conversations.session import Session
from conversations.speech import Speech
from conversations.turn import Facts
from storage.database import Database, open_database
from storage.deliveries import LEASE
from storage.handoffs import MOVING, READING
from storage.migrate import migrate
from storage.monitor.tallies import roll_up
from storage.sealing import KeyRing, KeysError, SealingError, Wrapped
from storage.simulated import SimulatedError, simulated
from storage.tables import chats

BACKEND_CHANNEL = "backend"
EMBEDDED = "/backend"
"""Where the embedded reference backend is mounted."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Jamin:
    """The running parts, for those who drive them: the server, the terminal, tests."""

    settings: Settings
    clock: Clock
    database: Database
    keys: KeyRing
    speech: Speech
    turns: Turns
    outbox: Outbox
    door: ChatDoor
    jobs: Jobs
    waking: Waking
    figures: CollectorRegistry
    backend: Backend
    messengers: Mapping[str, Messenger]
    papers: Papers
    embedded: web.Application | None
    root: str
    """Where people reach us, without a slash at the end."""
    desk_live: DeskLive
    photos: Photos
    shelf: Shelf


class World(NamedTuple):
    """What surrounds the program besides the settings: who watches, what delivers on further channels, and the language
    `locale` in which new chats begin. Where somebody `plays` it, what happens by the clock waits for them to move it,
    and a `lease` must outlive their moves."""

    watchers: tuple[Watcher, ...] = ()
    senders: Mapping[str, Sender] = MappingProxyType({})
    plays: bool = False
    lease: dt.timedelta = LEASE
    locale: str = SOURCE


REAL = World()
"""Nothing but the settings say what is out there, and time goes by."""


@contextlib.asynccontextmanager
async def running(
    settings: Settings, clock: Clock, listener: socket.socket, world: World = REAL
) -> AsyncIterator[Jamin]:
    """Run everything on a bound socket while the block lasts; what waits at the end is finished first.

    Raises:
        SimulatedError: a simulated database in live mode.
        KeysError, DatabaseUrlError, OSError: a setting or the machine is not as it must be; the message says which.
    """
    async with contextlib.AsyncExitStack() as stack:
        jamin = await _composed(stack, settings, clock, listener, world)
        if settings.demo:
            await keep_sample(jamin.database, jamin.keys, jamin.speech.say(Say("field.sample")), clock())
        await stack.enter_async_context(_serving(web_app(jamin), listener))
        await stack.enter_async_context(jamin.waking.running())
        await jamin.turns.start()
        stack.push_async_callback(jamin.turns.stop)
        await jamin.outbox.start(jamin.turns.take)
        stack.push_async_callback(jamin.outbox.stop)
        if not world.plays:
            await stack.enter_async_context(jamin.jobs.running())
        for messenger in jamin.messengers.values():
            await stack.enter_async_context(messenger.running())
        if calling := staff_calls(jamin):
            await stack.enter_async_context(calling.running())
        yield jamin


async def _composed(
    stack: contextlib.AsyncExitStack, settings: Settings, clock: Clock, listener: socket.socket, world: World
) -> Jamin:
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    here = "http://{}:{}".format(*listener.getsockname()[:2])
    root = settings.public_url.rstrip("/") or here
    keys = load_keys(settings)
    database = await _opened(stack, settings)
    await see_keys_fit(database, keys)
    await see_mode_fits(database, settings)
    http = await stack.enter_async_context(aiohttp.ClientSession())
    settings = _with_secret(settings)
    embedded = _embedded(settings, clock, here, root)
    backend = _backend(settings, http, here)
    speech, spoken = load_speech(), languages(demo=settings.demo)
    ranking = stack.enter_context(contextlib.closing(Ranking(*spoken)))
    month = MonthPicture(database, keys, saying(speech), clock, settings.demo)
    drawn = {MONTH: month.drawn}
    papers = Papers(database, keys, speech, clock, lambda: root, demo=settings.demo, others=drawn)
    door, desk_live = ChatDoor(database, keys, papers.picture_address), DeskLive(database, clock)
    told = _joined(stack, messengers(settings, database, keys, clock, saying(speech)))
    (figures, watchers), waking = _watching(stack, settings, world), Waking(database, clock)
    photos, shelf = _photos(stack, settings, told, clock)
    known = {**_senders(database, keys, backend, told, papers, clock), READING: photos, **world.senders}
    senders = _watched(known, watchers)
    outbox = _outbox(database, keys, senders, told, waking, clock, world.lease)
    supplies = Supplies(ranking, Doors(_ways_in(told, root)), Sponsors(database, keys, clock), database, keys, clock)
    turns = Turns(
        database,
        keys,
        Core(take_turn, _speak(database, keys, spoken, clock, root), world.locale),
        outbox,
        clock=clock,
        fetch=supplies.supply,
        facts=replace(await _facts(settings, root, None if embedded else backend), reads_ktp=photos.are_read),
        on_committed=lambda taken: _tell(taken, door, waking),
        on_batch=watchers.committed,
    )
    _lead(turns, door, told)
    _wake(waking, door, outbox, desk_live)
    jobs = _jobs(settings, database, keys, backend, turns, clock, Purging(database, clock, figures))
    parts = (speech, turns, outbox, door, jobs, waking, figures, backend, told, papers)
    return Jamin(settings, clock, database, keys, *parts, embedded, root, desk_live, photos, shelf)


def _photos(
    stack: contextlib.AsyncExitStack, settings: Settings, told: Mapping[str, Messenger], clock: Clock
) -> tuple[Photos, Shelf]:
    """Read pictures from all channels that bring any; those of a terminal come over a shelf."""
    shelf = Shelf()
    fetches = {"terminal": shelf.fetch, **{channel: messenger.fetch for channel, messenger in told.items()}}
    return Photos(reading(stack, settings), fetches, clock), shelf


def reading(stack: contextlib.AsyncExitStack, settings: Settings) -> Reader | None:
    """Give what reads pictures, where that is asked for and the extra for it is installed; it ends with the rest."""
    if not settings.ktp_photo:
        return None
    if not can_read():
        log.warning("pictures_not_read", setting="JAMIN_KTP_PHOTO", fix="pip install rapidocr onnxruntime")
        return None
    reader = Reader()
    stack.push_async_callback(reader.close)
    return reader


def staff_calls(jamin: Jamin) -> Calling | None:
    """Give what calls the staff's group, where one is set."""
    settings, telegram = jamin.settings, jamin.messengers.get("telegram")
    if not settings.staff_telegram_chat or not isinstance(telegram, GroupMessenger):
        return None
    group = Group(telegram, settings.staff_telegram_chat, settings.hours)
    return Calling(jamin.database, group, say=saying(jamin.speech), clock=jamin.clock, root=jamin.root)


def _joined(stack: contextlib.AsyncExitStack, told: Mapping[str, Messenger]) -> Mapping[str, Messenger]:
    """Have the messengers' connections end with everything else."""
    for messenger in told.values():
        stack.push_async_callback(messenger.close)
    return told


def _speak(database: Database, keys: KeyRing, spoken: Sequence[str], clock: Clock, root: str) -> Speak:
    """Put replies into words of the chat's language, with links of the shell's own where the core marked them. A chat
    in a language that is not offered here any more goes on in Indonesian."""
    pages, field = PrivatePages(database, keys, lambda: root), FieldLinks(keys, root)
    held = HeldPages(database, keys, clock, saying(load_speech()), root)

    def speak(reply: Reply, session: Session) -> Message:
        speech = load_speech(session.locale if session.locale in spoken else SOURCE)
        message = pages.linked(speech.message(reply, session), session)
        return field.linked(held.linked(message, session), session)

    return speak


def _lead(turns: Turns, door: ChatDoor, told: Mapping[str, Messenger]) -> None:
    """Let every way in lead to the one door."""
    door.lead_to(turns)
    for messenger in told.values():
        messenger.lead_to(turns.take)


def _wake(waking: Waking, door: ChatDoor, outbox: Outbox, desk_live: DeskLive) -> None:
    """Let what is committed here or in other processes wake the pages open here, the desk's too, and the sending."""
    waking.subscribe(door.hear)
    waking.subscribe(lambda _: desk_live.wake())
    waking.subscribe(lambda news: outbox.look() if news.due else None)


def _tell(taken: Sequence[Taken], door: ChatDoor, waking: Waking) -> None:
    """Tell the pages open here, then all who subscribed, also in other processes."""
    door.tell(taken)
    waking.tell_committed(taken)


def _watching(stack: contextlib.AsyncExitStack, settings: Settings, world: World) -> tuple[CollectorRegistry, Watchers]:
    """Keep figures, and send traces where that is asked for."""
    figures = CollectorRegistry()
    return figures, Watchers(Live(figures), *stack.enter_context(tracing(settings.traces_url)), *world.watchers)


def _watched(senders: Mapping[str, Sender], watcher: Watcher) -> Mapping[str, Sender]:
    """Have every attempt to deliver told to who watches."""
    return {channel: Watched(sender, watcher) for channel, sender in senders.items()}


def _senders(
    database: Database, keys: KeyRing, backend: Backend, told: Mapping[str, Messenger], papers: Papers, clock: Clock
) -> Mapping[str, Sender]:
    """Say who delivers hand-offs, looks up codes and sends to the messengers, by channel."""
    senders: dict[str, Sender] = {BACKEND_CHANNEL: HandOffSender(backend), MOVING: CodeLookup(database, keys, clock)}
    for channel, messenger in told.items():
        senders[channel] = Rechecking(Illustrating(messenger.sender, messenger.pictures, papers), database, clock)
    return senders


def _jobs(
    settings: Settings,
    database: Database,
    keys: KeyRing,
    backend: Backend,
    turns: Turns,
    clock: Clock,
    purging: Purging,
) -> Jobs:
    """What happens by the clock alone."""
    reconciliation = Reconciliation(database, keys, backend, turns.take, clock)
    broadcasting = Broadcasting(database, keys, turns.take, clock)
    reminding = Reminding(database, keys, turns.take, clock, _limits(settings))
    sponsors = FindingSponsors(database, keys, turns.take, clock)
    tallying = partial(roll_up, database)
    rounds = (reconciliation.round, reminding.round, broadcasting.round, sponsors.round, purging.round, tallying)
    return Jobs(database, keys, turns.take, clock, case_rules(settings), rounds)


def _outbox(
    database: Database,
    keys: KeyRing,
    senders: Mapping[str, Sender],
    told: Mapping[str, Messenger],
    waking: Waking,
    clock: Clock,
    lease: dt.timedelta,
) -> Outbox:
    """Deliver hand-offs, and to those messengers' accounts that this process serves at the moment; nothing while the
    other processes cannot see that this one lives, and may take over what it claimed."""
    always = frozenset(senders.keys() - told.keys())

    def serves() -> frozenset[str]:
        return always.union(*(messenger.channels for messenger in told.values())) if waking.is_seen else frozenset()

    return Outbox(
        database,
        keys,
        senders,
        holder=database.process,
        clock=clock,
        serves=serves,
        on_left=waking.tell_due,
        lease=lease,
    )


def _ways_in(told: Mapping[str, Messenger], root: str) -> Mapping[str, WayIn]:
    """Give the ways into the channels for somebody with a code."""

    async def web_chat(code: str) -> str:
        return f"{root}/?kode={code}"

    return {**{channel: messenger.way_in for channel, messenger in told.items()}, "web": web_chat}


def _limits(settings: Settings) -> Limits:
    """How many reminders, and what they may cost."""
    return Limits(
        settings.reminders_a_month, settings.reminder_budget, settings.prices, settings.reminders_fewer_percent
    )


# --- opening what is needed ------------------------------------------------------------------------------------------


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
    file.touch(mode=0o600)
    file.write_text(text + "\n")


async def _opened(stack: contextlib.AsyncExitStack, settings: Settings) -> Database:
    database = open_database(settings.database)
    stack.push_async_callback(database.close)
    await migrate(database)
    return database


async def see_keys_fit(database: Database, keys: KeyRing) -> None:
    """See that the keys open what is stored. With others nobody's chat is found again, and nobody would notice.

    Raises:
        KeysError: they do not.
    """
    newest = sa.select(chats.c.ref, chats.c.key_id, chats.c.data_key).where(chats.c.data_key.is_not(None))
    async with database.read() as connection:
        row = (await connection.execute(newest.order_by(chats.c.id.desc()).limit(1))).first()
    try:
        if row is not None:
            keys.unwrap(Wrapped(row.key_id, row.data_key), f"chats.{row.ref}")
    except SealingError as error:
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


def _with_secret(settings: Settings) -> Settings:
    """The embedded backend and we share a secret that nobody else needs; its file depends on it as ours on the key."""
    if settings.backend_kind != "reference" or settings.backend_secret:
        return settings
    file = settings.home / "backend.secret"
    if not file.exists():
        _write_secret(file, secrets.token_urlsafe(32))
    return settings.model_copy(update={"backend_secret": file.read_text().strip()})


def _embedded(settings: Settings, clock: Clock, here: str, root: str) -> web.Application | None:
    if settings.backend_kind != "reference":
        return None
    return reference_app(
        settings.home / "reference.db",
        settings.backend_secret,
        public_url=lambda: root + EMBEDDED,
        webhook_url=lambda: f"{here}/webhooks/backend",
        clock=clock,
    )


def _backend(settings: Settings, http: aiohttp.ClientSession, here: str) -> Backend:
    if settings.backend_kind == "manual":
        return ManualBackend()
    url = settings.backend_url if settings.backend_kind == "http" else here + EMBEDDED
    return HttpBackend(http, url.rstrip("/"), settings.backend_secret)


async def _facts(settings: Settings, root: str, backend: Backend | None) -> Facts:
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


# --- the web application ---------------------------------------------------------------------------------------------


def saying(speech: Speech) -> PageSay:
    """Give the pages the catalogue."""

    def say(key: str, /, **values: object) -> str:
        return speech.say(Say(key, dict(values)))

    return say


def web_app(jamin: Jamin) -> web.Application:
    """Put all HTTP doors into one application."""
    app = web.Application(client_max_size=256 * 1024, middlewares=[throttle(), bodies(), pressure()])
    settings, say = jamin.settings, saying(jamin.speech)
    add_headers(app, secure=jamin.root.startswith("https://"))
    pages = PrivatePages(jamin.database, jamin.keys, lambda: jamin.root)
    read_photo = jamin.photos.on_page if jamin.photos.are_read else None
    add_web_chat(app, jamin.door, demo=settings.demo, say=say, find_asked=pages.find, read_photo=read_photo)
    add_desk(
        app,
        database=jamin.database,
        keys=jamin.keys,
        take=jamin.turns.take,
        clock=jamin.clock,
        demo=settings.demo,
        manual=settings.backend_kind == "manual",
        secure=jamin.root.startswith("https://"),
        following=jamin.desk_live,
        say=in_the_language_of_the_page(lambda locale: saying(load_speech(locale))),
        wings=(MONITOR,),
        on_behalf_of=settings.on_behalf_of,
        limits=_limits(settings),
    )
    HeldPages(jamin.database, jamin.keys, jamin.clock, say, jamin.root).add_routes(app)
    add_field(
        app,
        jamin.database,
        jamin.keys,
        jamin.clock,
        jamin.turns.take,
        say=say,
        root=jamin.root,
        links=Doors(_ways_in(jamin.messengers, jamin.root)).links,
        on_behalf_of=settings.on_behalf_of,
        demo=settings.demo,
    )
    add_papers(app, jamin.papers, say, jamin.clock, demo=settings.demo)
    _add_doors_for_programs(app, jamin)
    return app


def _add_doors_for_programs(app: web.Application, jamin: Jamin) -> None:
    """Add what no person opens: health, figures, what the backend and the messengers post."""
    health.add_health(app, jamin.database, jamin.turns)
    add_metrics(app, jamin.figures, Stored(jamin.database, jamin.turns, jamin.clock))
    if jamin.settings.backend_kind != "manual":
        news = BackendNews(jamin.database, jamin.keys, jamin.turns.take)
        hooks = BackendWebhooks(news, jamin.settings.backend_secret, jamin.clock)
        app.router.add_post("/webhooks/backend", hooks.receive)
    for messenger in jamin.messengers.values():
        messenger.add_routes(app)
    if jamin.embedded is not None:
        app.add_subapp(EMBEDDED, jamin.embedded)


@contextlib.asynccontextmanager
async def _serving(app: web.Application, listener: socket.socket) -> AsyncIterator[None]:
    # No access log: paths hold payment codes and the tokens of one-time pages.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield
    finally:
        await runner.cleanup()


def bound(host: str, port: int) -> socket.socket:
    """Bind a listening socket; port 0 takes any free one.

    Raises:
        OSError: the port is taken.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    return listener
