"""The messengers that the settings name, ready to be joined with the rest."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol, runtime_checkable

from aiohttp import web

from bot.channels.media import Fetch
from bot.channels.web import Languages
from bot.outbox import Sender, Take
from bot.papers import Pictures
from bot.settings import Settings
from bot.turns import Clock
from storage.database import Database
from storage.sealing import KeyRing


class Messenger(Protocol):
    """An account at a messenger: brings incomings, delivers replies."""

    @property
    def sender(self) -> Sender:
        """What delivers its replies."""

    @property
    def pictures(self) -> Pictures:
        """What shows its pictures."""

    @property
    def channels(self) -> frozenset[str]:
        """The channels this process sends on right now: one process at a time serves an account."""

    @property
    def fetch(self) -> Fetch:
        """What fetches a file that a worker sent."""

    async def way_in(self, code: str) -> str:
        """Return the link by which somebody opens a chat there with a code in hand, "" where there is none."""

    def lead_to(self, take: Take) -> None:
        """Say which door incomings go through."""

    def add_routes(self, app: web.Application) -> None:
        """Add its webhook, if it has one."""

    def running(self) -> AbstractAsyncContextManager[None]:
        """Bring incomings while the block lasts."""

    async def close(self) -> None:
        """End the connections, after the last delivery."""


@runtime_checkable
class GroupMessenger(Messenger, Protocol):
    """A messenger that can speak to a group of staff."""

    async def tell_group(self, chat: str, text: str) -> None:
        """Say something in a group; see `outbox.Sender` for what is raised."""


def messengers(
    settings: Settings, database: Database, keys: KeyRing, clock: Clock, languages: Languages
) -> Mapping[str, Messenger]:
    """Return the messengers that are set, by channel; their libraries are loaded only then."""
    found: dict[str, Messenger] = {}
    if settings.telegram_token:
        found["telegram"] = _telegram(settings, database, keys, clock, languages)
    if settings.whatsapp_token:
        found["whatsapp"] = _whatsapp(settings, database, keys, clock, languages)
    return found


def _telegram(settings: Settings, database: Database, keys: KeyRing, clock: Clock, languages: Languages) -> Messenger:
    from bot.channels.telegram import Access, Telegram
    from bot.channels.telegram.hook import PATH

    hook = settings.public_url.rstrip("/") + PATH if settings.public_url else ""
    # Every process must know the same secret: where none is set, it follows from the keys.
    secret = settings.telegram_secret or keys.index("telegram_secret", settings.telegram_token).hex()
    access = Access(settings.telegram_token, settings.telegram_api_url, hook, secret)
    return Telegram(access, database, keys, clock, languages)


def _whatsapp(settings: Settings, database: Database, keys: KeyRing, clock: Clock, languages: Languages) -> Messenger:
    from bot.channels.whatsapp import Access, WhatsApp

    access = Access(
        settings.whatsapp_token,
        settings.whatsapp_phone_id,
        settings.whatsapp_app_secret,
        settings.whatsapp_verify_token,
        settings.whatsapp_api_url,
    )
    return WhatsApp(access, database, keys, clock, languages)
