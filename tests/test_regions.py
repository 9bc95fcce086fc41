"""From a position to the regions near it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.regions import CITIES_OF_JAKARTA, MOST, _settlements, nearest
from conversations.reading.place import region


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [
        (-6.9175, 107.6191, "Kota Bandung"),
        (-7.2575, 112.7521, "Kota Surabaya"),
        (3.5952, 98.6722, "Kota Medan"),
        (-7.2279, 107.9087, "Kabupaten Garut"),
        (-5.1477, 119.4327, "Kota Makassar"),
        (-2.5916, 140.6690, "Kota Jayapura"),
    ],
)
def test_a_known_place_is_among_the_first(latitude: float, longitude: float, name: str) -> None:
    """Well-known places are found by their position."""
    found = nearest(latitude, longitude)
    assert name in {place.name for code in found if (place := region(code))}


def test_jakarta_is_all_its_cities() -> None:
    """Jakarta is one point in the table, so all five cities are offered."""
    assert nearest(-6.2, 106.83) == CITIES_OF_JAKARTA


@pytest.mark.parametrize(
    "position", [(0.0, 0.0), (52.5, 13.4), (91.0, 110.0), (float("inf"), 0.0), (float("nan"), 0.0)]
)
def test_nothing_is_near_elsewhere(position: tuple[float, float]) -> None:
    """Far from Indonesia, and at what is no position, nothing is near."""
    assert nearest(*position) == ()


@given(st.floats(-11, 6), st.floats(95, 141))
def test_what_is_near_exists(latitude: float, longitude: float) -> None:
    """Wherever somebody is, a few regions are offered at most, each once, and each is known."""
    found = nearest(latitude, longitude)
    assert len(found) <= max(MOST, len(CITIES_OF_JAKARTA))
    assert len(set(found)) == len(found)
    assert all(map(region, found))


def test_every_settlement_has_a_region_we_know() -> None:
    """The table's codes are those of the gazetteer, but for Jakarta as a whole."""
    assert {place.region for place in _settlements() if region(place.region) is None} == {"31"}
