"""Finding cases from the box at the top."""

from __future__ import annotations

import pytest

from tests.desk.office import TO_THE_REVIEW, Office


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("3273 0117 0890 0001", "nik"), ("0812-3456-7890", "phone"), ("budi santoso", "name"), ("#1", "number")],
)
async def test_a_case_is_found_and_the_trail_keeps_no_name(office: Office, typed: str, kind: str) -> None:
    """A NIK, a phone number, a name or the number leads to the case; the trail says only what kind it was."""
    await office.begin()
    await office.worker(*TO_THE_REVIEW, "petugas")
    found = await office.post("/desk/cari", await office.get("/desk/cari"), what=typed)
    assert 'href="/desk/kasus/1"' in found.text
    assert await office.acts() == [("sari", "search", kind)]


@pytest.mark.parametrize("typed", ["", "  ", "999", "Tidak Ada", "\x00", "9" * 200, "<b>"])
async def test_nothing_is_found_kindly(office: Office, typed: str) -> None:
    """What fits no case, or is nothing at all, gets a page that says so."""
    await office.begin()
    found = await office.post("/desk/cari", await office.get("/desk/cari"), what=typed)
    assert found.status == 200
    assert "desk.search.none" in found.text
