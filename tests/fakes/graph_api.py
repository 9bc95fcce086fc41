"""A Graph API that answers like WhatsApp's, and refuses what WhatsApp refuses.

One number. The worker's side is `say`, `choose` …, each a signed posting to the webhook, brought again until it gets a
200. Free text goes only to whoever wrote within 24 hours: here, to whoever wrote at all and was not let expire.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from aiohttp import web

TOKEN = "EAAfake"
NUMBER = "106540352242922"
APP_SECRET = "app-secret-of-nobody"
VERIFY = "verify-me"

Raw = dict[str, Any]


class RefusalError(Exception):
    """A request that WhatsApp does not carry out."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class FakeGraphApi:
    """The server; `url` is where it listens, `hook` where it brings postings."""

    def __init__(self) -> None:
        self.url = ""
        self.hook = ""
        self.sent: defaultdict[str, list[Raw]] = defaultdict(list)
        self.media: dict[str, tuple[str, bytes]] = {}
        """What was uploaded: its type and the file, by the name it got."""
        self.pictures: defaultdict[str, list[tuple[str, bytes]]] = defaultdict(list)
        self.read: list[str] = []
        self.open_windows: set[str] = set()
        self.failures: deque[RefusalError | str] = deque()
        """What the next sendings meet: a refusal, or "lost" (carried out, the answer lost)."""
        self.refused: Counter[int] = Counter()
        self._numbers = itertools.count(1)
        self._postings: asyncio.Queue[Raw] = asyncio.Queue()

    # --- the worker's side -------------------------------------------------------------------------------------------

    def say(self, person: str, body: str) -> Raw:
        """Let somebody write."""
        return self.write(person, type="text", text={"body": body})

    def choose(self, person: str, shape: Raw, value: str) -> Raw:
        """Let somebody tap a button or a row of a message."""
        kind = shape["interactive"]["type"]
        reply = {"type": f"{kind}_reply", f"{kind}_reply": {"id": value, "title": "…"}}
        return self.write(person, type="interactive", interactive=reply)

    def write(self, person: str, **content: Any) -> Raw:
        """Let somebody send a message of any content."""
        return self.bring(posting(person, self.message(person, **content)))

    def message(self, person: str, **content: Any) -> Raw:
        """Return a message of somebody, known by number or, where that begins with ID., by id."""
        self.open_windows.add(person)
        who = {"from_user_id": person} if person.startswith("ID.") else {"from": person}
        return {**who, "id": f"wamid.{next(self._numbers)}", "timestamp": "1790000000", **content}

    def bring(self, raw: Raw) -> Raw:
        """Bring a posting, perhaps again."""
        self._postings.put_nowait(raw)
        return raw

    # --- running -----------------------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[FakeGraphApi]:
        """Serve on loopback while the block lasts."""
        app = web.Application()
        app.router.add_post("/{number}/messages", self._serve)
        app.router.add_post("/{number}/media", self._store)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        posting_all = asyncio.create_task(self._post_for_ever())
        try:
            yield self
        finally:
            posting_all.cancel()
            await asyncio.gather(posting_all, return_exceptions=True)
            await runner.cleanup()

    async def _post_for_ever(self) -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                raw = await self._postings.get()
                while not await self._posted(http, raw):  # noqa: ASYNC110 - the real one comes again, too.
                    await asyncio.sleep(0.05)

    async def _posted(self, http: aiohttp.ClientSession, raw: Raw) -> bool:
        body = json.dumps(raw).encode()
        try:
            async with http.post(self.hook, data=body, headers=signed(body)) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def _serve(self, request: web.Request) -> web.Response:
        try:
            if request.headers.get("Authorization") != f"Bearer {TOKEN}":
                raise RefusalError(401, 190)
            if request.match_info["number"] != NUMBER:
                raise RefusalError(400, 100)
            given = await request.json()
            lost = await self._carried_out(given)
        except RefusalError as refusal:
            self.refused[refusal.code] += 1
            return web.json_response({"error": {"message": "…", "code": refusal.code}}, status=refusal.status)
        if lost:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"messaging_product": "whatsapp", "messages": [{"id": "wamid.ours"}]})

    async def _store(self, request: web.Request) -> web.Response:
        """Take a file as the real one does: a form with its type."""
        form = await request.post()
        file = form.get("file")
        fits = isinstance(file, web.FileField) and form.get("messaging_product") == "whatsapp"
        if request.headers.get("Authorization") != f"Bearer {TOKEN}" or not fits:
            return web.json_response({"error": {"message": "…", "code": 100}}, status=400)
        assert isinstance(file, web.FileField)
        name = f"media-{len(self.media) + 1}"
        self.media[name] = (str(form.get("type")), file.file.read())
        return web.json_response({"id": name})

    async def _carried_out(self, given: Raw) -> bool:
        need(given.get("messaging_product") == "whatsapp")
        if given.get("status") == "read":
            self.read.append(given["message_id"])
            return False
        failure = self.failures.popleft() if self.failures else None
        if isinstance(failure, RefusalError):
            raise failure
        need(("to" in given) != ("recipient" in given))
        person = given.get("to") or given["recipient"]
        if person not in self.open_windows:
            raise RefusalError(400, 131047)
        if given["type"] in ("image", "document"):
            need(given[given["type"]]["id"] in self.media)
            self.pictures[person].append(self.media[given[given["type"]]["id"]])
            return failure == "lost"
        check(given)
        self.sent[person].append(given)
        return failure == "lost"


