"""Looking over an installation names what is wrong, and what to do."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import os
import shutil
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.app import Jamin
from bot.doctor import examine
from bot.settings import Settings
from conversations.retention import BACKUP_DAYS
from storage.database import open_database
from storage.migrate import migrate
from storage.sealing import KeyRing
from storage.tables import audit, chats
from tests.backend.running import serving
from tests.databases import Sqlite
from tests.fakes.bot_api import TOKEN as TELEGRAM_TOKEN
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.graph_api import NUMBER, FakeGraphApi
from tests.fakes.graph_api import TOKEN as WHATSAPP_TOKEN
from tests.shell.worker import Worker

GOOD = "0123456789abcdef-of-nobody"


async def said(settings: Settings) -> str:
    """All that is found, in words."""
    return "\n".join(map(str, await examine(settings)))


async def test_a_healthy_demo_has_nothing_wrong(jamin: Jamin, worker: Worker) -> None:
    """A fresh demo is told to be one, and that the first operator has yet to change the password given."""
    await worker.answer_until("review")
    found = await examine(jamin.settings)
    assert [finding for finding in found if finding.grade == "wrong"] == []
    assert any("demo mode" in finding.what for finding in found)


async def test_keys_that_do_not_fit_are_named(jamin: Jamin, worker: Worker) -> None:
    """With another master key than the database was sealed with, the setting is named."""
    await worker.answer_until("whom")
    other = jamin.settings.model_copy(update={"keys": KeyRing.make()})
    assert "wrong: JAMIN_KEYS" in await said(other)


async def test_rows_under_an_older_key_are_counted(jamin: Jamin, worker: Worker) -> None:
    """After a new key was put first, the command that turns the rest to it is named."""
    await worker.answer_until("whom")
    held = (jamin.settings.home / "master.key").read_text().strip()
    both = jamin.settings.model_copy(update={"keys": f"{KeyRing.make('k2')},{held}"})
    assert "keys rotate" in await said(both)


async def test_a_broken_audit_trail_is_grave(jamin: Jamin, worker: Worker) -> None:
    """A row that somebody slipped in is found by its number."""
    row = {"n": 1, "at": jamin.clock(), "who": "x", "act": "x", "subject": "x", "previous": b"", "digest": b""}
    async with jamin.database.write() as connection:
        await connection.execute(sa.insert(audit).values(row))
    assert "broken from row 1" in await said(jamin.settings)


async def test_rows_that_nobody_can_open_are_counted(jamin: Jamin, worker: Worker) -> None:
    """Where a key that rows name was taken away too soon, that is grave, and it is said to put it back."""
    await worker.answer_until("whom")
    other = jamin.settings.model_copy(update={"keys": KeyRing.make("k2")})
    assert "rows need a key that is not in JAMIN_KEYS" in await said(other)


async def test_files_open_to_others_are_named(jamin: Jamin) -> None:
    """A key file that others may read is named with the command that closes it."""
    (jamin.settings.home / "master.key").chmod(0o644)
    assert "chmod go=" in await said(jamin.settings)


async def test_a_backup_that_outlived_its_time_is_named(jamin: Jamin) -> None:
    """A copy older than the rule is to be deleted, for it holds what was erased since."""
    folder = jamin.settings.home / "backups"
    folder.mkdir()
    for name, days in (("old", BACKUP_DAYS + 1), ("new", 1)):
        (folder / name).touch()
        long_ago = time.time() - days * 86_400
        os.utime(folder / name, (long_ago, long_ago))
    found = await said(jamin.settings)
    assert f"{folder / 'old'} holds what was erased" in found
    assert f"{folder / 'new'} holds" not in found


async def test_an_old_schema_is_named(tmp_path: Path) -> None:
    """A database that was never migrated is told to be started once."""
    settings = Settings(mode="demo", home=tmp_path, database_url=f"sqlite:///{tmp_path / 'old.db'}")
    database = open_database(settings.database)
    await migrate(database)
    async with database.write() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
        assert await connection.scalar(sa.select(sa.func.count()).select_from(chats)) == 0
    await database.close()
    assert "older schema" in await said(settings)


# --- a live installation that is not running ------------------------------------------------------------------------


@pytest.fixture
def live(sqlite: Sqlite, tmp_path: Path) -> Settings:
    """What a live installation may be set to, with nothing to be said against it but that it has no address."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "backups").mkdir(mode=0o700)
    (home / "backups" / "new").touch(mode=0o600)
    url = sqlite.fresh()
    Path(url.removeprefix("sqlite:///")).chmod(0o600)
    return Settings(
        mode="live",
        operator_name="Koperasi",
        backend="manual",
        home=home,
        keys=KeyRing.make(),
        database_url=url,
    )


def having(settings: Settings, **others: object) -> Settings:
    """Settings with some of them set otherwise, and seen to fit together."""
    return Settings(**settings.model_dump() | others)


