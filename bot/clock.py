"""The time of day, handed to whoever needs it (law 12)."""

from __future__ import annotations

import datetime as dt


class Clock:
    """Tells the present moment in UTC. It can be set, and then goes on from there: for tests and `talk`."""

    def __init__(self, at: dt.datetime | None = None) -> None:
        self._ahead = dt.timedelta()
        if at is not None:
            self.set(at)

    def __call__(self) -> dt.datetime:
        """Return the moment it is, aware and in UTC."""
        return dt.datetime.now(dt.UTC) + self._ahead

    def set(self, at: dt.datetime) -> None:
        """Go on from this aware moment."""
        self._ahead = at.astimezone(dt.UTC) - dt.datetime.now(dt.UTC)

    def forward(self, seconds: float) -> None:
        """Go that many seconds ahead."""
        self._ahead += dt.timedelta(seconds=seconds)
