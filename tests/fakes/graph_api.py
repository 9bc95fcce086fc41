"""A Graph API that answers like WhatsApp's, and refuses what WhatsApp refuses.

One number. The worker's side is `say`, `choose` …, each a signed posting to the webhook, brought again until it gets a
200. Free words go only to whoever wrote within 24 hours by `clock`, templates to anybody once they are approved.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import hmac
import itertools
import json
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web

from bot.clock import Clock
from tests.fakes.graph_templates import ACCOUNT, RefusalError, Shelf, need

TOKEN = "EAAfake"
NUMBER = "106540352242922"
APP_SECRET = "app-secret-of-nobody"
VERIFY = "verify-me"

WINDOW = dt.timedelta(hours=24)

Raw = dict[str, Any]


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
        self.clock = Clock()
        self.last_said: dict[str, dt.datetime] = {}
        self.templates = Shelf()
        self.files: dict[str, bytes] = {}
        """What people sent, by id."""
        self.tells_early = False
        """Whether a message is told to be delivered, and what it leads to is done, before its sending is answered."""
        self.files_at = ""
        """Where files are said to be: here, unless this names another place."""
        self.brings_to: dict[str, str] = {}
        """Where postings are said to go: the number's own, its account's, its app's address."""
        self.asked: list[str] = []
        """The paths of what was asked for with GET."""
        self.failures: deque[RefusalError | str] = deque()
        """What the next sendings meet: a refusal, "lost" (carried out, the answer lost) or "cut" (connection lost)."""
        self.trouble: RefusalError | str | None = None
        """What every other sending meets, as long as it lasts."""
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
        now = self.last_said[person] = self.clock()
        who = {"from_user_id": person} if person.startswith("ID.") else {"from": person}
        return {**who, "id": f"wamid.{next(self._numbers)}", "timestamp": str(int(now.timestamp())), **content}

    def press(self, person: str, given: Raw) -> Raw:
        """Let somebody tap the key below a template."""
        key = next(part for part in given["template"]["components"] if part["type"] == "button")
        return self.write(person, type="button", button={"payload": key["parameters"][0]["payload"], "text": "…"})

    def report(self, given: Raw, status: str, code: int = 0) -> Raw:
        """Tell what became of a message."""
        person = given.get("to") or given["recipient"]
        told = {"id": given["id"], "status": status, "timestamp": str(int(self.clock().timestamp()))}
        told |= {name: given[name] for name in ("biz_opaque_callback_data",) if name in given}
        return self.bring(posting(person, statuses=(told | ({"errors": [{"code": code}]} if code else {}),)))

    def bring(self, raw: Raw) -> Raw:
        """Bring a posting, perhaps again."""
        self._postings.put_nowait(raw)
        return raw

    # --- running -----------------------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[FakeGraphApi]:
        """Serve on loopback while the block lasts."""
        app = web.Application()
        app.router.add_post("/{number}/messages", self._messages)
        app.router.add_post("/{number}/media", self._store)
        app.router.add_get("/{account}/message_templates", self._templates)
        app.router.add_post("/{account}/message_templates", self._templates)
        app.router.add_post("/{template}", self._template)
        app.router.add_get(f"/{NUMBER}", self._tell_number)
        app.router.add_get("/{file}", self._file)
        app.router.add_get("/files/{file}", self._content)
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
                while not await self._posted(http, raw):
                    await asyncio.sleep(0.05)
                self._postings.task_done()

    async def _posted(self, http: aiohttp.ClientSession, raw: Raw) -> bool:
        body = json.dumps(raw).encode()
        try:
            async with http.post(self.hook, data=body, headers=signed(body)) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def _messages(self, request: web.Request) -> web.Response:
        async def carry_out() -> Raw:
            need(request.match_info["number"] == NUMBER)
            made = f"wamid.ours{next(self._numbers)}"
            given = await request.json()
            if await self._carried_out(given, made):
                assert request.transport is not None
                request.transport.abort()
            if self.tells_early and "type" in given:
                self.report({**given, "id": made}, "delivered")
                await self._postings.join()
            return {"messaging_product": "whatsapp", "messages": [{"id": made}]}

        return await self._answer(request, carry_out)

    async def _templates(self, request: web.Request) -> web.Response:
        async def carry_out() -> Raw:
            need(request.match_info["account"] == ACCOUNT)
            if request.method == "GET":
                return self.templates.page(dict(request.query))
            return self.templates.create(await request.json())

        return await self._answer(request, carry_out)

    async def _template(self, request: web.Request) -> web.Response:
        async def carry_out() -> Raw:
            return self.templates.edit(request.match_info["template"], await request.json())

        return await self._answer(request, carry_out)

    async def _file(self, request: web.Request) -> web.Response:
        async def carry_out() -> Raw:
            name = request.match_info["file"]
            need(name in self.files and request.query.get("phone_number_id", NUMBER) == NUMBER)
            url = f"{self.files_at or self.url}/files/{name}"
            # What the header says is what the sender's phone said, true or not.
            return {"url": url, "mime_type": "image/jpeg", "file_size": len(self.files[name]), "id": name}

        return await self._answer(request, carry_out)

    async def _content(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.Response(status=401)
        return web.Response(body=self.files[request.match_info["file"]], content_type="image/jpeg")

    async def _answer(self, request: web.Request, carry_out: Callable[[], Awaitable[Raw]]) -> web.Response:
        self.asked += [request.path] if request.method == "GET" else []
        try:
            if request.headers.get("Authorization") != f"Bearer {TOKEN}":
                raise RefusalError(401, 190)
            return web.json_response(await carry_out())
        except RefusalError as refusal:
            self.refused[refusal.code] += 1
            return web.json_response({"error": {"message": "…", "code": refusal.code}}, status=refusal.status)

    async def _tell_number(self, request: web.Request) -> web.Response:
        async def carry_out() -> Raw:
            known = {"display_phone_number": "+62 811-2233-4455", "webhook_configuration": self.brings_to}
            field = request.query.get("fields", "")
            need(field in known)
            return {field: known[field], "id": NUMBER}

        return await self._answer(request, carry_out)

    async def _store(self, request: web.Request) -> web.Response:
        """Take a file as the real one does: a form with its type."""

        async def carry_out() -> Raw:
            form = await request.post()
            file = form.get("file")
            if not isinstance(file, web.FileField) or form.get("messaging_product") != "whatsapp":
                raise RefusalError(400, 100)
            name = f"media-{len(self.media) + 1}"
            self.media[name] = (str(form.get("type")), file.file.read())
            return {"id": name}

        return await self._answer(request, carry_out)

    async def _carried_out(self, given: Raw, made: str) -> bool:
        """Carry out one request under an id; tell whether only the answer is to be lost."""
        need(given.get("messaging_product") == "whatsapp")
        if given.get("status") == "read":
            self.read.append(given["message_id"])
            return False
        failure = self.failures.popleft() if self.failures else self.trouble
        if isinstance(failure, RefusalError):
            raise failure
        if failure == "cut":
            return True
        need(("to" in given) != ("recipient" in given))
        person = given.get("to") or given["recipient"]
        if given["type"] == "template":
            need(len(given.get("biz_opaque_callback_data", "")) <= 512)
            self.templates.check_use(given["template"])
            self.sent[person].append({**given, "id": made})
            return failure == "lost"
        said = self.last_said.get(person)
        need(said is not None and self.clock() - said < WINDOW, 131047)
        if given["type"] in ("image", "document"):
            need(given[given["type"]]["id"] in self.media)
            self.pictures[person].append(self.media[given[given["type"]]["id"]])
        else:
            check(given)
            self.sent[person].append({**given, "id": made})
        return failure == "lost"


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
