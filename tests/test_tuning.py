"""How a server's process runs."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.tuning import YOUNG, new_loop, run, spare_the_collector

ROOT = Path(__file__).parent.parent


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


DOOMED = """
import os, resource, sys
_, most = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
from bot.tuning import leave_no_core
leave_no_core()
os.kill(os.getpid(), int(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="says how Linux does it")
@pytest.mark.parametrize("signum", [signal.SIGABRT, signal.SIGSEGV, signal.SIGQUIT])
def test_a_killed_server_leaves_no_core(signum: signal.Signals, tmp_path: Path) -> None:
    """However a server dies, and however large a core the system allows, its memory is written nowhere."""
    with subprocess.Popen(
        [sys.executable, "-c", DOOMED, str(int(signum))],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    ) as doomed:
        _, status = os.waitpid(doomed.pid, 0)
        doomed.returncode = -os.WTERMSIG(status)
    assert os.WTERMSIG(status) == signum
    assert not os.WCOREDUMP(status)
    assert list(tmp_path.iterdir()) == []


def test_a_server_holds_as_many_lines_as_it_may() -> None:
    """What the system allows at most is what a server takes, however low it begins."""
    asked = (
        "import resource as r; r.setrlimit(r.RLIMIT_NOFILE, (64, 512)); "
        "import bot.tuning; bot.tuning.open_many(); print(r.getrlimit(r.RLIMIT_NOFILE))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "(512, 512)\n"


@pytest.mark.skipif(sys.platform != "linux", reason="says how Linux does it")
def test_nobody_else_looks_into_a_server() -> None:
    """What a server was started with, keys among it, belongs to root from then on, so that no other program of its
    account reads it; the limit holds for what it starts as well."""
    asked = (
        "import ctypes, resource, bot.tuning; bot.tuning.leave_no_core(); "
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "0 (0, 0)\n"
