"""Who may join as a worker of their own (BPU), and what is right for everybody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Literal, NamedTuple

from conversations.programmes.contribution import OBLIGATORY_FOR_OWNERS
from conversations.programmes.fact import Fact, conclude
from conversations.programmes.sources import BROCHURE, FIELD_FAQ, JAMIN, PERDIR_22_2022, PP_49_2023, PROGRAMMES_SITE

Earning = Literal["own", "waged", "owner", "none"]
"""Who pays: customers or an own business · an employer's wage · an own business with workers · nobody."""

AgeBand = Literal["under_18", "18_64", "65_up"]

MIN_AGE = Fact(18, JAMIN, "OWN")
"""Whom we serve in a chat; no rule on a lowest age was found."""

END_AGE = Fact(65, f"{BROCHURE}; beritakaltimterkini 2025-11-18", "C-2")
"""From this birthday on nobody is registered; who is a member by then may go on."""

MAX_OCCUPATIONS = Fact(2, FIELD_FAQ, "S")


class Situation(NamedTuple):
    """What decides who may join. `was_member`: insured through an employer before. `occupation_special`: how the list
    of occupations marks this one: "", "domestic", "construction", "honorary", "apprentice", "migrant", "wage_prone"."""

    earning: Earning
    age_band: AgeBand
    citizen: bool = True
    has_ktp: bool = True
    abroad: bool = False
    occupation_special: str = ""
    was_member: bool = False


class Outcome(NamedTuple):
    """What follows: `code` chooses the text, `goes_on` whether enrolment continues in this chat, `staff` whether an
    operator is offered because something is left to settle; `rule` is what it rests on."""

    code: str
    goes_on: bool
    staff: bool
    rule: Fact[str]


_SEGMENTS = f"{PP_49_2023}; {PERDIR_22_2022}; {PROGRAMMES_SITE}"

_OUTCOMES = (
    Outcome("eligible", True, False, Fact("works outside employment", f"{PP_49_2023}; {PROGRAMMES_SITE}", "C-2")),
    Outcome("former_member", True, False, Fact("goes on as a worker of their own", "idntimes.com", "S")),
    Outcome("owner", True, True, conclude("takes JHT too", OBLIGATORY_FOR_OWNERS)),
    Outcome("waged", False, True, Fact("the employer registers wage earners", _SEGMENTS, "C-3")),
    Outcome("not_working", False, False, Fact("has an economic activity", "brilio.net, haijakarta.id", "C-3")),
    Outcome("construction", False, False, Fact("the project insures its builders", _SEGMENTS, "C-3")),
    Outcome("domestic", False, True, Fact("may be a household's wage earner", f"{PP_49_2023}; {PROGRAMMES_SITE}", "S")),
    Outcome("honorary", False, True, Fact("named as BPU and as waged", f"{BROCHURE}; Permenaker 1/2025 Pasal 3A", "S")),
    Outcome("apprentice", False, True, Fact("works without a wage; discount unclear", BROCHURE, "S")),
    Outcome("migrant", False, False, Fact("work abroad has its own scheme", _SEGMENTS, "C-3")),
    Outcome("foreigner", False, True, Fact("may count as waged", f"{PP_49_2023}; PP 46/2015", "C-2")),
    Outcome("under_18", False, True, conclude("18 and over in this chat", MIN_AGE)),
    Outcome("too_old", False, True, conclude("not yet 65 when registering", END_AGE)),
    Outcome("no_ktp", False, False, Fact("registers with the NIK", f"{BROCHURE}; umkmjatim 2025-11", "C-5")),
)

OUTCOMES = {outcome.code: outcome for outcome in _OUTCOMES}
"""All outcomes by their code."""

_FIRST_THAT_APPLIES: tuple[tuple[str, Callable[[Situation], bool]], ...] = (
    # What no answer about work can change comes first.
    ("under_18", lambda s: s.age_band == "under_18"),
    ("foreigner", lambda s: not s.citizen),
    ("migrant", lambda s: s.abroad or s.occupation_special == "migrant"),
    ("too_old", lambda s: s.age_band == "65_up"),
    # Then the kinds of work with a scheme or a doubt of their own, waged or not.
    ("domestic", lambda s: s.occupation_special == "domestic"),
    ("honorary", lambda s: s.occupation_special == "honorary"),
    ("apprentice", lambda s: s.occupation_special == "apprentice"),
    # A builder whom customers pay is on no project, so is a worker of their own.
    ("construction", lambda s: s.occupation_special == "construction" and s.earning == "waged"),
    ("waged", lambda s: s.earning == "waged"),
    ("not_working", lambda s: s.earning == "none"),
    # A missing KTP can be put right, so it is only worth saying to who may join.
    ("no_ktp", lambda s: not s.has_ktp),
    ("owner", lambda s: s.earning == "owner"),
    ("former_member", lambda s: s.was_member),
)


@cache
def outcome(situation: Situation) -> Outcome:
    """Return what follows from a situation: the first thing that applies, else that the worker is eligible."""
    for code, applies in _FIRST_THAT_APPLIES:
        if applies(situation):
            return OUTCOMES[code]
    return OUTCOMES["eligible"]


def age_on(birth: dt.date, day: dt.date) -> int:
    """Return the age in full years on a day; who is born on 29 February is a year older from 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def age_band(age: int) -> AgeBand:
    """Return the band an age in full years lies in."""
    if age < MIN_AGE.value:
        return "under_18"
    return "18_64" if age < END_AGE.value else "65_up"


def may_register(age: int) -> bool:
    """Return whether somebody of that age in full years can be enrolled in a chat."""
    return age_band(age) == "18_64"
