"""The example alerts watch figures that exist, say why, and lead to a part of the runbook that is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from bot.clock import Clock
from bot.metrics import Live, Stored
from bot.turns import Turns
from storage.database import open_database

DOCS = Path(__file__).parent.parent / "docs"
RULES: list[dict[str, Any]] = yaml.safe_load((DOCS / "alerts.yaml").read_text())["groups"][0]["rules"]
FIGURE = re.compile(r"\bjamin_[a-z_]+")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])


@pytest.fixture
async def figures(tmp_path: Path) -> set[str]:
    """Every name that a scrape may hold."""
    registry = CollectorRegistry()
    Live(registry)
    database = open_database(f"sqlite:///{tmp_path / 'unused.db'}")
    turns: Any = Turns(database, *(None,) * 3, clock=Clock(), fetch=None)  # type: ignore[arg-type]
    registry.register(Stored(database, turns, Clock()))
    names = {family.name: family.type for family in registry.collect()}
    suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    return {name + suffix for name, kind in names.items() for suffix in suffixes[kind]}


@each_rule
def test_an_alert_watches_what_there_is(rule: dict[str, Any], figures: set[str]) -> None:
    """Every figure an alert asks for is one that `/metrics` gives."""
    asked = set(FIGURE.findall(rule["expr"]))
    assert asked <= figures
    assert asked or rule["expr"].startswith("up{")


@each_rule
def test_an_alert_says_why_and_what_to_do(rule: dict[str, Any]) -> None:
    """Who is woken at night reads what it means and where the runbook goes on."""
    told = rule["annotations"]
    page, _, place = told["do"].partition("#")
    headings = {
        re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in HEADING.findall((DOCS.parent / page).read_text())
    }
    assert place in headings
    assert told["summary"]
    assert told["why"]
    assert rule["labels"]["severity"] in {"page", "ticket"}
