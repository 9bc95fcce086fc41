"""What a worker sent to staff, looked at by an operator."""

from __future__ import annotations

from conversations.messages import Photo
from storage.media import Medium, keep_medium
from tests.desk.office import Office

PICTURE = b"\xff\xd8\xff\xe0foto"


async def sent(office: Office, kind: str, content: bytes) -> str:
    """Let a worker who called for staff send something that is kept; return where the desk has it."""
    await office.worker("halo", "petugas")
    await office.take(Photo("foto"))
    async with office.database.write() as connection:
        assert await keep_medium(connection, office.keys, 1, Medium(5, kind, len(content)), content, office.clock())
    return "/desk/kasus/1/kiriman/5"


async def test_a_kept_picture_is_seen_in_its_case(office: Office) -> None:
    """The conversation leads to the picture, which comes as what it is and can do nothing."""
    await office.begin()
    where = await sent(office, "image/jpeg", PICTURE)
    assert f'href="{where}"' in (await office.get("/desk/kasus/1")).text
    async with office.client.get(where) as answer:
        assert (answer.status, answer.content_type, await answer.read()) == (200, "image/jpeg", PICTURE)
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_what_it_is_shows_in_its_bytes(office: Office) -> None:
    """Something that only calls itself a picture is no picture, and is saved rather than shown."""
    await office.begin()
    async with office.client.get(await sent(office, "image/jpeg", b"<script>alert(1)</script>")) as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")


async def test_only_what_was_kept_is_there(office: Office) -> None:
    """A line of which nothing was kept has nothing to look at, and nobody looks without signing in."""
    where = await sent(office, "image/jpeg", PICTURE)
    assert (await office.get(where)).path == "/desk/masuk"
    await office.begin()
    assert (await office.get("/desk/kasus/1/kiriman/1")).status == 404
