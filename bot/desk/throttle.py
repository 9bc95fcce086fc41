"""How often somebody may try to sign in."""

from __future__ import annotations

from bot.channels.web.limit import Limit


class Throttle:
    """Five tries for a name, twenty from an address, then one more each half minute or three seconds.

    An address may stand for a whole office. Names count whether anybody has them or not.
    """

    def __init__(self) -> None:
        self._names = Limit(burst=5, interval=30)
        self._addresses = Limit(burst=20, interval=3)

    def allows(self, name: str, address: str | None) -> bool:
        """Count a try; tell whether it may be made."""
        return not self._addresses.wait(address) and not self._names.wait(name)
