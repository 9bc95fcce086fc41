"""Drawing papers beside the event loop, one at a time, and keeping the last: a poster is asked for again and again."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

KEPT = 64
"""Papers, of some 30 kB each."""

C = TypeVar("C", bound=Hashable)


class Press:
    """Prints what it is given, from memory where it printed the very same before."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._printed: OrderedDict[Hashable, bytes] = OrderedDict()
        self._free = asyncio.Lock()

    async def printed(self, draw: Callable[[C], bytes], content: C) -> bytes:
        """Return what `draw` makes of a content."""
        wanted = (draw, content)
        async with self._free:
            if wanted not in self._printed:
                self._printed[wanted] = await asyncio.to_thread(draw, content)
            self._printed.move_to_end(wanted)
            if len(self._printed) > self._kept:
                self._printed.popitem(last=False)
            return self._printed[wanted]
