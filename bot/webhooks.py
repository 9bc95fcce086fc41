"""What the enrolment backend tells us unasked: signed events at `/webhooks/backend`, each one incoming."""

from __future__ import annotations

import structlog
from aiohttp import web

from bot.backend.errors import BadEvent, BadSignature
from bot.backend.shapes import AnyEvent
from bot.backend.webhooks import SIGNATURE_HEADER, parse_event, verify
from bot.backend_news import BackendNews
from bot.turns import BusyError, Clock

LARGEST = 64 * 1024
"""Bytes of a webhook's body."""

log = structlog.get_logger(__name__)


class BackendWebhooks:
    """Takes the backend's events. The 2xx goes out after the commit, so that the backend tells again what we lost."""

    def __init__(self, news: BackendNews, secret: str, clock: Clock) -> None:
        self._news = news
        self._secret = secret
        self._clock = clock

    async def receive(self, request: web.Request) -> web.Response:
        """Take one event: 204 once it is committed, 401 forged or too old, 400 malformed, 503 come again."""
        if (request.content_length or 0) > LARGEST:
            raise web.HTTPRequestEntityTooLarge(LARGEST, request.content_length or 0)
        body = await request.read()
        try:
            verify(self._secret, request.headers.get(SIGNATURE_HEADER), body, self._clock())
            event = parse_event(body)
        except BadSignature as error:
            log.warning("webhook_refused", reason=error.detail)
            return web.Response(status=401)
        except BadEvent:
            log.warning("webhook_malformed")
            return web.Response(status=400)
        return await self._taken(event)

    async def _taken(self, event: AnyEvent) -> web.Response:
        try:
            await self._news.take(event)
        except BusyError as busy:
            return web.Response(status=503, headers={"Retry-After": str(max(1, round(busy.retry_after)))})
        return web.Response(status=204)
