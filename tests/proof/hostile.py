"""10,000 hostile requests over real sockets against the whole program: no fault, no leak, memory bounded."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlsplit

from bot.app import Jamin
from bot.backend.webhooks import SIGNATURE_HEADER, sign
from bot.channels.telegram.hook import SECRET_HEADER
from tests.databases import Sqlite
from tests.fakes.graph_api import signed
from tests.fuzz.mutate import ODD, mutated
from tests.fuzz.targets import corpus
from tests.proof.report import Report
from tests.proof.site import HOOK_SECRET, Door, doors, enrolled, site

REQUESTS = 10_000
AT_ONCE = 16
SEED = 20261121
PATIENCE = 2.0
"""Seconds that an attacker waits for the rest of an answer."""
MAY_GROW = 200 << 20
"""Bytes that memory may grow by: what 512 postings of 256 kB may hold, a cache of pages, and the fakes' own notes."""
COME_AGAIN = 503
"""Asked to come again is no fault: that is what bounds memory."""

SIGNS_OF_FAULT = (b"Traceback", b"sqlalchemy", b"site-packages", b"Error handling", b'File "')
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


class Hostile(NamedTuple):
    """A request as bytes, and by what kind of attack it was made."""

    kind: str
    wire: bytes


class Attack(NamedTuple):
    """Who attacks: the doors there are, the secrets that a forger has after all, and the dice."""

    jamin: Jamin
    doors: Sequence[Door]
    dice: random.Random

    def path(self, door: Door) -> str:
        """The door's path with something odd for each parameter."""
        return re.sub(r"\{\w+\}", lambda _: quote(self.odd()[:1500], safe=""), door.path)

    def odd(self) -> str:
        """Something odd, as text that can be sent."""
        return str(self.dice.choice(ODD)).encode("utf-8", "replace").decode()


