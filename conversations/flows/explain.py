"""What the programmes pay, worked out for one base: "Kalau terjadi apa-apa pada saya". The menu at the end is the flow.

Nothing here is kept: the base comes from the income already told, from one typed here, else it is the lowest.
"""

from __future__ import annotations

from typing import Any

from conversations.asking import word_value
from conversations.flow import Flow
from conversations.messages import Rupiah, Say
from conversations.programmes import benefits
from conversations.programmes.brackets import BRACKETS, Bracket, bracket_of
from conversations.programmes.fact import Fact
from conversations.reading.ages import read_ages
from conversations.reading.money import read_money
from conversations.steps.choice import Choice
from conversations.steps.money import LEAST_PLAUSIBLE, MOST_PLAUSIBLE
from conversations.steps.step import Answer, Consequence, Move, Option, Problem, Said, Step, words
from conversations.switching import home
from conversations.view import View

YEAR = 12

OPEN = Option("explain", Say("word.explain"), carries=word_value("explain"))
"""The button that leads here."""


def bracket(view: View) -> Fact[Bracket]:
    """The bracket that the amounts are worked out for."""
    income = view.session.side.get("explain_income") or view.answers.get("income")
    return bracket_of(income) if income else BRACKETS[0]


def amounts(view: View) -> dict[str, Any]:
    """Every figure the explanations name, in rupiah, months, years or per cent."""
    base = bracket(view).value.base
    accident = benefits.accident_death(base).value
    full, before = (benefits.natural_death(months).value for months in (benefits.JKM_FULL_AFTER_MONTHS.value, 0))
    return {
        "who": view.who,
        "base": Rupiah(base),
        "later": Rupiah(benefits.stmb(base, benefits.STMB_FULL_MONTHS.value + 1).value),
        "full_months": benefits.STMB_FULL_MONTHS.value,
        "total": Rupiah(benefits.total_disability(base).value.total),
        "lump": Rupiah(accident.lump),
        "accident_periodical": Rupiah(accident.periodical),
        "accident_funeral": Rupiah(accident.funeral),
        "accident": Rupiah(accident.total),
        "death": Rupiah(full.total),
        "before": Rupiah(before.total),
        "after": benefits.JKM_FULL_AFTER_MONTHS.value,
        "years": benefits.SCHOLARSHIP_JKM_YEARS.value,
        "most": benefits.SCHOLARSHIP_CHILDREN.value,
        "until": benefits.SCHOLARSHIP_UNTIL_AGE.value,
        "saved": Rupiah(benefits.jht_saved(base, YEAR).value),
        "jht_age": benefits.JHT_AGE.value,
        "partial": benefits.JHT_PARTIAL_YEARS.value,
        "hours": benefits.REPORT_WITHIN_HOURS.value,
    }


def estimate(view: View) -> tuple[Say, ...]:
    """Say that amounts which follow from the base are estimates, wherever the base rests on a single source."""
    return () if bracket(view).plain else (Say("explain.estimate"),)


class Cases(Choice):
    """The cases to choose from; an income may be typed instead, and all is worked out for that."""

    counts = False

    def ask(self, view: View) -> tuple[Say, ...]:
        """For which base, and the question."""
        known = "income" in view.answers or "explain_income" in view.session.side
        return (Say("explain.base" if known else "explain.lowest", amounts(view)), *self.short(view))

    def short(self, view: View) -> tuple[Say, ...]:
        """The question alone."""
        return (Say("explain.ask", {"who": view.who}),)

    def fingerprint(self, view: View) -> str:
        """The base."""
        return str(bracket(view).value.base)

    def read(self, said: Said, view: View) -> Move | None:
        """Read a case, else an income."""
        return super().read(said, view) or self._income(words(said) or "", view)

    def _income(self, text: str, view: View) -> Move | None:
        amount = read_money(text, view.today).value
        if amount is None:
            return None
        if not LEAST_PLAUSIBLE <= amount <= MOST_PLAUSIBLE:
            return Problem(Say("money.implausible", {"amount": Rupiah(amount)}))
        return Answer(None, {"explain_income": amount})


class Children(Step):
    """The ages of the children, for the scholarship; used once and not kept."""

    counts = False

    def read(self, said: Said, view: View) -> Move | None:
        """Read ages in years."""
        reading = read_ages(words(said) or "", view.today)
        return None if reading.value is None else Answer(reading.value)


def told(view: View) -> Consequence:
    """Explain the case that was chosen, and offer the others."""
    case = view.session.side.get("explain")
    if case == "done":
        return Consequence(home(view))
    if case is None or case == "school":
        return Consequence(view)
    says = (Say(f"explain.{case}.told", amounts(view)), *(estimate(view) if case in FROM_BASE else ()))
    return Consequence(reopened(view), says)


def schooled(view: View) -> Consequence:
    """Explain the scholarship for children of these ages."""
    ages = tuple(view.session.side["children"])
    sum_ = benefits.scholarship_for(ages).value
    known = amounts(view) | {"sum": Rupiah(sum_)}
    says = (Say("explain.school.sum", known),) if sum_ else (Say("explain.school.none", known),)
    return Consequence(reopened(view), (*says, Say("explain.school.conditions", known)))


def reopened(view: View) -> View:
    """The same moment with the menu open again; the base stays."""
    kept = {name: value for name, value in view.session.side.items() if name == "explain_income"}
    return view.having(side=kept)


def asks_children(view: View) -> bool:
    """Tell whether the scholarship was chosen."""
    return view.session.side.get("explain") == "school"


CASES = ("accident", "unable", "disability", "death_work", "death_other", "school", "saving", "done")
FROM_BASE = frozenset({"unable", "disability", "death_work", "saving"})
"""The cases whose amounts follow from the base."""

SPOKEN = {
    "accident": ("celaka", "kecelakaan", "berobat"),
    "unable": ("tidak bisa kerja", "belum bisa kerja", "gak bisa kerja", "ga bisa kerja"),
    "disability": ("disabilitas", "lumpuh"),
    "death_work": ("meninggal karena kerja", "meninggal saat kerja"),
    "death_other": ("meninggal karena sakit", "sebab lain", "meninggal biasa"),
    "school": ("beasiswa", "anak", "sekolah"),
    "saving": ("jht", "tabungan", "hari tua"),
    "done": ("selesai", "lanjut", "cukup", "sudah"),
}

EXPLAIN = Flow(
    "explain",
    steps=(
        Children("children", when=asks_children, side=True, then=schooled),
        Cases("explain", CASES, spoken=SPOKEN, values=amounts, side=True, then=told),
    ),
    finish=lambda view: Consequence(home(view)),
)
