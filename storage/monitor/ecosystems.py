"""The five ecosystems in which informal workers are sought, and which of them an enrolment is counted in.

The five are those of the 2024 source; which enrolment belongs where it does not say, so the rule is ours: who is paid
for by a sponsor is a vulnerable worker; else it is the kind of the organisation whose agent sent them; else what they
work as. Transport is a sector of the discount and no ecosystem: riders whom no organisation sent stand outside.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from conversations.occupations import OCCUPATIONS

ECOSYSTEMS = ("village", "market", "ecommerce", "small_business", "vulnerable")
OUTSIDE = "none"
"""Enrolments in none of the five."""

_OF_ORGANISATION = {"village": "village", "market": "market", "platform": "ecommerce"}
_OF_GROUP = {
    "agriculture": "village",
    "livestock": "village",
    "fishery": "village",
    "trade_food": "market",
    "building_repair": "small_business",
    "craft": "small_business",
    "daily_work": "vulnerable",
    "household_services": "vulnerable",
}
_OF_OCCUPATION = {
    "online_seller": "ecommerce",
    "village_official": "village",
    "health_volunteer": "village",
    "caterer": "small_business",
    "housewife_business": "small_business",
    "barber": "small_business",
    "tailor": "small_business",
}


def ecosystem_of(occupation: str) -> str:
    """Return the ecosystem that an occupation alone tells of; `OUTSIDE` where it tells of none."""
    return _BY_OCCUPATION.get(occupation, OUTSIDE)


_BY_OCCUPATION = {one.code: _OF_OCCUPATION.get(one.code, _OF_GROUP.get(one.group, OUTSIDE)) for one in OCCUPATIONS}


def ecosystem(cohort: Any, organisation: Any, occupation: Any) -> sa.ColumnElement[str]:
    """Return the ecosystem in SQL, of columns with the sponsor's cohort, the organisation's kind and the occupation."""
    by_occupation = sa.case(_BY_OCCUPATION, value=occupation, else_=OUTSIDE)
    by_organisation = sa.case(_OF_ORGANISATION, value=organisation, else_=by_occupation)
    return sa.case((cohort != "", "vulnerable"), else_=by_organisation)