def written(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """Write a request out."""
    lines = {"Host": "127.0.0.1", "Connection": "close", "Content-Length": str(len(body)), **headers}
    told = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{told}\r\n".encode("utf-8", "replace") + body


# --- attacks ---------------------------------------------------------------------------------------------------------


def odd_parameters(a: Attack) -> bytes:
    """A door's own method, with odd parameters in path and query."""
    door = a.dice.choice(a.doors)
    query = f"?{quote(a.odd()[:200])}={quote(a.odd()[:500])}&kode={quote(a.odd()[:100])}"
    return written(door.method.replace("*", "GET"), a.path(door) + query)


def odd_methods(a: Attack) -> bytes:
    """A method that the door does not have."""
    method = a.dice.choice(("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "CONNECT", "PROPFIND", "GET", "POST"))
    return written(method, a.path(a.dice.choice(a.doors)), a.dice.randbytes(20))


def forms(a: Attack) -> bytes:
    """A form with odd fields at every door that takes one."""
    door = a.dice.choice([door for door in a.doors if door.method == "POST"])
    names = ("proof", "form", "name", "password", "text", "as", "nik", "code", "months", "reason", "text", "reply")
    fields = "&".join(f"{a.dice.choice(names)}={quote(a.odd()[:3000])}" for _ in range(a.dice.randrange(6)))
    kind = a.dice.choice(("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "*/*"))
    return written("POST", a.path(door), fields.encode(), Content_Type=kind, Origin="http://127.0.0.1")


def rubbish_bodies(a: Attack) -> bytes:
    """Bytes at random, under any type and coding, of which some is promised and never comes."""
    door, body = a.dice.choice(a.doors), a.dice.randbytes(a.dice.randrange(3000))
    kind = a.dice.choice(("application/json", "multipart/form-data; boundary=", "multipart/form-data", "\u00fc/x"))
    coding = a.dice.choice(("identity", "gzip", "deflate", "br", "x"))
    return written("POST", a.path(door), body, Content_Type=kind, Content_Encoding=coding)


def bombs(a: Attack) -> bytes:
    """A body that is small on the wire and ten megabytes when unpacked, deep nesting, or simply too large."""
    path = a.dice.choice(("/webhooks/telegram", "/webhooks/whatsapp", "/webhooks/backend", "/desk/masuk", "/privat/x"))
    secret = {SECRET_HEADER: HOOK_SECRET}
    match a.dice.randrange(3):
        case 0:
            return written("POST", path, gzip.compress(b" " * (10 << 20)), **secret, Content_Encoding="gzip")
        case 1:
            body = (b"[" if a.dice.random() < 0.5 else b'{"a":') * 40_000
            return written("POST", path, body, **secret, **signed(body))
        case _:
            return written("POST", path, b"a=" + b"x" * (300 << 10), **secret)


def odd_headers(a: Attack) -> bytes:
    """Cookies, origins and forwarded addresses that nobody sends."""
    door = a.dice.choice(a.doors)
    names = ("Cookie", "Origin", "X-Forwarded-For", "X-Forwarded-Proto", "Host", "Range", "If-None-Match", "Accept")
    odd = {a.dice.choice(names): re.sub(r"[\r\n\x00]", "", a.odd())[:4000] for _ in range(4)}
    odd["Cookie"] = f"jamin_desk={quote(a.odd()[:200])}; jamin_chat={a.dice.choice(('0' * 32, 'x', ''))}"
    return written(door.method.replace("*", "GET"), a.path(door), b"", **odd)


def not_http(a: Attack) -> bytes:
    """What is no request at all, or one that smuggles another."""
    return a.dice.choice(
        (
            a.dice.randbytes(200),
            b"GET / HTTP/9.9\r\n\r\n",
            b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET",
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 3000 + b"\r\n",
            b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        )
    )


def sockets(a: Attack) -> bytes:
    """A websocket with frames of rubbish."""
    origin = a.dice.choice(("http://127.0.0.1", "https://evil.example", a.jamin.root))
    asked = written(
        "GET",
        "/chat/ws",
        b"",
        Connection="Upgrade",
        Upgrade="websocket",
        Origin=origin,
        Host=urlsplit(origin).netloc,
        **{"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version": "13"},
        Cookie=f"jamin_chat={a.dice.randbytes(16).hex()}",
    )
    told = mutated(a.dice.choice(corpus("page")), a.dice)[:120]
    return asked + bytes([0x81, 0x80 | len(told), 0, 0, 0, 0]) + told + b"\x88\x80\x00\x00\x00\x00"


def forged_updates(a: Attack) -> bytes:
    """An update whoever knows Telegram's secret might make."""
    body = mutated(a.dice.choice(corpus("telegram")), a.dice)
    return written("POST", "/webhooks/telegram", body, **{SECRET_HEADER: HOOK_SECRET})


def forged_postings(a: Attack) -> bytes:
    """A posting whoever knows WhatsApp's secret might make."""
    body = mutated(a.dice.choice(corpus("whatsapp")), a.dice)
    return written("POST", "/webhooks/whatsapp", body, **signed(body))


def forged_events(a: Attack) -> bytes:
    """An event whoever knows the backend's secret might make."""
    body = mutated(a.dice.choice(corpus("backend")), a.dice)
    secret = (a.jamin.settings.home / "backend.secret").read_text().strip()
    return written("POST", "/webhooks/backend", body, **{SIGNATURE_HEADER: sign(secret, body, dt.datetime.now(dt.UTC))})


def unsigned(a: Attack) -> bytes:
    """A webhook with no signature, or somebody else's."""
    body = a.dice.choice(corpus("whatsapp"))
    given = a.dice.choice(({}, signed(body, "another secret"), {SECRET_HEADER: a.odd().split("\n")[0][:100]}))
    return written(
        "POST", a.dice.choice(("/webhooks/telegram", "/webhooks/whatsapp", "/webhooks/backend")), body, **given
    )


ATTACKS: tuple[Callable[[Attack], bytes], ...] = (
    *(odd_parameters, odd_methods, forms, rubbish_bodies, odd_headers, not_http, sockets, unsigned, bombs),
    *(forged_updates, forged_postings, forged_events),
)


# --- the run ---------------------------------------------------------------------------------------------------------


class Course:
    """One run: what was answered, and what was wrong with it."""

    def __init__(self, jamin: Jamin, secrets: Sequence[str]) -> None:
        self.statuses: Counter[str] = Counter()
        self.faults: list[str] = []
        self._attack = Attack(jamin, doors(jamin), random.Random(SEED))
        self._secrets = tuple(secret.encode() for secret in secrets)
        self._port = urlsplit(jamin.root).port

    async def play(self, requests: int) -> None:
        """Send so many, some at a time."""
        turns = iter(range(requests))
        await asyncio.gather(*(self._some(turns) for _ in range(AT_ONCE)))

    async def _some(self, turns: object) -> None:
        for number in turns:  # type: ignore[attr-defined]
            made = ATTACKS[number % len(ATTACKS)]
            wire = made(self._attack)
            self._judge(made.__name__, wire, await self._answer(wire))

    async def _answer(self, wire: bytes) -> bytes:
        """Send and read until the other side ends; who waits for what never comes is left after a moment."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        answer = bytearray()
        try:
            writer.write(wire)
            async with asyncio.timeout(PATIENCE):
                while piece := await reader.read(1 << 16):
                    answer += piece
        except (TimeoutError, ConnectionError):
            self.statuses["left open, or cut"] += 1
        finally:
            writer.transport.abort()
        return bytes(answer)

    def _judge(self, kind: str, wire: bytes, answer: bytes) -> None:
        found = STATUS.match(answer)
        status = int(found[1]) if found else 0
        self.statuses[str(status or "no answer")] += 1
        if status >= 500 and status != COME_AGAIN:
            self.faults.append(f"{kind}: {status}")
        # What an attacker brought along, and is shown again on the page they opened, is no leak.
        secrets = (secret for secret in self._secrets if secret not in unquote_to_bytes(wire))
        self.faults += [f"{kind}: shows {sign!r}" for sign in (*SIGNS_OF_FAULT, *secrets) if sign in answer]


def memory() -> int:
    """Return the bytes this process holds; the program, its attackers and the fakes are all in it."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) << 10


async def attacked(home: Path, database_url: str, requests: int) -> tuple[Course, int]:
    """Attack the whole program, with a worker enrolled in it; return what came of it and how memory grew, in bytes."""
    async with site(home, database_url) as jamin:
        told = await enrolled(jamin)
        keys = (home / "master.key").read_text().strip().partition(":")[2]
        course = Course(jamin, (*told, keys, jamin.settings.telegram_token, jamin.settings.backend_secret or "-" * 40))
        await course.play(requests // 10)
        before = memory()
        await course.play(requests - requests // 10)
        return course, memory() - before


def run(scale: float) -> Report:
    """Play the run."""
    requests, started = round(REQUESTS * scale), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        url = Sqlite(Path(folder)).fresh()
        course, grown = asyncio.run(attacked(Path(folder) / "home", url, requests))
    faults = [*course.faults, *(["memory grew too much"] if grown > MAY_GROW else [])]
    figures = (
        ("requests", f"{requests:,}"),
        ("kinds of attack", ", ".join(attack.__name__ for attack in ATTACKS)),
        ("answers by status", json.dumps(dict(sorted(course.statuses.items())))),
        ("memory grew by, after the first tenth", f"{grown / (1 << 20):.1f} MB (may: {MAY_GROW >> 20})"),
        ("seconds", f"{time.monotonic() - started:.0f}"),
    )
    return Report("Hostile requests", figures, tuple(faults))
