"""Figures for supervisors, and their export."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.supervision import FORMULA, begin, cell
from storage.cases.figures import Exported
from tests.chat import HERE
from tests.desk.crowd import crowd
from tests.desk.office import Office


async def answered(office: Office) -> None:
    """Let one case of three be answered after a while and closed."""
    await office.begin()
    await crowd(office, 3)
    office.clock.now += dt.timedelta(minutes=20)
    page = await office.get("/desk/kasus/1")
    await office.post("/desk/kasus/1/jawab", page, form=page.form, text="Halo")
    await office.post("/desk/kasus/1/tutup", page, resolution="answered")


async def test_the_figures_tell_what_waits_and_how_long_answers_took(office: Office) -> None:
    """Two wait, the oldest for twenty minutes; the first answer took as long, and stands with its operator."""
    await answered(office)
    await office.begin("dewi", "supervisor")
    page = (await office.get("/desk/pengawasan")).text
    assert "<dt>desk.figures.waiting</dt><dd>2</dd>" in page
    assert "desk.waits.minutes 20" in page
    assert '<th scope="row">sari</th>' in page


@pytest.mark.parametrize("days", ["1", "7", "30", "0", "x", ""])
async def test_any_span_can_be_asked_for(office: Office, days: str) -> None:
    """A span that is none of ours is today."""
    await office.begin("dewi", "supervisor")
    assert (await office.get(f"/desk/pengawasan?hari={days}")).status == 200


async def test_the_export_holds_every_case_and_nothing_personal(office: Office) -> None:
    """Each case is a line under the names of the fields; whoever took it away stands in the trail."""
    await answered(office)
    await office.begin("dewi", "supervisor")
    async with office.client.get("/desk/pengawasan.csv?hari=7") as answer:
        assert answer.content_type == "text/csv"
        assert 'filename="jamin-kasus-' in answer.headers["Content-Disposition"]
        rows = list(csv.DictReader(io.StringIO(await answer.text())))
    assert tuple(rows[0]) == Exported._fields
    assert [row["number"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["operator"] == "sari"
    assert ("dewi", "export", "cases of 7 days") in await office.acts()


async def test_operators_see_no_figures(office: Office) -> None:
    """The figures are for those who lead."""
    await office.begin()
    for path in ("/desk/pengawasan", "/desk/pengawasan.csv"):
        assert (await office.get(path)).status == 403


@given(st.text())
def test_no_cell_is_a_formula(text: str) -> None:
    """Whatever stands in a field, a spreadsheet takes it for text."""
    assert not cell(text).startswith(FORMULA)


def test_a_day_begins_at_midnight_in_jakarta() -> None:
    """A span of one day is today there, not the last 24 hours."""
    assert begin(dt.datetime(2026, 11, 21, 16, 59, tzinfo=dt.UTC), 1) == dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
    assert begin(dt.datetime(2026, 11, 21, 17, tzinfo=dt.UTC), 7) == dt.datetime(2026, 11, 15, 17, tzinfo=dt.UTC)
    assert begin(HERE, 1) <= HERE
