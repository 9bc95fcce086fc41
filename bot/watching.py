"""Who watches what happens: figures and traces are told of every batch and every sending, and change nothing.

Told are kinds, outcomes and durations, from closed lists; whom it was about is not told.
"""

from __future__ import annotations

import time
from typing import NamedTuple, Protocol

from bot.outbox import GoneError, HeldError, RefusedError, Sender
from bot.turns import Committed
from conversations.messages import Incoming
from storage.deliveries import Delivery


class Sent(NamedTuple):
    """One attempt to deliver: `kind` is "Message" or the hand-off's, `outcome` "done", "held" (until the worker speaks
    again), "refused", "gone" or "unknown"; it ended just now and took `seconds`."""

    channel: str
    kind: str
    attempt: int
    outcome: str
    seconds: float


class Watcher(Protocol):
    """Is told what happened."""

    def committed(self, batch: Committed) -> None:
        """A batch of turns was committed."""

    def sent(self, sent: Sent) -> None:
        """A delivery was tried."""


class Watchers:
    """Several who watch, told as one."""

    def __init__(self, *watchers: Watcher) -> None:
        self._watchers = watchers

    def committed(self, batch: Committed) -> None:
        """Tell all of a batch."""
        for watcher in self._watchers:
            watcher.committed(batch)

    def sent(self, sent: Sent) -> None:
        """Tell all of an attempt to deliver."""
        for watcher in self._watchers:
            watcher.sent(sent)


class Watched:
    """A sender whose attempts are told to who watches."""

    def __init__(self, sender: Sender, watcher: Watcher) -> None:
        self._sender = sender
        self._watcher = watcher

    async def send(self, delivery: Delivery) -> Incoming | None:
        """Deliver as the sender does; see `outbox.Sender` for what it raises."""
        started, outcome = time.perf_counter(), "unknown"
        try:
            answer = await self._sender.send(delivery)
            outcome = "done"
        except RefusedError:
            outcome = "refused"
            raise
        except HeldError:
            outcome = "held"
            raise
        except GoneError:
            outcome = "gone"
            raise
        finally:
            seconds = time.perf_counter() - started
            kind = type(delivery.what).__name__
            self._watcher.sent(Sent(delivery.channel, kind, delivery.attempts, outcome, seconds))
        return answer
