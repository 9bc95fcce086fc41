"""The monitor's pages, files and targets."""

from __future__ import annotations

import csv
import io

from bot.monitor.pages import PAGES, PANELS, written
from bot.monitor.panel import Panel
from tests.desk.office import Office


async def read(office: Office, panel: str) -> list[dict[str, str]]:
    """Take a panel away as CSV."""
    page = await office.get(f"/desk/monitor/data/{panel}.csv")
    assert page.status == 200
    return list(csv.DictReader(io.StringIO(page.text)))


async def test_every_page_opens_over_every_span(office: Office) -> None:
    """Each page of the monitor shows each of its panels; an unknown span is the usual one."""
    await office.begin("dewi", "supervisor")
    for path, panels in PAGES.items():
        for days in ("7", "365", "x"):
            page = await office.get(f"/desk/monitor/{path}?hari={days}".replace("/?", "?"))
            assert page.status == 200
            assert all(f'id="panel-{name}"' in page.text for name in panels)


async def test_every_panel_can_be_taken_away(office: Office) -> None:
    """Each panel's figures come as CSV, and that they were taken stands in the trail."""
    await office.begin("dewi", "supervisor")
    for panel in PANELS:
        await read(office, panel)
    assert await office.acts() == [("dewi", "export", f"monitor {panel}") for panel in PANELS]


async def test_the_figures_are_those_of_the_field(office: Office) -> None:
    """Provinces, ecosystems, sources, programmes and agents tell of the four who joined."""
    await office.begin("dewi", "supervisor")
    found = {panel: await read(office, panel) for panel in ("provinces", "ecosystems", "sources", "brought", "day")}
    enrolled = {panel: [int(row["enrolled"]) for row in rows] for panel, rows in found.items()}
    assert {row["province"]: row["enrolled"] for row in found["provinces"]} == {
        "Jawa Barat": "2",
        "Jawa Timur": "1",
        "desk.monitor.unknown": "1",
    }
    assert enrolled["ecosystems"] == [1, 0, 1, 0, 1, 1]
    assert enrolled["sources"] == [2, 1, 1]
    assert found["brought"] == [{"agent": "WATI", "enrolled": "2", "before": "0", "growth": "2"}]
    assert enrolled["day"][-2:] == [4, 0]


async def test_the_figures_at_the_top(office: Office) -> None:
    """Four members, one of them active; one of two agents worked; a quarter has JHT."""
    await office.begin("dewi", "supervisor")
    text = (await office.get("/desk/monitor")).text
    for name, value in (("week", "4"), ("members", "4"), ("active", "1"), ("agents", "1"), ("jht", "25%")):
        assert f"<dt>desk.monitor.key.{name}</dt><dd>{value}" in text
    assert "desk.monitor.of 2" in text


async def test_a_target_is_set_compared_with_and_taken_away(office: Office) -> None:
    """A target stands beside its figure; each change is in the trail, one that changes nothing is not."""
    await office.begin("dewi", "supervisor")
    form = await office.get("/desk/monitor/target")
    aims = {"day": "1.000", "jht": "40", "agents": "", "kept": "", "potential": ""}
    for _ in range(2):
        assert "desk.news.aimed" in (await office.post("/desk/monitor/target", form, **aims)).text
    assert "desk.monitor.target 1.000" in (await office.get("/desk/monitor")).text
    await office.post("/desk/monitor/target", form, **(aims | {"day": ""}))
    assert "desk.monitor.target 1.000" not in (await office.get("/desk/monitor")).text
    assert [subject for _, act, subject in await office.acts() if act == "target"] == [
        "target day: - to 1000",
        "target jht: - to 40",
        "target day: 1000 to -",
    ]


async def test_a_target_that_makes_no_sense_is_named(office: Office) -> None:
    """What is no number of that kind changes nothing and is said beside its field."""
    await office.begin("dewi", "supervisor")
    form = await office.get("/desk/monitor/target")
    for typed in ("0", "-1", "101", "x", "1e3", "٣", "9" * 15):
        answer = await office.post("/desk/monitor/target", form, jht=typed, day="5")
        assert (answer.status, "desk.monitor.aim.problem" in answer.text) == (422, True)
    assert not [act for _, act, _ in await office.acts() if act == "target"]


async def test_the_short_address_leads_to_the_desk(office: Office) -> None:
    """/monitor is the monitor's address; who is not signed in is asked to."""
    assert (await office.get("/monitor")).path == "/desk/masuk"
    await office.begin("dewi", "supervisor")
    assert (await office.get("/monitor")).path == "/desk/monitor"


async def test_a_chart_is_a_picture_of_its_own(office: Office) -> None:
    """A chart comes as SVG for the page and as PNG to take away; no picture of a panel without a chart."""
    await office.begin("dewi", "supervisor")
    async with office.client.get("/desk/monitor/data/provinces.svg?rupa=narrow-dark") as answer:
        assert answer.content_type == "image/svg+xml"
        assert "Jawa Barat" in await answer.text()
    async with office.client.get("/desk/monitor/data/provinces.png") as answer:
        assert (await answer.read()).startswith(b"\x89PNG")
        assert "attachment" in answer.headers["Content-Disposition"]
    assert (await office.get("/desk/monitor/data/deliveries.svg")).status == 404


def test_no_cell_of_a_file_is_a_formula() -> None:
    """A title that somebody wrote is text for a spreadsheet; a number below zero stays one."""
    panel = Panel(("code", "title", "growth"), (("A", "=1+1", -3),))
    assert written(panel).splitlines() == ["code,title,growth", "A,'=1+1,-3"]