async def test_a_weak_installation_is_told_so(live: Settings) -> None:
    """No address, a key beside the data, secrets that can be guessed, no backup: each has a line and what to do."""
    assert await said(live) == "weak: JAMIN_PUBLIC_URL is not set: webhooks, links and posters need it"
    shutil.rmtree(live.home / "backups")
    found = await said(having(live, keys="", telegram_secret="rahasia", public_url="http://127.0.0.1:9"))
    for named in ("master key lies beside", "JAMIN_TELEGRAM_SECRET can be guessed", "must be https", "no backup"):
        assert named in found


async def test_whatever_holds_secrets_is_for_its_owner_alone(live: Settings, tmp_path: Path) -> None:
    """The keys' file, the copies and a database elsewhere are looked at like the folder itself."""
    keys = tmp_path / "keys"
    keys.write_text(live.keys)
    database = Path(live.database_url.removeprefix("sqlite:///"))
    for path in (keys, database, live.home / "backups" / "new"):
        path.chmod(0o644)
    found = await said(having(live, keys="", keys_file=keys))
    assert [path for path in (keys, database, live.home / "backups" / "new") if f"chmod go= {path}" not in found] == []


async def test_an_old_backup_and_a_full_disk_are_named(live: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newest copy is of the last day, and there is room for what comes."""
    long_ago = time.time() - 2 * 86_400
    os.utime(live.home / "backups" / "new", (long_ago, long_ago))
    monkeypatch.setattr("bot.doctor.LEAST_ROOM", 1 << 62)
    found = await said(live)
    assert "older than a day" in found
    assert "wrong: " in found
    assert "MB are free" in found


async def test_a_database_that_is_away_is_named(live: Settings) -> None:
    """Where the database does not answer that is said, and the rest is looked over all the same."""
    found = await said(having(live, database_url="postgresql://jamin@127.0.0.1:9/jamin"))
    assert "wrong: the database does not answer" in found
    assert "JAMIN_PUBLIC_URL is not set" in found


async def test_a_wrong_clock_is_named(live: Settings) -> None:
    """What answers at our address tells another time, or nothing answers."""

    async def an_hour_ago(_: web.Request) -> web.Response:
        return web.Response(
            headers={"Date": time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() - 3600))}
        )

    app = web.Application()
    app.router.add_get("/", an_hour_ago)
    async with serving(app) as url:
        assert "the clock is wrong" in await said(having(live, public_url=url))
    assert "nothing answers at JAMIN_PUBLIC_URL" in await said(having(live, public_url=url))


async def test_telegram_is_asked_what_it_knows(live: Settings) -> None:
    """A webhook elsewhere, a token that is refused and silence are told apart."""
    async with FakeBotApi().running() as api:
        here = having(
            live, telegram_token=TELEGRAM_TOKEN, telegram_api_url=api.url, public_url=api.url, telegram_secret=GOOD
        )
        api.webhook = {"url": f"{api.url}/webhooks/telegram"}
        assert "Telegram" not in await said(here)
        api.webhook = {"url": "https://elsewhere.example/hook"}
        assert "Telegram's webhook leads elsewhere" in await said(here)
        assert "Telegram refuses JAMIN_TELEGRAM_TOKEN" in await said(having(here, telegram_token="1:wrong"))
    assert "Telegram does not answer" in await said(here)


async def test_whatsapp_is_asked_what_it_knows(live: Settings) -> None:
    """What is set for the number goes before what is set for the app; a refusal and silence are told apart."""
    secrets = {"whatsapp_app_secret": GOOD, "whatsapp_verify_token": GOOD, "whatsapp_phone_id": NUMBER}
    async with FakeGraphApi().running() as api:
        here = having(live, whatsapp_token=WHATSAPP_TOKEN, whatsapp_api_url=api.url, public_url=api.url, **secrets)
        api.brings_to = {"application": f"{api.url}/webhooks/whatsapp"}
        assert "WhatsApp" not in await said(here)
        api.brings_to |= {"phone_number": "https://elsewhere.example/hook"}
        assert "WhatsApp brings messages elsewhere" in await said(here)
        assert "WhatsApp refuses" in await said(having(here, whatsapp_token="wrong"))
        assert "JAMIN_PUBLIC_URL is not set: WhatsApp" in await said(having(here, public_url=""))
    assert "WhatsApp does not answer" in await said(here)


@pytest.mark.parametrize(("trusted", "told"), [(True, "it should renew itself"), (False, "is refused")])
async def test_a_certificate_is_looked_at(
    live: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, trusted: bool, told: str
) -> None:
    """One that browsers refuse is grave, one that ends within days should have been renewed."""
    file = certificate(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    async with secured(file) as url:
        assert told in await said(having(live, public_url=url))


@asynccontextmanager
async def secured(certificate: Path) -> AsyncIterator[str]:
    """Serve nothing by TLS; give the URL."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    runner = web.AppRunner(web.Application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        yield f"https://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
        await asyncio.sleep(0)


def certificate(folder: Path) -> Path:
    """Make one for this machine that ends in five days, in a file with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=5))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file = folder / "certificate.pem"
    file.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, private, serialization.NoEncryption()))
    return file
