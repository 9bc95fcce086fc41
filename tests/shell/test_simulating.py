"""`simulate`: never among people who may be real, and what it leaves is never served as real."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.app import Jamin, running
from bot.cli import cli
from bot.clock import Clock
from bot.settings import Settings
from bot.simulation.run import Wanted, simulate
from bot.web_app import bound
from conversations.messages import Start
from storage.simulated import SimulatedError, mark_simulated
from tests.shell.worker import Worker

TINY = Wanted(agents=1, days=1, seed=1, until=dt.date(2026, 11, 23))
LIVE = {"JAMIN_MODE": "live", "JAMIN_OPERATOR_NAME": "Wadah Uji", "JAMIN_BACKEND": "manual"}


@pytest.mark.parametrize(
    ("settings", "arguments", "told"),
    [(LIVE, [], "JAMIN_HOME"), ({}, ["--until", "besok"], "2026-12-31"), ({"JAMIN_MODE": "x"}, [], "JAMIN_MODE")],
)
def test_what_cannot_be_simulated_is_refused(
    settings: dict[str, str], arguments: list[str], told: str, tmp_path: Path
) -> None:
    """A live installation, a wrong day, a wrong setting: exit 2, with what to change, and nothing is made."""
    home = tmp_path / "home"
    done = CliRunner().invoke(cli, ["simulate", *arguments], env={**settings, "JAMIN_HOME": str(home)})
    assert done.exit_code == 2
    assert told in done.stderr
    assert not done.stdout
    assert not home.exists()


async def test_where_people_talked_nothing_is_simulated(jamin: Jamin, worker: Worker) -> None:
    """One word of anybody is enough; they are left as they are."""
    await worker.say(Start())
    with pytest.raises(SimulatedError, match="may be real"):
        await simulate(jamin.settings, TINY, lambda _: None)


async def test_a_simulation_is_never_served_as_real(jamin: Jamin, database_url: str, clock: Clock) -> None:
    """In live mode a marked database is refused with the setting to change."""
    async with jamin.database.write() as connection:
        await mark_simulated(connection, 1, clock())
    live = Settings(
        mode="live", operator_name="Wadah Uji", backend="manual", home=jamin.settings.home, database_url=database_url
    )
    with contextlib.closing(bound("127.0.0.1", 0)) as listener, pytest.raises(SimulatedError, match="JAMIN_MODE"):
        async with running(live, clock, listener):
            raise AssertionError("served")


async def test_what_is_set_for_the_world_reaches_nobody(tmp_path: Path, database_url: str) -> None:
    """Messengers and a backend that are set are left alone: invented people are no matter of theirs."""
    settings = Settings(
        mode="demo",
        home=tmp_path,
        database_url=database_url,
        telegram_token="1:x",
        backend="http",
        backend_url="http://127.0.0.1:9",
        backend_secret="s",
    )
    counted = await simulate(settings, TINY, lambda _: None)
    assert counted.agents.registered == TINY.agents
