"""WhatsApp, through the Cloud API: postings come to our webhook, replies leave through the outbox.

`updates` reads a posting, `hook` and `intake` take it, `reports` notes what became of replies; `shapes`, `templates`
and `sender` deliver; `wire` and `graph` speak with the Graph API, `approval` about templates.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from aiohttp import web

from bot.channels.account import Account
from bot.channels.chores import Chores
from bot.channels.media import WithMedia
from bot.channels.pace import Pace
from bot.channels.web import Languages
from bot.channels.whatsapp.hook import PATH, Hook
from bot.channels.whatsapp.intake import Intake, Take
from bot.channels.whatsapp.pictures import WhatsAppPictures
from bot.channels.whatsapp.reports import Reports
from bot.channels.whatsapp.sender import LIMITS, WhatsAppSender
from bot.channels.whatsapp.updates import CHANNEL
from bot.channels.whatsapp.wire import Wire
from bot.turns import Clock
from conversations.messages import Address
from storage.chats import Chats
from storage.database import Database
from storage.sealing import KeyRing


class Access(NamedTuple):
    """A number: the `token` to send with, its id (`account`), what signs postings, what opens the handshake, and where
    the Graph API is ("" for the official one)."""

    token: str
    account: str
    app_secret: str
    verify_token: str
    api_url: str

    def __repr__(self) -> str:
        """Show no secret."""
        return f"Access({self.account})"


class WhatsApp:
    """One number. Run it while turns are taken, `close` it after the last delivery."""

    def __init__(self, access: Access, database: Database, keys: KeyRing, clock: Clock, languages: Languages) -> None:
        self._access = access
        self._wire = Wire(access.token, access.account, access.api_url)
        self._lease = Account(database, f"{CHANNEL} {access.account}")
        self._chores = Chores()
        self._database = database
        self._chats = Chats(keys)
        self._reports = Reports(database, clock)
        self._languages = languages
        pace = Pace(LIMITS)
        words = WhatsAppSender(self._wire, pace, clock, lambda locale: languages.say(locale)("whatsapp.choose"))
        self.fetch = self._wire.fetch
        self.sender = WithMedia(words, self.fetch, database, keys, clock)
        self.pictures = WhatsAppPictures(self._wire, pace)

    @property
    def channels(self) -> frozenset[str]:
        """The channels this process sends on right now."""
        return frozenset({CHANNEL}) if self._lease.held else frozenset()

    async def way_in(self, code: str) -> str:
        """Return the link that opens a chat with the words that carry a code.

        Raises:
            DeliveryError: WhatsApp does not tell the number.
        """
        return f"https://wa.me/{await self._wire.number()}?text=Kode%20{code}"

    def lead_to(self, take: Take) -> None:
        """Say which door postings go through."""

        def stays(locale: str) -> str:
            return self._languages.say(locale)("whatsapp.nik_stays")

        intake = Intake(self._wire, self._access.account, take, self._find, self._reports, self._chores, stays)
        self._hook = Hook(intake, self._access.app_secret, self._access.verify_token)

    def add_routes(self, app: web.Application) -> None:
        """Add the webhook."""
        app.router.add_get(PATH, self._hook.shake_hands)
        app.router.add_post(PATH, self._hook.receive)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hold the number while the block lasts."""
        async with self._lease.running():
            yield

    async def close(self) -> None:
        """End what is still being done, and the connections."""
        await self._chores.stop()
        await self._wire.close()

    async def _find(self, addresses: Sequence[Address]) -> Address | None:
        async with self._database.read() as connection:
            for address in addresses:
                if await self._chats.find(connection, address) is not None:
                    return address
        return None
