"""Updates that Telegram brings to `/webhooks/telegram`."""

from __future__ import annotations

import hmac

import msgspec
import structlog
from aiohttp import web

from bot.channels.come_again import come_again
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.updates import MalformedError, update_number
from bot.channels.unreadable import UNREADABLE
from bot.playing import where
from bot.turns import BusyError

PATH = "/webhooks/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name.

log = structlog.get_logger(__name__)


class Hook:
    """Takes what is posted. The 200 goes out after the commit, so that Telegram brings again what we lost."""

    def __init__(self, intake: Intake, secret: str) -> None:
        self._intake = intake
        self._secret = secret.encode()

    async def receive(self, request: web.Request) -> web.Response:
        """Take one update: 200 once it is committed, 403 forged, 400 malformed, 503 come again."""
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            log.warning("webhook_refused", channel="telegram")
            return web.Response(status=403)
        try:
            update = msgspec.json.decode(await request.read())
            update_number(update)
        except (*UNREADABLE, MalformedError):
            log.warning("webhook_malformed", channel="telegram")
            return web.Response(status=400)
        return await self._taken(update)

    async def _taken(self, update: dict[str, object]) -> web.Response:
        try:
            await self._intake.take(update)
        except BusyError as busy:
            return come_again(busy.retry_after)
        except Exception as error:
            log.error("update_not_taken", error=type(error).__name__, where=where(error))  # noqa: TRY400
            return come_again(1.0)
        return web.Response()
