"""The server as whoever runs it meets it: refusals that say what to set, health, a clean stop, nothing in clear."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import aiohttp
import pytest

from bot.settings import SettingsError, load_settings
from storage.sealing import KeyRing
from tests.e2e.chatting import WebWorker
from tests.e2e.form import BUDI, Move, whole
from tests.e2e.programs import Server, end, free_port, start

STOPS_WITHIN = 5.0
TOKEN = "123456:a-token-nobody-should-see"
SECRETS = (TOKEN, "bukan-kunci", "rahasia")

REFUSED: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "a messenger without a mode": ({"telegram_token": TOKEN}, ("JAMIN_MODE",)),
    "WhatsApp without a mode": ({"whatsapp_token": TOKEN}, ("JAMIN_MODE",)),
    "live with nothing else": ({"mode": "live"}, ("JAMIN_OPERATOR_NAME", "JAMIN_BACKEND")),
    "live with the simulation": (
        {"mode": "live", "operator_name": "Yayasan", "backend": "reference"},
        ("JAMIN_BACKEND",),
    ),
    "http without an address": ({"backend": "http"}, ("JAMIN_BACKEND_URL", "JAMIN_BACKEND_SECRET")),
    "personal data in clear": (
        {
            "mode": "live",
            "operator_name": "Yayasan",
            "backend": "http",
            "backend_url": "http://backend.example",
            "backend_secret": TOKEN,
        },
        ("JAMIN_BACKEND_URL",),
    ),
    "a desk that never opens": (
        {"desk_hours": "senin 8-16", "desk_holidays": "Natal", "desk_idle_minutes": "0"},
        ("JAMIN_DESK_HOURS", "JAMIN_DESK_HOLIDAYS", "JAMIN_DESK_IDLE_MINUTES"),
    ),
    "everything wrong at once": (
        {"mode": "demo2", "backend": "fax", "public_url": "ftp://x"},
        ("JAMIN_MODE", "JAMIN_BACKEND"),
    ),
}
"""Settings that do not fit, and the names that the refusal must hold."""

FROM_OUTSIDE = ("a messenger without a mode", "live with nothing else")
"""Those shown on real processes too, each of which takes a second to start."""


@pytest.mark.parametrize("name", REFUSED)
def test_settings_that_do_not_fit_are_named_together(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings that do not fit are refused all at once, each by its name and without its value."""
    settings, named = REFUSED[name]
    for setting, value in settings.items():
        monkeypatch.setenv(f"JAMIN_{setting.upper()}", value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert all(setting in str(refused.value) for setting in named)
    assert not any(secret in str(refused.value) for secret in SECRETS)


async def test_settings_that_do_not_fit_stop_the_start(tmp_path: Path) -> None:
    """A start with settings that do not fit ends with 2 and says so on stderr, without a value."""
    ends = await asyncio.gather(*(refusal("serve", tmp_path, **REFUSED[name][0]) for name in FROM_OUTSIDE))
    for name, err in zip(FROM_OUTSIDE, ends, strict=True):
        assert all(setting in err for setting in REFUSED[name][1]), err


async def test_other_makes_stop_the_start(tmp_path: Path) -> None:
    """A database that is neither SQLite nor PostgreSQL is refused without showing its password, a worker needs
    PostgreSQL, and keys that are none are named."""
    served, worked, keyed = await asyncio.gather(
        refusal("serve", tmp_path, database_url="mysql://root:rahasia@x/jamin"),
        refusal("worker", tmp_path, backend="manual"),
        refusal("serve", tmp_path, keys="satu:bukan-kunci"),
    )
    assert "JAMIN_DATABASE_URL" in served
    assert "JAMIN_DATABASE_URL" in worked
    assert "JAMIN_KEYS" in keyed


async def test_other_keys_stop_the_start(tmp_path: Path) -> None:
    """A key ring that cannot open what is stored stops the start: to serve on would make every worker a stranger."""
    async with Server(tmp_path) as server, browser_like() as http:
        await (await WebWorker.open(http, server.url)).close()
    others = KeyRing.make()
    err = await refusal("serve", tmp_path, keys=others)
    assert "JAMIN_KEYS" in err
    assert others not in err


async def refusal(command: str, home: Path, **settings: str) -> str:
    """Start a process that must refuse to; give what it says."""
    started = await start(command, "--port", str(free_port()), home=str(home), **settings)
    status, out, err = await end(started)
    assert (status, out) == (2, ""), err
    assert not any(secret in err for secret in (*SECRETS, "Traceback")), err
    return err


async def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    """A second server on the same port ends with 2 and says which argument to change."""
    async with Server(tmp_path / "first") as server:
        second = await start("serve", "--port", str(server.port), home=str(tmp_path / "second"))
        status, out, err = await end(second)
    assert (status, out) == (2, "")
    assert "--port" in err


async def test_it_is_healthy_and_stops_cleanly(tmp_path: Path) -> None:
    """It says where to look and a password once; it is alive and ready; SIGTERM ends it soon with 0, also with a chat
    open; a second start goes on with the same chat and prints no password."""
    async with Server(tmp_path) as server, browser_like() as http:
        assert await server.password()
        assert server.url in server.log
        for path in ("/healthz", "/readyz"):
            async with http.get(server.url + path) as answer:
                assert (answer.status, await answer.json()) == (200, {"status": "ok"})
        async with http.get(f"{server.url}/metrics") as answer:
            assert answer.status == 200
        somebody = await WebWorker.open(http, server.url)
        await somebody.do(Move("whom", "self"))
        began = time.monotonic()
        assert await server.terminate() == 0
        assert time.monotonic() - began < STOPS_WITHIN
        server.log = ""
        await server.start()
        assert "password" not in server.log
        await somebody.connect()
        await somebody.do(Move("occupation", "ojek_online"))
        await somebody.close()


async def test_nothing_personal_is_written_in_clear(tmp_path: Path) -> None:
    """After a whole enrolment no file of the installation and no line of the log holds the NIK, the phone number, the
    name, the member's number or the payment code in clear."""
    async with Server(tmp_path) as server, browser_like() as http:
        somebody = await WebWorker.open(http, server.url)
        await somebody.go(whole(BUDI))
        receipt = await somebody.until("(KPJ)")
        await somebody.say("petugas")
        await somebody.close()
        assert await server.terminate() == 0
    kpj = receipt.split("(KPJ): ")[1].split()[0]
    code = receipt.split("Kode bayar: ")[1].split()[0]
    ours = (*BUDI, BUDI.nik.replace(" ", ""), "Santoso", "81234567890", "1990-08-17", kpj, code)
    files = {"the log": server.log.encode()} | contents(tmp_path)
    assert {"jamin.db", "master.key", "reference.db"} <= files.keys()
    # The backend is another system, which needs its members' numbers and codes; it holds nothing else of them.
    found = [(name, text) for name, data in files.items() for text in ours if text.encode() in data]
    assert [(name, text) for name, text in found if name != "reference.db" or text not in (kpj, code)] == []


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def browser_like() -> aiohttp.ClientSession:
    """A client that keeps the cookies of a bare IP address, as browsers do."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
