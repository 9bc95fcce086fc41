"""A desk over the real core and a real database, with one worker who chats and operators who sign in."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import msgspec
import pyotp
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher

from bot.backend.manual import ManualBackend
from bot.desk import add_desk
from bot.desk.live import Live
from bot.desk.roles import SECOND_FACTOR
from bot.desk.room import Room, Say
from bot.handoffs import HandOffSender
from bot.monitor.wing import MONITOR
from bot.outbox import Outbox
from bot.playing import Core
from bot.turns import Taken, Turns
from bot.wording import load_speech
from conversations.engine import take_turn
from conversations.messages import Address, Incoming, Shown, Tap, Text, What
from conversations.turn import Facts, Lacking
from storage import audit
from storage.database import Database
from storage.enrolments import Enrolment, enrolments_of
from storage.operators import Operator, keep_operator
from storage.sealing import KeyRing
from storage.second_factor import confirm_secret, keep_secret
from tests.browser.memory_door import key_and_values
from tests.chat import HERE, facts, fetched

WORKER = Address("web", "jamin", "kak")
CHOSEN = "sandi-pilihan-sendiri"
PHONE = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""The secret that everybody's phone knows here."""

_PROOF = re.compile(r'name="proof" value="([0-9a-f]+)"')
_FORM = re.compile(r'name="form" value="([0-9a-f-]+)"')

# Signing in is tested with the real one; elsewhere it would only take time.
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

TO_THE_REVIEW = (
    "halo",
    "[Saya sendiri]",
    "narik ojol",
    "[Pelanggan/usaha sendiri]",
    "[18–64 th, WNI, ada KTP]",
    "[Rp1,5 juta–Rp2 juta]",
    "[JKK + JKM]",
    "[Ya, setuju]",
    "3273 0117 0890 0001",
    "Budi Santoso",
    "[17 Agustus 1990]",
    "0812 3456 7890",
)


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = HERE

    def __call__(self) -> dt.datetime:
        """Return a moment a little later than the last one."""
        self.now += dt.timedelta(milliseconds=1)
        return self.now


class Page(msgspec.Struct, frozen=True):
    """What the desk answered: the page that was reached in the end, and how its forms are sent."""

    status: int
    path: str
    text: str

    @property
    def proof(self) -> str:
        """What a form of this page must carry."""
        found = _PROOF.search(self.text)
        return found[1] if found else ""

    @property
    def form(self) -> str:
        """The id of the page's answer form."""
        found = _FORM.search(self.text)
        return found[1] if found else ""


