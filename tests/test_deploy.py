"""The files for running it for real keep what the documents promise."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings
from conversations.retention import LOG_DAYS

DEPLOY = Path(__file__).parent.parent / "docs" / "deploy"
UNITS = ("jamin.service", "jamin-worker.service")


def compose() -> dict[str, Any]:
    """The services of the compose file."""
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"])


@pytest.mark.parametrize("name", ["bot", "worker", "database"])
def test_a_container_can_change_nothing(name: str) -> None:
    """Each container has a file system it cannot write, no rights of root that it does not need, and leaves no core."""
    service = compose()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["ulimits"]["core"] == 0
    assert "privileged" not in service
    assert name == "database" or service["user"].split(":")[0] not in ("0", "root")


def test_only_the_bot_is_published_and_only_here() -> None:
    """The proxy reaches the bot on loopback; nobody reaches the database from outside."""
    assert {name: service["ports"] for name, service in compose().items() if "ports" in service} == {
        "bot": ["127.0.0.1:8080:8080"]
    }
    assert compose()["database"]["networks"] == ["inside"]


def test_no_secret_is_written_into_the_files() -> None:
    """Keys, tokens and passwords come from files that are not here, and settings are those there are."""
    settings = {f"JAMIN_{name.upper()}" for name in Settings.model_fields}
    told = compose()["bot"]["environment"]
    assert told.keys() <= settings
    assert not [name for name in told if name.endswith(("_KEYS", "_TOKEN", "_SECRET"))]
    for file in DEPLOY.iterdir():
        assert set(re.findall(r"JAMIN_[A-Z_]+[A-Z]", file.read_text())) <= settings


def test_the_image_runs_as_nobody_in_particular() -> None:
    """The last account of the image is not root, packages are wheels with hashes, and all that is served is in it."""
    image = (DEPLOY / "Containerfile").read_text()
    assert re.findall(r"^USER (\d+)", image, re.MULTILINE)[-1] != "0"
    assert "--require-hashes" in image
    assert "--only-binary :all:" in image
    assert {"bot", "conversations", "locales", "storage"} <= set(re.findall(r"^COPY (\w+) \1$", image, re.MULTILINE))


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_can_change_nothing(unit: str) -> None:
    """A unit runs as an account of its own, writes to its own folder only, leaves no core, and gets its keys apart."""
    lines = (DEPLOY / unit).read_text().splitlines()
    for wanted in ("DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "LimitCORE=0", "UMask=0077"):
        assert wanted in lines
    assert "CapabilityBoundingSet=" in lines
    assert "LoadCredential=keys:/etc/jamin/keys" in lines


def test_logs_are_kept_as_long_as_is_promised() -> None:
    """The logs of the units are deleted after the days that the rules say."""
    assert f"MaxRetentionSec={LOG_DAYS}day" in (DEPLOY / "journald@jamin.conf").read_text()
