"""The operators' manual, as the desk shows it."""

from __future__ import annotations

import re

import pytest

from bot.desk.guide import FIRST, PAGES, PICTURES, rendered
from tests.desk.office import Office

NAMES = tuple(sorted(page.stem for page in PAGES.glob("*.md")))
LINKS = re.compile(r'href="/desk/panduan/([a-z-]+)"')
SHOWN = re.compile(r'src="/desk/panduan/gambar/([a-z-]+)"')


@pytest.mark.parametrize("name", NAMES)
def test_a_page_leads_only_to_what_is_there(name: str) -> None:
    """Links lead to pages of the manual, pictures are there and are described, and there is a way back."""
    title, body = rendered(name)
    assert title
    assert set(LINKS.findall(body)) <= set(NAMES)
    assert all((PICTURES / f"{picture}.png").is_file() for picture in SHOWN.findall(body))
    assert 'alt=""' not in body
    assert name == FIRST or FIRST in LINKS.findall(body)


def test_every_page_is_in_the_list() -> None:
    """The first page leads to all the others."""
    assert {FIRST, *LINKS.findall(rendered(FIRST)[1])} == set(NAMES)


async def test_the_manual_is_read_at_the_desk(office: Office) -> None:
    """Whoever is signed in reads it, with its pictures; what is no page of it is none."""
    await office.begin()
    page = await office.get("/desk/panduan/antrean")
    assert "/desk/panduan/gambar/desk-queue-wide" in page.text
    async with office.client.get("/desk/panduan/gambar/desk-queue-wide") as answer:
        assert answer.content_type == "image/png"
    for missing in ("panduan/tidak-ada", "panduan/gambar/tidak-ada", "panduan/..%2F..%2FREADME"):
        assert (await office.get(f"/desk/{missing}")).status == 404
