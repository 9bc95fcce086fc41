"""The queue: its order, its filters in the address, its pages."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.queue import _after, _written
from storage.cases import Place
from storage.tables import moment
from tests.desk.crowd import crowd
from tests.desk.office import Office

MOMENTS = st.integers(0, 4 * 10**15).map(moment)


def numbers(text: str) -> list[int]:
    """Read the cases that a page lists, in order."""
    return [int(found) for found in re.findall(r'<li id="case-(\d+)"', text)]


async def test_who_is_in_distress_goes_first_then_who_waits_longest(office: Office) -> None:
    """The queue puts the most pressing first, and among equals the oldest."""
    await office.begin()
    await crowd(office, 6)
    listed = numbers((await office.get("/desk")).text)
    assert len(listed) == 6
    page = (await office.get("/desk?prioritas=urgent")).text
    assert numbers(page) == listed[: len(numbers(page))]
    waiting = (await office.get("/desk?prioritas=normal")).text
    assert numbers(waiting) == sorted(numbers(waiting))


async def test_the_tabs_tell_whose_a_case_is(office: Office) -> None:
    """All, nobody's, and one's own: a case that was taken leaves the second and stands in the third."""
    await office.begin()
    await crowd(office, 2)
    await office.post("/desk/kasus/1/ambil", await office.get("/desk/kasus/1"))
    assert numbers((await office.get("/desk?bagian=saya")).text) == [1]
    assert numbers((await office.get("/desk?bagian=bebas")).text) == [2]
    assert sorted(numbers((await office.get("/desk")).text)) == [1, 2]


async def test_a_filter_goes_from_page_to_page(office: Office) -> None:
    """Tabs and pages keep what the queue was narrowed down to."""
    await office.begin()
    await crowd(office, 4)
    page = (await office.get("/desk?alasan=asked&prioritas=normal")).text
    assert "/desk?alasan=asked&amp;prioritas=normal&amp;bagian=saya" in page


@pytest.mark.parametrize("asked", ["prioritas=gawat", "alasan=%00", "setelah=x", "bagian=lain", "wilayah=99.99"])
async def test_an_address_that_nobody_wrote_is_no_fault(office: Office, asked: str) -> None:
    """Whatever stands in the address, the page opens."""
    await office.begin()
    assert (await office.get(f"/desk?{asked}")).status == 200


@given(st.sampled_from(["staff", "worker"]), st.integers(0, 3), MOMENTS, st.integers(1, 10**9))
def test_a_place_is_read_as_it_was_written(awaits: str, priority: int, since: dt.datetime, number: int) -> None:
    """Where a page of the queue ends is found again from its address."""
    place = Place(awaits, priority, since, number)
    assert _after(_written(place)) == place


@given(st.text())
def test_no_address_breaks_the_reading_of_places(written: str) -> None:
    """What is no place is the first page."""
    place = _after(written)
    assert place is None or _written(place) == written
