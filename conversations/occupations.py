"""The informal occupations we know by name, in thirteen groups; our own list, since no official codes are published.

`sector` decides which discount of PP 50/2025 may apply; riders, drivers, couriers, pedicabs, cart and small-boat
drivers are "transport", everything else is "other". Labels are in the catalogues (`occupation.<code>`,
`group.<code>`); the words people type are in `reading/occupation.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Occupation(NamedTuple):
    """One occupation.

    `special` marks kinds that may need another route than ordinary enrolment: "domestic", "construction", "honorary",
    "apprentice", "migrant" and "wage_prone" (often paid a wage by an employer); empty for the rest.
    """

    code: str
    group: str
    sector: str
    special: str = ""


GROUPS: tuple[str, ...] = (
    "transport",
    "trade_food",
    "agriculture",
    "livestock",
    "fishery",
    "building_repair",
    "daily_work",
    "household_services",
    "craft",
    "education_religion",
    "professions",
    "creative_sport",
    "social_other",
)
"""The groups in the order they are offered."""

_CODES = {
    "transport": (
        "ojek_online ojek_rider taxi_online_driver courier angkot_driver taxi_driver truck_driver "
        "rental_driver bus_driver driver_assistant becak_driver bentor_driver bajaj_driver horse_cart_driver "
        "cart_puller boat_driver other_driver"
    ),
    "trade_food": (
        "stall_owner grocery_seller meatball_seller noodle_seller fried_snack_seller rice_seller "
        "street_food_seller coffee_seller drink_seller bread_cake_seller vegetable_seller fruit_seller "
        "fish_seller meat_seller market_trader hawker clothes_seller phone_credit_seller online_seller trader "
        "caterer shop_assistant restaurant_worker"
    ),
    "agriculture": ("farmer palm_farmer rubber_tapper farm_worker plantation_worker forest_worker"),
    "livestock": ("livestock_keeper poultry_keeper"),
    "fishery": ("fisher fish_farmer seaweed_farmer salt_farmer fish_processor"),
    "building_repair": (
        "builder construction_contractor project_worker welder carpenter electrician mechanic tyre_repairer "
        "electronics_repairer carwash_worker furniture_maker locksmith"
    ),
    "daily_work": (
        "day_labourer porter parking_attendant scavenger waste_collector street_cleaner security_guard miner "
        "gardener factory_worker odd_jobs"
    ),
    "household_services": (
        "domestic_worker laundry_worker barber beautician masseur babysitter cook tailor shoe_repairer makeup_artist"
    ),
    "craft": ("craftsperson batik_maker weaver tofu_tempe_maker home_producer blacksmith brick_maker"),
    "education_religion": (
        "quran_teacher imam mosque_keeper tutor kindergarten_teacher honorary_teacher church_worker"
    ),
    "professions": ("insurance_agent property_agent lawyer doctor midwife freelancer travel_guide sales_agent"),
    "creative_sport": ("artist musician photographer content_creator athlete_coach sound_system_worker"),
    "social_other": (
        "health_volunteer volunteer village_official honorary_staff apprentice migrant_worker grave_digger "
        "housewife_business"
    ),
}
_SPECIAL = {
    "domestic": "domestic_worker babysitter",
    "construction": "construction_contractor project_worker",
    "honorary": "honorary_teacher honorary_staff village_official",
    "apprentice": "apprentice",
    "migrant": "migrant_worker",
    "wage_prone": "shop_assistant restaurant_worker factory_worker security_guard street_cleaner plantation_worker "
    "bus_driver carwash_worker laundry_worker forest_worker sales_agent",
}
_SPECIAL_OF = {code: special for special, codes in _SPECIAL.items() for code in codes.split()}

OCCUPATIONS: tuple[Occupation, ...] = tuple(
    Occupation(code, group, "transport" if group == "transport" else "other", _SPECIAL_OF.get(code, ""))
    for group in GROUPS
    for code in _CODES[group].split()
)
"""Every occupation, group by group, the commonest of a group first."""

by_code: Mapping[str, Occupation] = MappingProxyType({occupation.code: occupation for occupation in OCCUPATIONS})
"""The occupations by their code."""
