"""Who may go on, from the answers so far, and which ways lead on from each end of the road."""

from __future__ import annotations

import datetime as dt

from conversations.occupations import by_code
from conversations.programmes.eligibility import AgeBand, Earning, Outcome, Situation, age_band, age_on, outcome
from conversations.steps.ending import Way
from conversations.steps.step import Act, GoTo
from conversations.view import View

CONDITIONS = ("fits", "was_member", "member", "under_18", "over_64", "foreigner", "no_ktp", "abroad")
"""One tap for age band, citizenship and what else decides."""

SPOKEN = {
    "fits": ("18 64", "ada ktp", "cocok"),
    "was_member": ("dulu ikut", "dulu kerja", "lewat kantor", "dari kantor", "pernah ikut"),
    "member": ("sudah peserta", "sudah ikut", "sudah daftar", "sudah terdaftar"),
    "under_18": ("belum 18", "di bawah 18", "masih sekolah"),
    "over_64": ("65", "65 tahun", "lansia"),
    "foreigner": ("bukan wni", "wna", "orang asing", "warga asing"),
    "no_ktp": ("belum punya ktp", "belum ada ktp", "gak punya ktp", "tidak punya ktp", "ga punya ktp"),
    "abroad": ("luar negeri", "di malaysia", "di arab", "di taiwan", "di hongkong"),
}
"""The words by which a condition may be named; what names two of them is asked again."""

OTHER_PERSON = Way("other_person", Act("person_new"))
STAFF = Way("staff", Act("operator", "eligibility"))
STAFF_ABOUT_AGE = Way("staff", Act("operator", "under_age"))
CHANGE_EARNING = Way("change", GoTo("earning"))
CHANGE_CONDITION = Way("change", GoTo("condition"))
CHANGE_OCCUPATION = Way("change", GoTo("occupation"))
CHANGE_BIRTH = Way("change", GoTo("birth_date"))

WAYS: dict[str, tuple[Way, ...]] = {
    "waged": (
        Way("report", Act("operator", "employer")),
        Way("report_unnamed", Act("operator", "employer_anonymous")),
        CHANGE_EARNING,
        OTHER_PERSON,
    ),
    "not_working": (CHANGE_EARNING, OTHER_PERSON),
    "construction": (CHANGE_EARNING, STAFF, OTHER_PERSON),
    "domestic": (STAFF, CHANGE_OCCUPATION, OTHER_PERSON),
    "honorary": (STAFF, CHANGE_OCCUPATION, OTHER_PERSON),
    "apprentice": (STAFF, CHANGE_OCCUPATION, OTHER_PERSON),
    "migrant": (CHANGE_CONDITION, OTHER_PERSON),
    "foreigner": (STAFF, CHANGE_CONDITION, OTHER_PERSON),
    "under_18": (CHANGE_CONDITION, OTHER_PERSON, STAFF_ABOUT_AGE),
    "too_old": (CHANGE_CONDITION, OTHER_PERSON, STAFF),
    "no_ktp": (CHANGE_CONDITION, OTHER_PERSON),
    "member": (Way("status", Act("status")), STAFF, CHANGE_CONDITION, OTHER_PERSON),
}


def standing(view: View) -> str:
    """The code of what follows: "" while answers are missing, then "eligible", "owner" … or an ending."""
    answers = view.answers
    if answers.get("condition") == "member":
        return "member"
    if not {"occupation", "earning", "condition"} <= answers.keys():
        return early(view)
    return decided(view).code


def early(view: View) -> str:
    """An ending that nothing still to be asked can change, told at once."""
    if "occupation" in view.answers and "earning" in view.answers:
        code = decided(view).code
        return code if code in WAYS else ""
    return ""


def decided(view: View) -> Outcome:
    """What the rules say of the situation; what wasn't asked yet counts as fitting."""
    answers = view.answers
    condition = answers.get("condition", "fits")
    return outcome(
        Situation(
            earning=earning_of(answers["earning"]),
            age_band=band(view),
            citizen=condition != "foreigner",
            has_ktp=condition != "no_ktp",
            abroad=condition == "abroad",
            occupation_special=by_code[answers["occupation"]].special,
            was_member=condition == "was_member",
        )
    )


def earning_of(answer: str) -> Earning:
    """The answer as the rules name it."""
    match answer:
        case "waged" | "owner" | "none":
            return answer
    return "own"


def band(view: View) -> AgeBand:
    """The age band: from the birth date once it is known, else from the tap."""
    if birth := view.answers.get("birth_date"):
        return age_band(age_on(dt.date.fromisoformat(birth), view.today))
    match view.answers.get("condition"):
        case "under_18":
            return "under_18"
        case "over_64":
            return "65_up"
    return "18_64"


def ending(view: View) -> str:
    """The code of the ending, or "" where the road goes on."""
    code = view.recall(standing)
    return code if code in WAYS else ""


def ways(code: str, view: View) -> tuple[Way, ...]:
    """The ways on; an age that follows from a birth date is corrected there."""
    offered = WAYS[code]
    if code in ("under_18", "too_old") and "birth_date" in view.answers:
        return tuple(CHANGE_BIRTH if way is CHANGE_CONDITION else way for way in offered)
    return offered


def may_go_on(view: View) -> bool:
    """Tell that nothing so far ends the road."""
    return not ending(view)
