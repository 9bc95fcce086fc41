"""How the process of a server runs: on a faster event loop, and with a garbage collector that looks seldom.

Both are for programs that serve for long; commands that end at once do without.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

new_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
with contextlib.suppress(ImportError):  # There is none for Windows.
    from uvloop import new_event_loop as new_loop

YOUNG = 20_000
"""New objects before the collector looks: a full batch makes about as many, and nearly all of them go by themselves."""

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run the work of a server until it ends."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(work)


def spare_the_collector() -> None:
    """Leave alone what stays for good; to be called once everything is loaded and open."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
