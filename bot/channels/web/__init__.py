"""The web chat: a page that feels like a messenger, over one websocket that can break at any moment and lose nothing.

The wire
========

JSON text frames over `GET /chat/ws`, at most 16 kB from the page. The cookie says which chat; the `Origin` must be our
own. The first frame must be a `hello`.

From the page:

    {"t": "hello", "chat": NAME, "after": SEQ, "code": CODE}   shows chat NAME up to SEQ (0: nothing); CODE from a link
    {"t": "text", "id": UUID, "text": TEXT}                    words, at most 4,000 characters
    {"t": "tap", "id": UUID, "value": VALUE}                   a button, by the value it came with

From us:

    {"t": "message", "seq": N, "from": "us"|"me"|"staff", "text": TEXT, "buttons": [{"label", "value", "url"}],
     "progress": [3, 11]|null, "id": UUID,    one line; a button has a value or a url, the other is ""; `id` names the
     "picture": PATH, "lang": LANG}           page's own frame where the line is "me", and is free otherwise; `picture`
                                              with ".png" or ".pdf" is a picture that says the same, "" for none; `lang`
                                              is the language we say it in
    {"t": "ready"}                            every line above `after` has been sent; from here on they are news
    {"t": "reset"}                            line `after` is erased: clear the page, all lines follow from the first
    {"t": "ack", "id": UUID}                  the frame is committed, and not before
    {"t": "busy", "retry": SECONDS}           the frame was not taken: send it again then
    {"t": "bad", "reason": "frame"}           the frame can never be taken: malformed, unknown or too long
    {"t": "bad", "reason": "hello"|"gone"}    no hello came first · the cookie no longer names that chat. We then close
    {"t": "typing"}                           an answer is being made; best effort

Each `text` and `tap` is answered by exactly one ack, busy or bad, in order; lines come in between. The page sends the
next frame when it has that answer, so order holds through `busy` too. When the line breaks the page comes back with
`after`, gets what it missed, and sends what was not acknowledged again under the same id, which counts once. A chat
without lines is started by its first hello, once for each CODE. Pings go out every 25 seconds.
"""

from __future__ import annotations

from aiohttp import web

from bot.channels.web.assets import Assets
from bot.channels.web.chat import Chat
from bot.channels.web.door import Asked, Author, Busy, Door, FindAsked, Line, ReadPhoto, Say
from bot.channels.web.identity import SECURE
from bot.channels.web.language import Languages
from bot.channels.web.limit import Limit
from bot.channels.web.page import Pages
from bot.channels.web.private import PrivatePage

__all__ = [
    "Asked",
    "Author",
    "Busy",
    "Door",
    "FindAsked",
    "Languages",
    "Limit",
    "Line",
    "ReadPhoto",
    "Say",
    "add_web_chat",
]

KIOSK_IDLE = 180.0
"""Seconds without a touch after which a shared device forgets the chat; it warns when a sixth of them is left."""


def add_web_chat(
    app: web.Application,
    door: Door,
    *,
    demo: bool,
    languages: Languages,
    find_asked: FindAsked,
    read_photo: ReadPhoto | None = None,
    bot: str = "jamin",
    kiosk_idle: float = KIOSK_IDLE,
    secure: bool = False,
) -> None:
    """Add the chat page, its socket, its assets and the one-time page to `app`.

    `languages` are the catalogues, with the keys below `web.`, `bot` the account in the chats' addresses, `find_asked`
    resolves the token of a one-time page, `read_photo` reads a picture that is sent there, None where none can be,
    `secure` says that people reach us by HTTPS.
    """
    app[SECURE] = secure
    assets, limit = Assets(), Limit()
    pages = Pages(languages, assets.version)
    chat = Chat(door, pages, limit, bot=bot, demo=demo, idle=kiosk_idle)
    private = PrivatePage(door, pages, limit, find_asked, read_photo)
    app.add_routes(
        [
            web.get("/", chat.page),
            web.get("/chat/frame", chat.frame),
            web.get("/chat/ws", chat.socket),
            web.post("/chat/forget", chat.forget),
            web.get("/chat/assets/{version}/{name}", assets.serve),
            web.get("/privat/{token}", private.show),
            web.post("/privat/{token}", private.take),
        ]
    )
    app.on_shutdown.append(chat.close)
