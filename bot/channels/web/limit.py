"""How many messages a chat may send in a short time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable


class Limit:
    """A token bucket for each key: `burst` at once, then one every `interval` seconds.

    A bucket is kept as the one moment at which it will be full again (the generic cell rate algorithm), and forgotten
    from then on, so that memory holds only the chats of the last moments and never more than `most`.
    """

    def __init__(
        self, burst: int = 10, interval: float = 1.0, most: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._slack = (burst - 1) * interval
        self._interval = interval
        self._most = most
        self._clock = clock
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def wait(self, key: Hashable) -> float:
        """Take a token of `key` and return 0, or take none and return the seconds until there is one."""
        now = self._clock()
        full_at = max(now, self._full_at.get(key, now))
        wait = full_at - now - self._slack
        if wait > 0:
            return wait
        self._full_at[key] = full_at + self._interval
        self._full_at.move_to_end(key)
        self._drop_full(now)
        return 0.0

    def _drop_full(self, now: float) -> None:
        while len(self._full_at) > self._most or next(iter(self._full_at.values())) <= now:
            self._full_at.popitem(last=False)