class Office:
    """The desk with everything behind it."""

    def __init__(
        self, database: Database, keys: KeyRing, *, manual: bool, demo: bool, secure: bool, say: Say, port: int | None
    ) -> None:
        self.database = database
        self.keys = keys
        self.clock = Clock()
        self.heard: list[str] = []
        self.buttons: tuple[Shown, ...] = ()
        self.outbox = Outbox(database, keys, {"backend": HandOffSender(ManualBackend())}, holder="t", clock=self.clock)
        self.turns = Turns(
            database,
            keys,
            Core(take_turn, load_speech().message),
            self.outbox,
            clock=self.clock,
            fetch=_fetched,
            facts=facts(demo=demo),
            on_committed=self._hear,
        )
        self.live = Live(database, self.clock)
        app = web.Application()
        room = Room(database, keys, self.turns.take, self.clock, say, manual, secure, second_factor=not demo)
        add_desk(app, room, demo=demo, following=self.live, wings=(MONITOR,))
        self.server = TestServer(app, port=port)
        self.client = TestClient(self.server)
        self._sent = 0

    def _hear(self, taken: Sequence[Taken]) -> None:
        for one in taken:
            self.heard += [spoken.message.text for spoken in one.spoken]
            if one.spoken:
                self.buttons = one.spoken[-1].message.buttons
        self.live.wake()

    # --- the worker --------------------------------------------------------------------------------------------------

    async def worker(self, *doings: str) -> str:
        """Let the worker type, or tap a label written in brackets; return what they hear last."""
        for doing in doings:
            await self.take(self._what(doing))
        return self.heard[-1]

    def _what(self, doing: str) -> What:
        if doing.startswith("["):
            return Tap(next(button.value for button in self.buttons if button.label == doing[1:-1]))
        return Text(doing)

    async def take(self, what: What) -> None:
        """Let something come into the worker's chat."""
        self._sent += 1
        await self.turns.take(Incoming(WORKER, str(self._sent), what))

    # --- the operator ------------------------------------------------------------------------------------------------

    async def get(self, path: str) -> Page:
        """Open a page."""
        async with self.client.get(path) as answer:
            return Page(answer.status, answer.url.path, await answer.text())

    async def post(self, path: str, page: Page | None = None, **fields: str) -> Page:
        """Send a form of `page`; without one it lacks its proof."""
        data = {"proof": page.proof, **fields} if page else fields
        async with self.client.post(path, data=data) as answer:
            return Page(answer.status, answer.url.path, await answer.text())

    async def sign_in(self, name: str = "sari", password: str = CHOSEN) -> Page:
        """Sign in with what is given."""
        return await self.post("/desk/masuk", await self.get("/desk/masuk"), name=name, password=password)

    async def begin(self, name: str = "sari", role: str = "operator") -> Page:
        """Make an operator who has chosen a password, and a phone where their role needs it; sign in and return the
        page where they begin."""
        operator = Operator(name, name, _CHEAP.hash(CHOSEN), role, must_change=False)
        async with self.database.write() as connection:
            await keep_operator(connection, operator, self.clock())
            if role in SECOND_FACTOR:
                await keep_secret(connection, self.keys, name, PHONE)
                await confirm_secret(connection, name, self.clock())
        page = await self.sign_in(name)
        return await self.post("/desk/kode", page, code=self.code()) if role in SECOND_FACTOR else page

    def code(self) -> str:
        """Return what the phone shows, half a minute later than the last time: each code is taken once."""
        self.clock.now += dt.timedelta(seconds=30)
        return pyotp.TOTP(PHONE).at(self.clock.now)

    def leave(self) -> None:
        """Close the browser, so that somebody else may sit down."""
        self.client.session.cookie_jar.clear()

    # --- what is stored ----------------------------------------------------------------------------------------------

    async def acts(self) -> list[tuple[str, str, str]]:
        """Return who did what to what, signing in left out."""
        async with self.database.read() as connection:
            trail = await audit.entries(connection)
            assert await audit.first_broken(connection) is None
        return [(entry.who, entry.act, entry.subject) for entry in trail if entry.act not in ("sign_in", "password")]

    async def enrolment(self) -> Enrolment:
        """Return the worker's only enrolment."""
        async with self.database.read() as connection:
            (enrolment,) = await enrolments_of(connection, 1)
        return enrolment

    async def waiting_enrolment(self) -> Enrolment:
        """Let the worker enrol, and return the enrolment once it waits for an operator."""
        await self.worker(*TO_THE_REVIEW, "[Benar, daftarkan]")
        await until(self._waits)
        return await self.enrolment()

    async def _waits(self) -> bool:
        return (await self.enrolment()).state == "waiting"


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(10):
        while not await happened():
            await asyncio.sleep(0.01)


async def _fetched(needed: Lacking, known: Facts) -> Facts:
    return fetched(needed, known)


@asynccontextmanager
async def open_office(
    database: Database,
    keys: KeyRing,
    *,
    manual: bool = False,
    demo: bool = True,
    say: Say = key_and_values,
    port: int | None = None,
    secure: bool = False,
) -> AsyncIterator[Office]:
    """Open the desk, on a port if one is named; it works until the block ends."""
    office = Office(database, keys, manual=manual, demo=demo, secure=secure, say=say, port=port)
    await office.outbox.start(office.turns.take)
    await office.turns.start()
    async with office.client:
        yield office
    await office.turns.stop()
    await office.outbox.stop()
