"""The photo of an agent: sent in the chat, looked at by staff, shown only where they found it good."""

from __future__ import annotations

import io

import sqlalchemy as sa
from PIL import Image

from conversations.messages import Photo
from storage.agents import agent_of_chat, photo_of
from storage.media import Medium, keep_medium
from storage.tables import agents, inbound
from tests.desk.office import Office
from tests.desk.test_agents import APPLICATION, decide

LETTER = APPLICATION.index("[Lewati]")
NO_PICTURE = b"\xff\xd8\xff\xe0 only looks like one"


def jpeg(width: int = 800, height: int = 600) -> bytes:
    """A photo."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#885533").save(out, "JPEG")
    return out.getvalue()


async def applied_with(office: Office, content: bytes) -> None:
    """Let somebody apply who sends a photo when it is asked for."""
    await office.begin(role="supervisor")
    await office.worker(*APPLICATION[:LETTER])
    await office.take(Photo("wajah"))
    async with office.database.write() as connection:
        line = await connection.scalar(sa.select(inbound.c.line).where(inbound.c.step == "agent_photo"))
        assert line is not None
        medium = Medium(line, "image/jpeg", len(content))
        assert await keep_medium(connection, office.keys, 1, medium, content, office.clock())
    await office.worker(*APPLICATION[LETTER + 1 :])


async def shown(office: Office) -> bytes | None:
    """The photo on the agent's page."""
    async with office.database.read() as connection:
        agent = await agent_of_chat(connection, office.keys, 1)
        return await photo_of(connection, office.keys, agent.code) if agent else None


async def test_a_photo_that_staff_find_good_is_shown_while_the_agent_is_one(by_hand: Office) -> None:
    """Staff see what was sent; found good it is shown as a small square, sealed at rest, and not while suspended."""
    await applied_with(by_hand, jpeg())
    page = await by_hand.get("/desk/agen")
    async with by_hand.database.read() as connection:
        agent_id = await connection.scalar(sa.select(agents.c.id))
    assert f'href="/desk/agen/{agent_id}/foto"' in page.text
    async with by_hand.client.get(f"/desk/agen/{agent_id}/foto") as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
    await decide(by_hand, "active", photo="yes")
    photo = await shown(by_hand)
    assert photo is not None
    assert Image.open(io.BytesIO(photo)).size == (320, 320)
    async with by_hand.database.read() as connection:
        assert photo not in (await connection.execute(sa.select(agents.c.photo))).scalar_one()
    await decide(by_hand, "suspended", reason="surat tugas habis")
    assert await shown(by_hand) is None


async def test_without_the_tick_nothing_is_shown_and_a_shown_one_can_go(by_hand: Office) -> None:
    """Approved without the tick there is no photo; one that is shown can be taken down, audited."""
    await applied_with(by_hand, jpeg())
    await decide(by_hand, "active")
    assert await shown(by_hand) is None
    await decide(by_hand, "suspended", reason="uji")
    await decide(by_hand, "active", photo="yes")
    assert await shown(by_hand) is not None
    page = await by_hand.get("/desk/agen")
    async with by_hand.database.read() as connection:
        agent_id = await connection.scalar(sa.select(agents.c.id))
    await by_hand.post(f"/desk/agen/{agent_id}/foto/hapus", page)
    assert await shown(by_hand) is None
    assert ("sari", "agent_photo", f"agent {agent_id} none") in await by_hand.acts()


async def test_what_is_no_photo_is_not_shown(by_hand: Office) -> None:
    """A file that only begins like a picture is no photo: staff are told, and nobody is approved with it by mistake."""
    await applied_with(by_hand, NO_PICTURE)
    assert "desk.agents.problem.photo" in await decide(by_hand, "active", photo="yes")
    assert await shown(by_hand) is None
