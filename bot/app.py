"""The one composition root: here everything real is chosen, opened, joined and closed again."""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import aiohttp
import structlog
from aiohttp import web
from msgspec.structs import replace
from prometheus_client import CollectorRegistry

from bot.backend import Backend
from bot.broadcasting import Broadcasting
from bot.calling import Calling, Group
from bot.channels.web import Languages
from bot.clock import Clock
from bot.desk.live import Live as DeskLive
from bot.door import ChatDoor
from bot.field import WRITTEN
from bot.field.links import FieldLinks
from bot.field.month import MonthPicture
from bot.field.sample import keep_sample
from bot.handoffs import HandOffSender
from bot.held_pages import HeldPages
from bot.jobs import Jobs
from bot.ktp.photos import Photos
from bot.ktp.reader import Reader, can_read
from bot.ktp.shelf import Shelf
from bot.messengers import GroupMessenger, Messenger, messengers
from bot.metrics import Live
from bot.moving import CodeLookup, Doors
from bot.opening import (
    backend_of,
    case_rules,
    embedded_backend,
    facts_of,
    limits_of,
    load_keys,
    opened,
    with_secret,
)
from bot.outbox import Outbox, Sender
from bot.papers import Illustrating, Papers
from bot.playing import Core, Speak
from bot.private_pages import PrivatePages
from bot.purging import Purging
from bot.ranking import Ranking
from bot.reconciling import Reconciliation
from bot.reminding import Rechecking, Reminding
from bot.settings import Settings
from bot.sponsoring import FindingSponsors, Sponsors
from bot.supplies import Supplies
from bot.texts.catalogue import SOURCE
from bot.tracing import tracing
from bot.turns import Taken, Turns
from bot.waking import Waking
from bot.watching import Watched, Watcher, Watchers
from bot.web_app import languages_of, saying, serving, ways_in, web_app
from bot.wording import load_speech
from conversations.engine import take_turn
from conversations.flows.agency import MONTH
from conversations.messages import Message, Reply, Say
from conversations.session import Session
from conversations.speech import Speech
from storage.database import Database
from storage.deliveries import LEASE
from storage.handoffs import MOVING, READING
from storage.monitor.tallies import roll_up
from storage.sealing import KeyRing

BACKEND_CHANNEL = "backend"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Jamin:
    """The running parts, for those who drive them: the server, the terminal, tests."""

    settings: Settings
    clock: Clock
    database: Database
    keys: KeyRing
    speech: Speech
    languages: Languages
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
        await stack.enter_async_context(serving(web_app(jamin), listener))
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
    database = await opened(stack, settings, keys)
    http = await stack.enter_async_context(aiohttp.ClientSession())
    settings = with_secret(settings)
    embedded = embedded_backend(settings, clock, here, root)
    backend = backend_of(settings, http, here)
    speech, languages = load_speech(), languages_of(settings)
    ranking = stack.enter_context(contextlib.closing(Ranking(*languages.offered)))
    month = MonthPicture(database, keys, languages.among(*WRITTEN), clock, settings.demo).drawn
    papers = Papers(database, keys, _words(languages), clock, lambda: root, demo=settings.demo, others={MONTH: month})
    door, desk_live = ChatDoor(database, keys, papers.picture_address), DeskLive(database, clock)
    told = _joined(stack, messengers(settings, database, keys, clock, languages))
    (figures, watchers), waking = _watching(stack, settings, world), Waking(database, clock)
    photos, shelf = _photos(stack, settings, told, clock)
    known = {**_senders(database, keys, backend, told, papers, clock), READING: photos, **world.senders}
    senders = _watched(known, watchers)
    outbox = _outbox(database, keys, senders, told, waking, clock, world.lease)
    supplies = Supplies(ranking, Doors(ways_in(told, root)), Sponsors(database, keys, clock), database, keys, clock)
    turns = Turns(
        database,
        keys,
        Core(take_turn, _speak(database, keys, languages, clock, root), world.locale),
        outbox,
        clock=clock,
        fetch=supplies.supply,
        facts=replace(await facts_of(settings, root, None if embedded else backend), reads_ktp=photos.are_read),
        on_committed=lambda taken: _tell(taken, door, waking, photos),
        on_batch=watchers.committed,
    )
    _lead(turns, door, told)
    _wake(waking, door, outbox, desk_live)
    jobs = _jobs(settings, database, keys, backend, turns, clock, Purging(database, clock, figures))
    parts = (speech, languages, turns, outbox, door, jobs, waking, figures, backend, told, papers)
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


def _words(languages: Languages) -> Callable[[str], Speech]:
    """Give the words of a chat's language; one that is not offered here any more goes on in Indonesian."""
    return lambda locale: load_speech(languages.known(locale))


def _speak(database: Database, keys: KeyRing, languages: Languages, clock: Clock, root: str) -> Speak:
    """Put replies into words of the chat's language, with links of the shell's own where the core marked them."""
    pages, field = PrivatePages(database, keys, lambda: root), FieldLinks(keys, root)
    held, words = HeldPages(database, keys, clock, languages, root), _words(languages)

    def speak(reply: Reply, session: Session) -> Message:
        message = pages.linked(words(session.locale).message(reply, session), session)
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


def _tell(taken: Sequence[Taken], door: ChatDoor, waking: Waking, photos: Photos) -> None:
    """Tell the pages open here, all who subscribed, also in other processes, and who may soon get pictures to read."""
    door.tell(taken)
    waking.tell_committed(taken)
    photos.tell_committed(taken)


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
    reminding = Reminding(database, keys, turns.take, clock, limits_of(settings))
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
