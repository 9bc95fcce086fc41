"""What WhatsApp asks and brings at `/webhooks/whatsapp`."""

from __future__ import annotations

import hashlib
import hmac

import msgspec
import structlog
from aiohttp import web

from bot.channels.come_again import come_again
from bot.channels.unreadable import UNREADABLE
from bot.channels.whatsapp.intake import Intake
from bot.playing import where
from bot.turns import BusyError

PATH = "/webhooks/whatsapp"
SIGNATURE_HEADER = "X-Hub-Signature-256"

log = structlog.get_logger(__name__)


class Hook:
    """Takes what is posted. The 200 goes out after the commit, so that WhatsApp brings again what we lost."""

    def __init__(self, intake: Intake, app_secret: str, verify_token: str) -> None:
        self._intake = intake
        self._secret = app_secret.encode()
        self._verify = verify_token.encode()

    async def shake_hands(self, request: web.Request) -> web.Response:
        """Show that this address is ours: the challenge back where the token is right, else 403."""
        given = request.query.get("hub.verify_token", "").encode("utf-8", "replace")
        if request.query.get("hub.mode") != "subscribe" or not hmac.compare_digest(given, self._verify):
            return web.Response(status=403)
        return web.Response(text=request.query.get("hub.challenge", ""))

    async def receive(self, request: web.Request) -> web.Response:
        """Take a posting: 200 once it is committed, 401 forged, 400 malformed, 503 come again."""
        body = await request.read()
        given = request.headers.get(SIGNATURE_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, signature(self._secret, body).encode()):
            log.warning("webhook_refused", channel="whatsapp")
            return web.Response(status=401)
        try:
            posting = msgspec.json.decode(body)
        except UNREADABLE:
            log.warning("webhook_malformed", channel="whatsapp")
            return web.Response(status=400)
        return await self._taken(posting)

    async def _taken(self, posting: object) -> web.Response:
        try:
            await self._intake.take(posting)
        except BusyError as busy:
            return come_again(busy.retry_after)
        except Exception as error:
            log.error("update_not_taken", error=type(error).__name__, where=where(error))  # noqa: TRY400
            return come_again(1.0)
        return web.Response()


def signature(secret: bytes, body: bytes) -> str:
    """Return what WhatsApp signs a body with."""
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
