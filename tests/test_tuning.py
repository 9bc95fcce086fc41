"""How a server's process runs."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bot.tuning import YOUNG, new_loop, run, spare_the_collector


@pytest.fixture
def _collector() -> Iterator[None]:
    """The collector and the interpreter as they were, afterwards."""
    before, switch = gc.get_threshold(), sys.getswitchinterval()
    yield
    sys.setswitchinterval(switch)
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("_collector")
def test_work_runs_on_the_fast_loop_to_its_end() -> None:
    """What the work returns comes back, and the loop it ran on is the fast one, closed again."""

    async def work() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    loop = run(work())
    assert loop.is_closed()
    fast = new_loop()
    fast.close()
    assert type(loop) is type(fast)


@pytest.mark.usefixtures("_collector")
def test_what_is_loaded_is_left_alone() -> None:
    """What is there is frozen out of collection, and the collector looks seldom."""
    spare_the_collector()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] == YOUNG


def test_a_crash_leaves_no_core() -> None:
    """A server that is killed by a fault writes no file of its memory, whatever the system allows."""
    asked = "import bot.tuning, resource; bot.tuning.leave_no_core(); print(resource.getrlimit(resource.RLIMIT_CORE))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "(0, 0)\n"
