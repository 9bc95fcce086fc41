"""How the process of a server runs: on a faster event loop, with a collector that looks seldom, and with threads that
need not wait long for each other.

All of it is for programs that serve for long; commands that end at once do without.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

new_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
with contextlib.suppress(ImportError):  # There is none for Windows.
    from uvloop import new_event_loop as new_loop

YOUNG = 20_000
"""New objects before the collector looks: a full batch makes about as many, and nearly all of them go by themselves."""

SWITCH = 0.0005
"""Seconds a busy loop keeps the interpreter from SQLite's thread, which asks for it several times a batch."""

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run the work of a server until it ends."""
    sys.setswitchinterval(SWITCH)
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(work)


PR_SET_DUMPABLE = 4
"""What Linux calls it, in <sys/prctl.h>."""


def leave_no_core() -> None:
    """Have nothing made of this process's memory when it crashes, and let no other program of the same account look
    into it or its environment: the keys and what people typed are there.

    The limit alone would not do: Linux asks it only for files, not where cores are piped to a program (core(5)).
    """
    with contextlib.suppress(ImportError, ValueError, OSError):  # There are no cores on Windows.
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def open_many() -> None:
    """Let this process hold as many connections as the system lets it: each open chat is one."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def spare_the_collector() -> None:
    """Leave alone what stays for good; to be called once everything is loaded and open."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
