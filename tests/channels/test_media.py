"""What workers send for staff to look at: told by its bytes, and fetched from Telegram, too."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.app import Jamin
from bot.channels.media import LARGEST, kind_of
from storage.media import media_of, open_medium
from storage.tables import outbox
from tests.channels.test_telegram import heard, program
from tests.channels.test_whatsapp_window import until
from tests.databases import Sqlite
from tests.fakes.bot_api import FakeBotApi

OGG = b"OggS\0\x02" + b"\0" * 500


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe1\0\0Exif", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
        (b"RIFF\x10\0\0\0WEBPVP8L", "image/webp"),
        (b"%PDF-1.7\n", "application/pdf"),
        (OGG, "audio/ogg"),
        (b"\0\0\0\x20ftypM4A \0", "audio/mp4"),
        (b"\0\0\0\x20ftypmp42", ""),
        (b"<svg onload=alert(1)>", ""),
        (b"GIF89a", ""),
        (b"RIFF\x10\0\0\0AVI LIST", ""),
        (b"\xff\xd8", ""),
        (b"", ""),
    ],
)
def test_a_content_is_told_by_how_it_begins(content: bytes, kind: str) -> None:
    """Only pictures, voices and PDF are known; whatever could run or is something else is not."""
    assert kind_of(content) == kind


async def ended(jamin: Jamin, state: str) -> bool:
    """Tell whether what was to be fetched ended so."""
    async with jamin.database.read() as connection:
        found = await connection.execute(sa.select(outbox.c.state).where(outbox.c.lane == "media"))
        return list(found.scalars()) == [state]


@pytest.mark.parametrize(
    ("content", "kinds", "fetched"),
    [(OGG, ["audio/ogg"], ["v1"]), (b"MZ", [], ["v1"]), (b"\0" * (LARGEST + 1), [], [])],
    ids=["voice", "program", "huge"],
)
async def test_a_voice_sent_to_staff_in_telegram_is_kept(
    tmp_path: Path, sqlite: Sqlite, content: bytes, kinds: list[str], fetched: list[str]
) -> None:
    """While staff have the chat a voice is fetched, if it is one, and not at all if it is too large."""
    async with FakeBotApi().running() as api, program(api, tmp_path / "home", sqlite.fresh()) as jamin:
        api.files["v1"] = content
        voice = {"file_id": "v1", "file_unique_id": "v", "duration": 3}
        api.write(7001, voice=voice)
        api.say(7001, "petugas")
        await heard(api, 7001, 2)
        assert api.fetched == []
        api.write(7001, voice=voice)
        await until(lambda: ended(jamin, "done" if kinds else "dead"))
        assert api.fetched == fetched
        async with jamin.database.read() as connection:
            found = await media_of(connection, 1)
            assert [medium.kind for medium in found] == kinds
            for medium in found:
                assert await open_medium(connection, jamin.keys, 1, medium.line) == (medium, content)
