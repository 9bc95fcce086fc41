"""What every answer forbids the browser, from whichever door it comes."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.headers import HEADERS, add_headers
from tests.databases import Sqlite
from tests.proof.site import doors, site

ANYTHING = re.compile(r"\{\w+[^}]*\}")
OURS = ("/", "/d/x", "/field", "/desk", "/desk/masuk", "/data/x", "/privat/x", "/sah/x", "/healthz", "/nowhere")


async def test_every_door_answers_with_every_header(tmp_path: Path, sqlite: Sqlite) -> None:
    """Each route, asked by a stranger, and what is no route, answers with rules against sniffing, framing, foreign
    scripts, referrers and storing, does not say what it is made of, and has no fault."""
    faults = []
    async with site(tmp_path, sqlite.fresh()) as jamin, aiohttp.ClientSession() as http:
        found = doors(jamin)
        assert {"/", "/desk", "/field", "/webhooks/telegram", "/backend/pay/{code}"} <= {door.path for door in found}
        for method, path in [*found, *(("GET", path) for path in OURS), ("TRACE", "/")]:
            url = jamin.root + ANYTHING.sub("x", path)
            asked = "GET" if method == "*" else method
            async with http.request(asked, url, allow_redirects=False) as answer:
                missing = HEADERS.keys() - answer.headers.keys()
                weak = "*" in answer.headers["Content-Security-Policy"] or "aiohttp" in answer.headers["Server"]
                if missing or weak or answer.status >= 500:
                    faults.append((asked, path, answer.status, missing))
    assert faults == []


async def test_https_is_for_good() -> None:
    """Where people reach us by HTTPS their browsers are told to use nothing else, and elsewhere they are not."""
    for secure in (True, False):
        app = web.Application()
        add_headers(app, secure=secure)
        async with TestClient(TestServer(app)) as client, client.get("/") as answer:
            assert ("Strict-Transport-Security" in answer.headers) is secure
