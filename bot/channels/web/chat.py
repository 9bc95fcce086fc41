"""The chat page, its socket, and the end of a chat on a device."""

from __future__ import annotations

import asyncio
import weakref

import msgspec
from aiohttp import WSCloseCode, web

from bot.channels.web import identity
from bot.channels.web.door import Door, Say
from bot.channels.web.frames import MAX_FRAME, MAX_TEXT
from bot.channels.web.identity import Device
from bot.channels.web.limit import Limit
from bot.channels.web.page import Pages
from bot.channels.web.socket import ChatSocket
from conversations.messages import Address

HEARTBEAT = 25.0
"""Seconds between the pings that find a dead line, and keep one open through impatient proxies."""

_WORDS = {
    "connecting": (),
    "online": (),
    "offline": (),
    "us": (),
    "me": (),
    "staff": (),
    "choices": (),
    "sending": (),
    "unsent": (),
    "refused": (),
    "newtab": (),
    "pdf": (),
    "picture": (),
    "forget_failed": (),
    "left": ("left",),
    "progress": ("now", "all"),
}
"""What the page's script says: catalogue keys below `web.js.`, each with the places that the script itself fills."""


class Chat:
    """The routes of the web chat over `door`, for the account `bot`."""

    def __init__(self, door: Door, pages: Pages, limit: Limit, *, bot: str, demo: bool, idle: float) -> None:
        self._door = door
        self._pages = pages
        self._limit = limit
        self._bot = bot
        self._demo = demo
        self._idle = idle
        self._open: weakref.WeakSet[web.WebSocketResponse] = weakref.WeakSet()

    async def page(self, request: web.Request) -> web.Response:
        """Answer with the chat page, and with a fresh secret where the device has none to go on with."""
        device = identity.device_of(request)
        token = await self._token_for_page(request, device)
        held_in = await self._door.language(self._address(token))
        code = request.query.get("kode", "")[:64]
        response = self._page(self._pages.languages.known(held_in), device, identity.name_of(token), code)
        identity.hand_over(response, request, token)
        return response

    async def frame(self, request: web.Request) -> web.Response:
        """Answer with the page's own words in the language `bahasa`, for a chat that went over to it; nobody's chat
        is in it."""
        return self._page(request.query.get("bahasa", ""), identity.device_of(request))

    def _page(self, locale: str, device: Device, chat: str = "", code: str = "") -> web.Response:
        lang = self._pages.languages.known(locale)
        return self._pages.page(
            "chat.html",
            lang,
            demo=self._demo,
            device=device,
            chat=chat,
            code=code,
            idle=self._idle,
            max_text=MAX_TEXT,
            words=_words_for_script(self._pages.languages.say(lang)),
        )

    async def _token_for_page(self, request: web.Request, device: Device) -> str:
        token = identity.token_of(request)
        if token and not device.shared:
            return token
        if token:  # the person before at this device left without saying so
            await self._door.forget(self._address(token))
        return identity.new_token()

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Open the websocket of the chat that the cookie names."""
        if not identity.is_same_origin(request) or request.transport is None:
            raise web.HTTPForbidden
        ws = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=MAX_FRAME, compress=False)
        await ws.prepare(request)
        self._open.add(ws)
        token = identity.token_of(request)
        address = self._address(token) if token else None
        tongue = self._pages.languages.asked(request)
        await ChatSocket(ws, request.transport, self._door, self._limit, tongue).run(address)
        return ws

    async def forget(self, request: web.Request) -> web.Response:
        """End the chat on this device: nobody can resume it from here."""
        if not identity.is_same_origin(request):
            raise web.HTTPForbidden
        if token := identity.token_of(request):
            await self._door.forget(self._address(token))
        response = web.Response(status=204)
        identity.take_back(response, request)
        return response

    async def close(self, _app: web.Application) -> None:
        """Tell every open page that we go away; each comes back to whoever serves next."""
        await asyncio.gather(*(ws.close(code=WSCloseCode.GOING_AWAY) for ws in list(self._open)))

    def _address(self, token: str) -> Address:
        return Address("web", self._bot, identity.name_of(token))


def _words_for_script(say: Say) -> str:
    words = {word: say(f"web.js.{word}", **{name: f"{{{name}}}" for name in names}) for word, names in _WORDS.items()}
    return msgspec.json.encode(words).decode()
