"""The chat page: whose chat it opens, and what it allows the browser."""

import re

import pytest

from bot.channels.web.identity import OWN, SHARED, name_of
from conversations.messages import Address
from tests.browser.memory_door import MemoryDoor
from tests.channels.web_site import cookie, origin, site

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PAGES = ("/", "/?perangkat=bersama", "/privat/good", "/privat/bad")


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_forbids_foreign_and_inline_code(path: str) -> None:
    """Each page carries the strict policy and is never stored by a cache."""
    async with site(MemoryDoor()) as client:
        response = await client.get(path)
        assert response.headers["Content-Security-Policy"] == POLICY
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_needs_inline_code(path: str) -> None:
    """No page holds a script without a source, a style attribute or an event attribute."""
    async with site(MemoryDoor()) as client:
        html = await (await client.get(path)).text()
        assert not re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", html)


async def test_the_first_visit_gets_a_secret() -> None:
    """The cookie holds 128 random bits that no script and no other site can read, and lasts."""
    async with site(MemoryDoor()) as client:
        morsel = (await client.get("/")).cookies[OWN.cookie]
        assert re.fullmatch("[0-9a-f]{32}", morsel.value)
        assert (morsel["httponly"], morsel["samesite"], morsel["secure"]) == (True, "Lax", "")
        assert int(morsel["max-age"]) > 0


async def test_the_secret_is_secure_over_https() -> None:
    """Behind an https proxy, or where our address is one of https whatever the proxy tells, the cookie never travels in
    the clear."""
    async with site(MemoryDoor()) as client:
        response = await client.get("/", headers={"X-Forwarded-Proto": "https"})
        assert response.cookies[OWN.cookie]["secure"] is True
    async with site(MemoryDoor(), secure=True) as client:
        assert (await client.get("/")).cookies[OWN.cookie]["secure"] is True


async def test_a_later_visit_keeps_the_chat() -> None:
    """Who comes back gets the same chat, and the page names it by its digest only."""
    async with site(MemoryDoor()) as client:
        await client.get("/")
        before = cookie(client)
        html = await (await client.get("/")).text()
        assert cookie(client) == before
        assert name_of(before) in html
        assert before not in html


async def test_a_secret_of_another_shape_is_replaced() -> None:
    """A cookie that we never made opens a new chat."""
    async with site(MemoryDoor()) as client:
        response = await client.get("/", headers={"Cookie": f"{OWN.cookie}=../../x"})
        assert re.fullmatch("[0-9a-f]{32}", response.cookies[OWN.cookie].value)


async def test_a_shared_device_never_resumes() -> None:
    """Each opening on a shared device is a new chat for this browser session, and forgets the one before."""
    door = MemoryDoor()
    async with site(door) as client:
        first = (await client.get("/?perangkat=bersama")).cookies[SHARED.cookie]
        second = (await client.get("/?perangkat=bersama")).cookies[SHARED.cookie]
        assert first.value != second.value
        assert second["max-age"] == ""
        assert door.forgotten == [Address("web", "jamin", name_of(first.value))]


async def test_a_link_to_the_shared_kind_leaves_the_own_chat_alone() -> None:
    """Somebody's own chat survives a visit in the shared mode."""
    door = MemoryDoor()
    async with site(door) as client:
        await client.get("/")
        before = cookie(client)
        await client.get("/?perangkat=bersama")
        assert cookie(client) == before
        assert door.forgotten == []


async def test_demo_has_doors_and_live_has_none() -> None:
    """Only the demo leads to agents and staff, and only it says that nothing is real."""
    async with site(MemoryDoor(), demo=True) as demo, site(MemoryDoor(), demo=False) as live:
        shown = await (await demo.get("/")).text()
        plain = await (await live.get("/")).text()
    for mark in ('href="/field"', 'href="/desk"', "web.unverified.title", "web.simulation"):
        assert mark in shown
        assert mark not in plain


async def test_a_code_in_the_address_is_text() -> None:
    """The code of a link reaches the page escaped and cut to size."""
    async with site(MemoryDoor()) as client:
        html = await (await client.get("/", params={"kode": '"><script>' + "x" * 200})).text()
        assert 'data-code="&#34;&gt;&lt;script&gt;xxxx' in html
        assert "x" * 65 not in html


async def test_assets_are_kept_for_ever_under_their_version() -> None:
    """An asset is immutable under its own version and not kept under another."""
    async with site(MemoryDoor()) as client:
        html = await (await client.get("/")).text()
        path = re.search(r'src="(/chat/assets/[0-9a-f]{12}/chat\.js)"', html)
        assert path
        ours = await client.get(path[1])
        other = await client.get("/chat/assets/000000000000/chat.js")
        assert "immutable" in ours.headers["Cache-Control"]
        assert other.headers["Cache-Control"] == "no-store"
        assert await ours.text() == await other.text()


@pytest.mark.parametrize("name", ["door.py", "..%2Fdoor.py", "%2Fetc%2Fpasswd"])
async def test_only_assets_are_served(name: str) -> None:
    """A name that is not an asset is not found."""
    async with site(MemoryDoor()) as client:
        assert (await client.get(f"/chat/assets/x/{name}")).status == 404


async def test_forgetting_ends_the_chat_on_this_device() -> None:
    """Forgetting tells the door and takes the cookie back."""
    door = MemoryDoor()
    async with site(door) as client:
        await client.get("/")
        name = name_of(cookie(client))
        response = await client.post("/chat/forget", headers=origin(client))
        assert response.status == 204
        assert response.cookies[OWN.cookie]["max-age"] == "0"
        assert door.forgotten == [Address("web", "jamin", name)]


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}, {"Origin": "https://elsewhere.example"}])
async def test_another_site_cannot_end_a_chat(headers: dict[str, str]) -> None:
    """Forgetting is refused unless our own page asks."""
    door = MemoryDoor()
    async with site(door) as client:
        await client.get("/")
        assert (await client.post("/chat/forget", headers=headers)).status == 403
        assert door.forgotten == []
