"""A Bot API that answers like Telegram's, and refuses what Telegram refuses.

One bot, private chats and groups. The worker's side is `say`, `press`, `share_contact` …, which make updates; a test
may also put in any update with `bring`. Updates are kept until they are asked for with a higher number, or go to the
webhook one after the other until it answers 200.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import time
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

TOKEN = "700700700:AAfake-token_of-nobody"
LONGEST_TEXT = 4096
MOST_CALLBACK_BYTES = 64
PER_SECOND = 30
LARGEST_FILE = 20 * 1024 * 1024
DATE = 1_790_000_000

Raw = dict[str, Any]


class RefusalError(Exception):
    """A request that Telegram does not carry out."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class FakeBotApi:
    """The server; `url` is where it listens."""

    def __init__(self) -> None:
        self.url = ""
        self.sent: defaultdict[int, list[Raw]] = defaultdict(list)
        self.calls: list[tuple[str, Raw]] = []
        self.pictures: defaultdict[int, list[tuple[str, bytes]]] = defaultdict(list)
        """Photos and documents sent to each chat: which of both, and the file."""
        self.deleted: list[tuple[int, int]] = []
        self.answered: list[str] = []
        self.blocked: set[int] = set()
        self.failures: deque[RefusalError | str] = deque()
        """What the next sendings meet: a refusal, "lost" (carried out, the answer lost) or "cut" (connection lost)."""
        self.files: dict[str, bytes] = {}
        """What workers sent, by id."""
        self.fetched: list[str] = []
        self.trouble: RefusalError | str | None = None
        """What every other sending meets, as long as it lasts."""
        self.webhook: Raw = {}
        self.refused: Counter[int] = Counter()
        self.confirmed = 0
        self._queue: list[Raw] = []
        self._numbers = itertools.count(500_001)
        self._messages = itertools.count(1)
        self._callbacks = itertools.count(9000)
        self._open_callbacks: set[str] = set()
        self._known: set[int] = set()
        self._recent: deque[float] = deque()
        self._news = asyncio.Event()

    # --- the worker's side -------------------------------------------------------------------------------------------

    def say(self, chat: int, text: str, **more: Any) -> Raw:
        """Let a worker write."""
        return self.write(chat, text=text, **more)

    def write(self, chat: int, **content: Any) -> Raw:
        """Let a worker send a message of any content."""
        return self.bring(message=self.message(chat, **content))

    def message(self, chat: int, **content: Any) -> Raw:
        """Return a worker's message in a private chat."""
        self._known.add(chat)
        sender = {"id": chat, "is_bot": False, "first_name": "Siti"}
        room = {"id": chat, "type": "private", "first_name": "Siti"}
        return {"message_id": next(self._messages), "date": DATE, "chat": room, "from": sender, **content}

    def press(self, chat: int, label: str) -> Raw:
        """Let a worker tap the newest button that has this label."""
        message, key = next(
            (message, key)
            for message in reversed(self.sent[chat])
            for row in reversed(message.get("reply_markup", {}).get("inline_keyboard", []))
            for key in row
            if key["text"] == label and "callback_data" in key
        )
        return self.press_value(chat, message, key["callback_data"])

    def press_value(self, chat: int, message: Raw, value: str) -> Raw:
        """Let a worker tap what a message carried, perhaps long ago."""
        callback = str(next(self._callbacks))
        self._open_callbacks.add(callback)
        sender = {"id": chat, "is_bot": False, "first_name": "Siti"}
        tapped = {"id": callback, "from": sender, "message": message, "chat_instance": "1", "data": value}
        return self.bring(callback_query=tapped)

    def bring(self, **update: Any) -> Raw:
        """Put in an update as it is, with a number of its own unless it has one."""
        numbered = {"update_id": next(self._numbers), **update}
        self.bring_again(numbered)
        return numbered

    def bring_again(self, update: Raw) -> None:
        """Bring an update that was brought before."""
        self._queue.append(update)
        self._news.set()

    def buttons(self, chat: int) -> list[str]:
        """Return the labels below the newest message, those in place of the letters included."""
        markup = self.sent[chat][-1].get("reply_markup", {}) if self.sent[chat] else {}
        rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
        return [key["text"] for row in rows for key in row]

    # --- running -----------------------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[FakeBotApi]:
        """Serve on loopback while the block lasts."""
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{name}", self._serve_file)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        pushing = asyncio.create_task(self._push_for_ever())
        try:
            yield self
        finally:
            pushing.cancel()
            await asyncio.gather(pushing, return_exceptions=True)
            await runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given = await _given(request)
        self.calls.append((method, given))
        try:
            if request.match_info["token"] != TOKEN:
                raise RefusalError(401, "Unauthorized")
            handler = getattr(self, f"_{method}", None)
            if handler is None:
                raise RefusalError(404, "Not Found")
            result = await handler(given)
        except RefusalError as refusal:
            self.refused[refusal.code] += 1
            return _refused(refusal)
        except _CutError:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return web.json_response({"ok": True, "result": result})

    async def _serve_file(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != TOKEN:
            return web.Response(status=404)
        self.fetched.append(request.match_info["name"])
        return web.Response(body=self.files[request.match_info["name"]])

    async def _push_for_ever(self) -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                await self._news.wait()
                self._news.clear()
                while self.webhook.get("url") and self._queue:
                    if not await self._pushed(http, self._queue[0]):
                        await asyncio.sleep(0.05)
                        continue
                    self._queue.pop(0)

    async def _pushed(self, http: aiohttp.ClientSession, update: Raw) -> bool:
        header = {"X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", "")}
        try:
            async with http.post(self.webhook["url"], json=update, headers=header) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    # --- methods -----------------------------------------------------------------------------------------------------

    async def _getMe(self, _: Raw) -> Raw:
        return {"id": 700700700, "is_bot": True, "first_name": "Jamin", "username": "JaminUjiBot"}

    async def _getWebhookInfo(self, _: Raw) -> Raw:
        return {"url": self.webhook.get("url", ""), "pending_update_count": len(self._queue)}

    async def _getUpdates(self, given: Raw) -> list[Raw]:
        if self.webhook.get("url"):
            raise RefusalError(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(given.get("offset") or 0)
        if offset:
            self.confirmed = max(self.confirmed, offset)
            self._queue = [update for update in self._queue if update["update_id"] >= offset]
        until = time.monotonic() + int(given.get("timeout") or 0)
        while not self._queue and time.monotonic() < until:
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), until - time.monotonic())
        return self._queue[: int(given.get("limit") or 100)]

    async def _setWebhook(self, given: Raw) -> bool:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", given.get("secret_token", "x")):
            raise RefusalError(400, "Bad Request: secret token contains unallowed characters")
        if not 1 <= int(given.get("max_connections") or 40) <= 100:
            raise RefusalError(400, "Bad Request: invalid max connections value specified")
        self.webhook = given
        self._news.set()
        return True

    async def _deleteWebhook(self, _: Raw) -> bool:
        self.webhook = {}
        return True

    async def _sendMessage(self, given: Raw) -> Raw:
        chat, lost = int(given["chat_id"]), self._meet_failure()
        self._check_chat(chat)
        self._check_rate()
        text = given.get("text", "")
        if not text.strip():
            raise RefusalError(400, "Bad Request: message text is empty")
        if len(text) > LONGEST_TEXT:
            raise RefusalError(400, "Bad Request: message is too long")
        markup = _markup(given)
        check_markup(markup, private=chat > 0)
        message = {"message_id": next(self._messages), "date": DATE, "chat": _room(chat), "text": text}
        if markup:
            message["reply_markup"] = markup
        self.sent[chat].append(message)
        if lost:
            raise _CutError
        return {key: value for key, value in message.items() if key != "reply_markup" or "inline_keyboard" in value}

    async def _sendPhoto(self, given: Raw) -> Raw:
        return self._take_file(given, "photo", b"\x89PNG")

    async def _sendDocument(self, given: Raw) -> Raw:
        return self._take_file(given, "document", b"%PDF")

    def _take_file(self, given: Raw, kind: str, begins: bytes) -> Raw:
        chat, lost = int(given["chat_id"]), self._meet_failure()
        self._check_chat(chat)
        self._check_rate()
        file = given.get(kind)
        if not isinstance(file, bytes) or not file.startswith(begins):
            raise RefusalError(400, "Bad Request: IMAGE_PROCESS_FAILED")
        self.pictures[chat].append((kind, file))
        if lost:
            raise _CutError
        return {"message_id": next(self._messages), "date": DATE, "chat": _room(chat)}

    async def _sendChatAction(self, given: Raw) -> bool:
        self._check_chat(int(given["chat_id"]))
        if given.get("action") != "typing":
            raise RefusalError(400, "Bad Request: wrong parameter action in request")
        return True

    async def _getFile(self, given: Raw) -> Raw:
        file = given["file_id"]
        if file not in self.files:
            raise RefusalError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(self.files[file]) > LARGEST_FILE:
            raise RefusalError(400, "Bad Request: file is too big")
        size = len(self.files[file])
        return {"file_id": file, "file_unique_id": file, "file_size": size, "file_path": file}

    async def _answerCallbackQuery(self, given: Raw) -> bool:
        callback = given["callback_query_id"]
        if callback not in self._open_callbacks:
            raise RefusalError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self._open_callbacks.discard(callback)
        self.answered.append(callback)
        return True

    async def _editMessageReplyMarkup(self, given: Raw) -> Raw:
        message = self._find(given, "Bad Request: message to edit not found")
        markup = _markup(given)
        check_markup(markup, private=True)
        if message.get("reply_markup", {}) == markup:
            raise RefusalError(400, "Bad Request: message is not modified")
        message["reply_markup"] = markup
        return message

    async def _deleteMessage(self, given: Raw) -> bool:
        chat, number = int(given["chat_id"]), int(given["message_id"])
        self._check_chat(chat)
        if (chat, number) in self.deleted:
            raise RefusalError(400, "Bad Request: message to delete not found")
        self.deleted.append((chat, number))
        return True

    async def _setMyCommands(self, given: Raw) -> bool:
        commands = json.loads(given["commands"])
        if len(commands) > 100:
            raise RefusalError(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise RefusalError(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise RefusalError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        return True

    async def _setMyDescription(self, given: Raw) -> bool:
        if len(given.get("description", "")) > 512:
            raise RefusalError(400, "Bad Request: description is too long")
        return True

    async def _setMyShortDescription(self, given: Raw) -> bool:
        if len(given.get("short_description", "")) > 120:
            raise RefusalError(400, "Bad Request: short description is too long")
        return True

    # --- what is refused ---------------------------------------------------------------------------------------------

    def _meet_failure(self) -> bool:
        """Meet the next failure; tell whether only the answer is to be lost."""
        failure = self.failures.popleft() if self.failures else self.trouble
        if isinstance(failure, RefusalError):
            raise failure
        if failure == "cut":
            raise _CutError
        return failure == "lost"

    def _check_chat(self, chat: int) -> None:
        if chat in self.blocked:
            raise RefusalError(403, "Forbidden: bot was blocked by the user")
        if chat not in self._known and chat > 0:
            raise RefusalError(400, "Bad Request: chat not found")

    def _check_rate(self) -> None:
        now = time.monotonic()
        while self._recent and self._recent[0] < now - 1:
            self._recent.popleft()
        # The real one looks away for a moment, too: a burst as large as a second's worth passes.
        if len(self._recent) >= 2 * PER_SECOND:
            raise RefusalError(429, "Too Many Requests: retry after 1", retry_after=1)
        self._recent.append(now)

    def _find(self, given: Raw, missing: str) -> Raw:
        number = int(given["message_id"])
        for message in self.sent[int(given["chat_id"])]:
            if message["message_id"] == number:
                return message
        raise RefusalError(400, missing)


class _CutError(Exception):
    """The connection is lost."""


async def _given(request: web.Request) -> Raw:
    """Parameters come in the address, as a form or as JSON, like with the real server."""
    given: Raw = dict(request.query)
    if request.content_type == "application/json" and request.can_read_body:
        given |= await request.json()
    else:
        given |= {name: _field(value) for name, value in (await request.post()).items()}
    for name, value in given.items():
        # A file is named by the field that holds it.
        if isinstance(value, str) and value.startswith("attach://"):
            given[name] = given[value.removeprefix("attach://")]
    return given


def _field(value: Any) -> str | bytes:
    return value.file.read() if isinstance(value, web.FileField) else str(value)


def _refused(refusal: RefusalError) -> web.Response:
    body: Raw = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.code)


def _room(chat: int) -> Raw:
    return {"id": chat, "type": "private"} if chat > 0 else {"id": chat, "type": "group", "title": "RT 05"}


def _markup(given: Raw) -> Raw:
    markup = given.get("reply_markup") or "{}"
    found: Raw = json.loads(markup) if isinstance(markup, str) else markup
    return found


def check_markup(markup: Raw, *, private: bool) -> None:
    """Refuse keys that Telegram would refuse."""
    for key in (key for row in markup.get("inline_keyboard", []) for key in row):
        if not key.get("text"):
            raise RefusalError(400, "Bad Request: text buttons are unallowed in the inline keyboard")
        if ("callback_data" in key) == ("url" in key):
            raise RefusalError(400, "Bad Request: can't parse inline keyboard button: exactly one action is allowed")
        if "callback_data" in key and not 1 <= len(key["callback_data"].encode()) <= MOST_CALLBACK_BYTES:
            raise RefusalError(400, "Bad Request: BUTTON_DATA_INVALID")
        if "url" in key and "." not in (urlsplit(key["url"]).hostname or "").removeprefix("127.0.0.1"):
            raise RefusalError(400, "Bad Request: inline keyboard button URL is invalid: Wrong HTTP URL")
    if "keyboard" in markup and not private:
        raise RefusalError(400, "Bad Request: phone number can be requested in private chats only")