def need(fits: bool) -> None:
    """Refuse what does not fit."""
    if not fits:
        raise RefusalError(400, 100)


def check(given: Raw) -> None:
    """Refuse what is longer or more than WhatsApp takes."""
    need(len(given.get("biz_opaque_callback_data", "")) <= 512)
    if given["type"] == "text":
        need(1 <= len(given["text"]["body"]) <= 4096)
        return
    need(given["type"] == "interactive")
    shape = given["interactive"]
    need(1 <= len(shape["body"]["text"]) <= 1024)
    if shape["type"] == "button":
        keys = [button["reply"] for button in shape["action"]["buttons"]]
        need(1 <= len(keys) <= 3 and all(1 <= len(key["title"]) <= 20 and 1 <= len(key["id"]) <= 256 for key in keys))
        need(len({key["title"] for key in keys}) == len(keys))
    else:
        need(shape["type"] == "list" and 1 <= len(shape["action"]["button"]) <= 20)
        keys = [row for section in shape["action"]["sections"] for row in section["rows"]]
        need(1 <= len(keys) <= 10 and all(1 <= len(key["title"]) <= 24 and 1 <= len(key["id"]) <= 200 for key in keys))
    need(len({key["id"] for key in keys}) == len(keys))


def choices(given: Raw) -> list[Raw]:
    """Return the buttons or rows of a message, each with id and title."""
    if given["type"] != "interactive":
        return []
    action = given["interactive"]["action"]
    if "buttons" in action:
        return [button["reply"] for button in action["buttons"]]
    return [row for section in action["sections"] for row in section["rows"]]


def words(given: Raw) -> str:
    """Return the text of a message."""
    return str(given["text"]["body"] if given["type"] == "text" else given["interactive"]["body"]["text"])


def posting(person: str, *messages: Raw, number: str = NUMBER, statuses: tuple[Raw, ...] = ()) -> Raw:
    """Return a posting with some messages of one person."""
    contact: Raw = {"profile": {"name": "Siti"}}
    contact |= {"user_id": person} if person.startswith("ID.") else {"wa_id": person}
    value: Raw = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": number}, "contacts": [contact]}
    if messages:
        value["messages"] = list(messages)
    if statuses:
        value["statuses"] = list(statuses)
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }


def signed(body: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    """Return the header that WhatsApp sends with a body."""
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}
