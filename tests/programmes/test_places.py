"""Places to pay and to ask."""

from __future__ import annotations

from conversations.programmes import places
from conversations.programmes.fact import Fact


def test_only_the_call_centre_has_a_number() -> None:
    """The one number told is 175; no messenger number is among the places."""
    numbers = {
        fact.value
        for fact in vars(places).values()
        if isinstance(fact, Fact) and isinstance(fact.value, str) and any(sign.isdigit() for sign in fact.value)
    }
    assert numbers == {"175"}


def test_official_sites_are_on_the_official_domain() -> None:
    """Every site told is one of bpjsketenagakerjaan.go.id, encrypted."""
    sites = [
        fact.value
        for fact in vars(places).values()
        if isinstance(fact, Fact) and isinstance(fact.value, str) and fact.value.startswith("http")
    ]
    assert {places.SITE.value, places.MIGRANT_SITE.value} <= set(sites)
    for site in sites:
        host = site.removeprefix("https://").split("/")[0]
        assert host.endswith(".bpjsketenagakerjaan.go.id")


def test_places_to_pay_rest_on_the_brochure_alone() -> None:
    """The list of places is told as "antara lain"; each place is named once."""
    assert not places.PAY_AT.plain
    names = [name for kind in places.PAY_AT.value for name in kind]
    assert len(names) == len(set(names))
