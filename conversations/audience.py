"""Whom a broadcast is for: by membership, area, occupation and language, each left open or from a closed list."""

from __future__ import annotations

import msgspec

from conversations.occupations import by_code

STANDINGS = ("", "member", "paid", "unpaid")
"""Everybody, members, and members for whom the running month is paid or is not."""


class AudienceError(ValueError):
    """An audience cannot be what was asked for; the message names the option and what it may be."""


class Audience(msgspec.Struct, frozen=True):
    """Those who agreed to broadcasts and fit everything that isn't ""; `area` is the begin of a region code, of two or
    four digits.

    Raises:
        AudienceError: something that is not in its list.
    """

    standing: str = ""
    area: str = ""
    occupation: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        if self.standing not in STANDINGS:
            raise AudienceError(f"--standing is one of {', '.join(STANDINGS[1:])}, not {self.standing!r}")
        if self.area and not (self.area.isascii() and self.area.isdecimal() and len(self.area) in (2, 4)):
            raise AudienceError(f"--area is two digits of a province or four of a regency, not {self.area!r}")
        if self.occupation and self.occupation not in by_code:
            raise AudienceError(f"--occupation is a code such as ojek_online, not {self.occupation!r}")
