"""Invented people as the registration system would know them: none of these numbers was ever given to anybody on
purpose, and no two are alike within a simulation."""

from __future__ import annotations

import datetime as dt
import random
from typing import NamedTuple

from bot.backend.reference.registry import SPANS
from bot.simulation.shares import LAST_NAMES, MEN, REGENCIES, WOMEN, any_of, one_of

WELL_KNOWN = 8_999
"""The highest last four digits of a NIK that the reference backend takes without objection."""
DOUBTED = 0.04
"""The share whose data the registration system doubts."""
ADULT, OLD = 18, 64


class Identity(NamedTuple):
    """Who somebody is: the NIK, the name, when born, the mobile number as typed, the code of the regency."""

    nik: str
    name: str
    born: dt.date
    phone: str
    regency: str

    @property
    def province(self) -> str:
        """The two digits of the province."""
        return self.nik[:2]


class Registry:
    """Invents people; `today` is the first simulated day."""

    def __init__(self, chance: random.Random, today: dt.date) -> None:
        self._chance = chance
        self._today = today
        self._given: set[str] = set()

    def invent(self, regency: str = "") -> Identity:
        """Invent somebody, of a regency if one is named."""
        chance, regency = self._chance, regency or one_of(self._chance, REGENCIES)
        woman, born = chance.random() < 0.5, self._born()
        name = f"{any_of(chance, WOMEN if woman else MEN)} {any_of(chance, LAST_NAMES)}"
        phone = f"08{any_of(chance, (12, 13, 52, 57, 95))} {len(self._given) + 1_000_000:08}"
        return Identity(self._nik(regency, woman, born), name, born, phone, regency)

    def _born(self) -> dt.date:
        # Half a year of room on both sides: whoever is 18 to 64 on the first day still is on the last.
        youngest, oldest = (ADULT + 1) * 365, (OLD - 1) * 365
        return self._today - dt.timedelta(days=int(self._chance.triangular(youngest, oldest, 36 * 365)))

    def _nik(self, regency: str, woman: bool, born: dt.date) -> str:
        day = born.day + (40 if woman else 0)
        while True:
            district = self._chance.randrange(1, 25)
            nik = f"{regency.replace('.', '')}{district:02}{day:02}{born:%m%y}{self._serial():04}"
            if nik not in self._given:
                self._given.add(nik)
                return nik

    def _serial(self) -> int:
        if self._chance.random() < DOUBTED:
            span = any_of(self._chance, SPANS)
            return self._chance.randint(span.lowest, span.highest)
        return self._chance.randint(1, WELL_KNOWN)
