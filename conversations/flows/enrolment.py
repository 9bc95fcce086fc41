"""Enrolling one person, from hello to the hand-off. The table at the end is the form; read it from top to bottom."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any
from uuid import UUID, uuid5

from msgspec.structs import replace

from conversations import pricing, receipt, sponsoring
from conversations.asking import question_value
from conversations.assistance import alone, is_assisted, passed_on
from conversations.effects import CheckIdentity, EraseDraft, RecordConsent, SubmitEnrolment
from conversations.flow import Flow
from conversations.flows import eligibility
from conversations.flows.explain import OPEN
from conversations.messages import Rupiah, Say
from conversations.occupations import GROUPS
from conversations.programmes.benefits import (
    JKM_BEFORE,
    JKM_FULL_AFTER_MONTHS,
    accident_death,
    natural_death,
    scholarship_max,
)
from conversations.programmes.brackets import BRACKETS
from conversations.programmes.eligibility import END_AGE, MIN_AGE
from conversations.programmes.places import CALL_CENTRE, MIGRANT_SITE, SITE
from conversations.referral import may_be_followed
from conversations.retention import DRAFT_DAYS
from conversations.session import Enrolment, Identity
from conversations.steps.choice import Choice
from conversations.steps.date import BirthDate
from conversations.steps.email import Email
from conversations.steps.ending import Ending
from conversations.steps.money import Money, Span, WorkDays
from conversations.steps.name import Name
from conversations.steps.nik import Nik
from conversations.steps.occupation import GroupStep, JobStep, OccupationStep, occupation_label
from conversations.steps.phone import Phone
from conversations.steps.photo import KtpCheck
from conversations.steps.place import Place
from conversations.steps.review import Change, Review
from conversations.steps.step import Act, Consequence, GoTo, Option, Step
from conversations.steps.yes_no import YesNo
from conversations.switching import farewell, home, turn_to
from conversations.view import View

CONSENT_VERSION = "2026-11"
"""Named in every record of a consent; changes with the words of `consent.ask`."""

REFERENCES = UUID("6f0f6a3e-6f3b-4c0a-9a0e-1f6d2b1c7a55")
"""The namespace of our enrolment references."""

SPANS = (
    Span("lowest", 0, 1_100_000, 1_000_000),
    Span("second", 1_100_000, 1_500_000, 1_300_000),
    Span("third", 1_500_000, 2_000_000, 1_750_000),
    Span("fourth", 2_000_000, 3_000_000, 2_500_000),
    Span("fifth", 3_000_000, 5_000_000, 4_000_000),
    Span("more", 5_000_000, 0, 0),
)
"""Monthly incomes to tap, in rupiah; each stands for its middle, which the price screen shows and lets correct."""

USUAL = (
    "ojek_online",
    "courier",
    "market_trader",
    "stall_owner",
    "hawker",
    "farmer",
    "builder",
)
"""The occupations offered as buttons, few enough that a list of ten holds the ways out too; any other is typed or found
by group."""

PAIR_SPOKEN = (
    *("dua", "2 program", "jkk jkm", "jkk dan jkm", "jkk sama jkm", "tanpa tabungan"),
    *(
        f"{no} jht"
        for no in ("tanpa", "tidak", "tidak pakai", "gak", "gak pake", "ga", "ga pake", "nggak", "nggak pake")
    ),
    *(f"{no} jht" for no in ("gak usah", "ga usah", "tidak usah", "gak pakai", "ga pakai")),
)
TRIO_SPOKEN = ("tiga", "3 program", "jht", "tabungan", "jkk jkm jht", "jkk jkm dan jht", "jkk dan jkm dan jht")

GROUP_PAGES = (GROUPS[:7], GROUPS[7:])
"""Messengers list ten at most: one turns the page, one keeps what was chosen, one leads to a person of ours."""


def never(_: View) -> bool:
    """For steps that are only opened on purpose."""
    return False


def about(*entries: str) -> tuple[Option, ...]:
    """Buttons that ask a question in the middle."""
    return tuple(Option(e, Say(f"question.{e}"), carries=question_value(e)) for e in entries)


# --- hello -----------------------------------------------------------------------------------------------------------


class Whom(Choice):
    """The hello, and who is to be insured. Somebody who is here for a second person isn't greeted again."""

    def answered(self, view: View) -> bool:
        """Nothing to ask once the worker is in: it can only be somebody else."""
        return super().answered(view) or self.offered(view) == ("other",)

    def ask(self, view: View) -> tuple[Say, ...]:
        """Who talks, on whose behalf, what it costs, what is kept, what is never asked, how to check."""
        if view.session.people:
            return self.short(view)
        known = {"operator": view.facts.on_behalf_of, "call": CALL_CENTRE.value, "site": SITE.value}
        return (*receipt.simulation(view), Say("hello.who", known), Say("hello.promise", known), Say("whom.ask"))

    def short(self, view: View) -> tuple[Say, ...]:
        """The question alone."""
        return (Say("whom.ask"),)


def whom_offered(view: View) -> tuple[str, ...]:
    """Oneself only once."""
    others = (p for p in view.session.people if p.number != view.session.current)
    return ("other",) if any(p.answers.get("whom") == "self" for p in others) else ("self", "other")


def somebody_else(view: View) -> bool:
    """Tell whether it is about somebody other than the worker."""
    return view.answers.get("whom") == "other" or whom_offered(view) == ("other",)


# --- what it does and costs ------------------------------------------------------------------------------------------


class Income(Money):
    """The income; opened the first time, it comes after what the programmes do for this occupation."""

    def ask(self, view: View) -> tuple[Say, ...]:
        """What is covered, then the question."""
        if self.answered(view) or self.exactly(view):
            return self.short(view)
        return (*welcome(view), *benefits(view), *self.short(view))

    def short(self, view: View) -> tuple[Say, ...]:
        """The question alone."""
        return (Say("income.exact" if self.exactly(view) else "income.ask", {"who": view.who}),)


def welcome(view: View) -> tuple[Say, ...]:
    """Good news for who may join, in the words of their situation."""
    code = view.recall(eligibility.standing)
    return (Say(f"eligible.{code}", {"who": view.who, "job": occupation_label(view.answers["occupation"])}),)


def benefits(view: View) -> tuple[Say, ...]:
    """What JKK, JKM and JHT do, for this occupation, in rupiah for the lowest base; JP is not for BPU."""
    base = BRACKETS[0].value.base
    amounts = {
        "base": Rupiah(base),
        "accident": Rupiah(accident_death(base).value.total),
        "natural": Rupiah(natural_death(JKM_FULL_AFTER_MONTHS.value).value.total),
        "after": JKM_FULL_AFTER_MONTHS.value,
        "before": Rupiah(JKM_BEFORE.value),
        "scholarship": Rupiah(scholarship_max().value),
    }
    sector = pricing.sector(view)
    jht = Say("benefit.jht.owner" if pricing.is_owner(view) else "benefit.jht")
    return (Say(f"benefit.jkk.{sector}", amounts), Say("benefit.jkm", amounts), jht)


class Plan(Choice):
    """The price on one screen: two programmes, or three; more months and another income are a tap away."""

    def answered(self, view: View) -> bool:
        """A plan that is no longer offered is chosen anew."""
        return view.answers.get("plan") in self.offered(view)

    def ask(self, view: View) -> tuple[Say, ...]:
        """The base, each plan with its price, and what is only an estimate."""
        base = pricing.price(view, "two").base
        head = Say("plan.ask", {"who": view.who, "base": Rupiah(base), "income": Rupiah(view.answers["income"])})
        plans = tuple(plan for plan in self.offered(view) if plan in pricing.PLANS)
        prices = tuple(Say(f"plan.{plan}.price", {"price": pricing.price_line(view, plan)}) for plan in plans)
        return (head, *prices, *pricing.discount(view), *owner_rule(view), *pricing.estimate(view, plans))

    def short(self, view: View) -> tuple[Say, ...]:
        """The question alone; the prices still stand above."""
        return (Say("plan.short", {"who": view.who}),)

    def fingerprint(self, view: View) -> str:
        """The prices shown."""
        return "/".join(str(pricing.price(view, plan).total) for plan in pricing.PLANS)

    def recap(self, view: View) -> Say | None:
        """The chosen plan with its months."""
        return Say(f"recap.plan.{view.answers['plan']}", {"months": pricing.months(view)})


def owner_rule(view: View) -> tuple[Say, ...]:
    """What owners must know about JHT."""
    return (Say("plan.owner"),) if pricing.is_owner(view) else ()


def plans_offered(view: View) -> tuple[str, ...]:
    """Both plans; owners take all three programmes (Permenaker 5/2021, staff confirm), and may ask for their staff."""
    if pricing.is_owner(view):
        return ("three", "months", "income", "workers")
    return ("two", "three", "months", "income")


class Months(Choice):
    """How many months at once, each with its price."""

    def label(self, option: str, view: View) -> Say:
        """The months; the amount depends on the plan, which is chosen next."""
        return Say("months.count", {"months": int(option)})


def ages(view: View) -> dict[str, Any]:
    """The youngest and the oldest age at which somebody may register here, and the first that is too old."""
    return {"who": view.who, "youngest": MIN_AGE.value, "oldest": END_AGE.value - 1, "end": END_AGE.value}


def where_to_ask(view: View) -> dict[str, Any]:
    """The official places that the endings point to."""
    return {**ages(view), "call": CALL_CENTRE.value, "migrant_site": MIGRANT_SITE.value}


# --- consent ---------------------------------------------------------------------------------------------------------


class Consent(YesNo):
    """What is asked for and why, then the question: separate from everything else (UU 27/2022)."""

    def ask(self, view: View) -> tuple[Say, ...]:
        """Purpose, data, who holds it, how long, and the rights; then the question."""
        known = {"who": view.who, "operator": view.facts.on_behalf_of, "keep": DRAFT_DAYS}
        return (Say("consent.ask", known), *self.short(view))

    def short(self, view: View) -> tuple[Say, ...]:
        """The question alone."""
        return (Say("consent.question", {"who": view.who}),)


def consented(view: View) -> Consequence:
    """Keep the proof of the answer; after a no the draft and its transcript are erased."""
    given = bool(view.answers["consent"])
    record = RecordConsent(view.person.number, "enrol", CONSENT_VERSION, given)
    if given:
        checked = data_given(view.with_answers({"consented_at": view.now.isoformat()}))
        return checked._replace(effects=(record, *checked.effects))
    return Consequence(forgotten(view), (), (record, EraseDraft(view.person.number)), farewell("consent.refused"))


def forgotten(view: View) -> View:
    """The same moment without the person spoken for, and with nothing asked; the first of the others is next."""
    left = tuple(p for p in view.session.people if p.number != view.person.number)
    return turn_to(view.having(people=left, asked="", content=""), left[0].number if left else 0)


def agent_may_see(view: View) -> Consequence:
    """Keep the proof whether the agent may see how it goes."""
    given = bool(view.answers["agent_sees"])
    return Consequence(view, (), (RecordConsent(view.person.number, "agent", CONSENT_VERSION, given),))


# --- identity and hand-off -------------------------------------------------------------------------------------------


def demanded(view: View) -> tuple[str, ...]:
    """The data to give: what the backend requires, and what its identity check found missing."""
    identity = view.person.identity
    missing = identity.fields if identity and identity.verdict == "missing" else ()
    given = (field for field in ONLY_ON_DEMAND if field in view.answers)
    return tuple(dict.fromkeys((*view.facts.requires, *missing, *given)))


def data_of(view: View) -> dict[str, str]:
    """The data demanded, as far as it is given: field name → value."""
    return {field: view.answers[field] for field in view.recall(demanded) if field in view.answers}


_in_order = json.JSONEncoder(sort_keys=True).encode


def digest(data: dict[str, str]) -> str:
    """Name some data without holding it."""
    return hashlib.blake2b(_in_order(data).encode(), digest_size=8).hexdigest()


def data_given(view: View) -> Consequence:
    """Once all the data is there, or changed, have it checked; the chat goes on meanwhile."""
    data = data_of(view)
    # What an agent filled in goes nowhere before the worker agreed.
    if len(data) < len(view.recall(demanded)) or is_assisted(view):
        return Consequence(view)
    identity, asked = view.person.identity, digest(data)
    if identity and identity.digest == asked:
        return Consequence(view)
    failures = identity.failures if identity else 0
    checked = view.with_person(replace(view.person, identity=Identity(asked, failures=failures)))
    return Consequence(checked, (), (CheckIdentity(view.person.number, asked, data),))


def nik_given(view: View) -> Consequence:
    """Tell whether somebody pays for this worker, then have the data checked."""
    sponsored = sponsoring.found(view)
    follows = data_given(sponsored.view)
    return follows._replace(says=sponsored.says + follows.says)


def ktp_settled(view: View) -> Consequence:
    """What follows from a NIK taken from a picture; where none was taken, it is asked for, also if there was one."""
    if "ktp" in view.answers:
        return Consequence(view)
    if view.answers.get("nik") in view.facts.sponsors:
        return nik_given(view)
    return Consequence(view.having(reopened="nik"))


def submitted(view: View) -> Consequence:
    """A clear yes to everything shown: hand it on, once, under a reference of its own."""
    if sponsoring.lost(view):
        return sponsoring.without_place(view.with_answers({"review": None}))
    person = view.person
    reference = str(uuid5(REFERENCES, f"{view.session.seed}/{person.number}/{person.submissions}"))
    handed = SubmitEnrolment(
        person.number,
        reference,
        data_of(view),
        pricing.order(view, view.month, pricing.months(view)),
        CONSENT_VERSION,
        dt.datetime.fromisoformat(view.answers["consented_at"]),
    )
    person = replace(person, enrolment=Enrolment(reference), submissions=person.submissions + 1)
    return Consequence(home(view.with_person(person)), (Say("handoff.sent", {"who": view.who}),), (handed,))


def enrolled(view: View) -> Consequence:
    """Nothing is left to ask here: go on as a member."""
    return Consequence(home(view))


def review_totals(view: View) -> tuple[Say, ...]:
    """The price, once more, under the list."""
    plan = view.answers["plan"]
    line = Say("review.price", {"price": pricing.price_line(view, plan)})
    return (line, *pricing.discount(view), *pricing.estimate(view, (plan,)))


# --- the form --------------------------------------------------------------------------------------------------------

may = eligibility.may_go_on


def may_pass_on(view: View) -> bool:
    """Tell whether an agent has filled in for somebody who may go on."""
    return is_assisted(view) and may(view)


ONLY_ON_DEMAND = ("email", "home_region", "work_region")


def required(field: str) -> Any:
    """For data that is asked only where the backend demands it."""
    return lambda view: field in view.recall(demanded) and view.recall(may)


SHOWN: tuple[Step, ...] = (
    OccupationStep("occupation", usual=USUAL, groups="group"),
    Income("income", spans=SPANS, extra=(*about("jkk-what", "jkm-what", "jht-what"), OPEN), when=may),
    Plan(
        "plan",
        ("two", "three", "months", "income"),
        offered=plans_offered,
        moves={"months": GoTo("months"), "income": GoTo("income"), "workers": Act("operator", "small_business")},
        extra=(OPEN,),
        spoken={"two": PAIR_SPOKEN, "three": TRIO_SPOKEN, "months": ("bulan",)},
        when=may,
    ),
    Nik("nik", extra=about("privacy-why-nik"), then=nik_given, when=may),
    Name("name", then=data_given, when=may),
    BirthDate("birth_date", then=data_given, when=may),
    Phone("phone", then=data_given, when=may),
    Email("email", then=data_given, when=required("email")),
    Place("home_region", then=data_given, when=required("home_region")),
    Place("work_region", then=data_given, when=required("work_region")),
)
OCCUPATION, INCOME, PLAN, *DATA = SHOWN

LINES = {
    "occupation": ("pekerjaan", "kerjaan", "kerja"),
    "income": ("penghasilan", "gaji", "pendapatan"),
    "plan": ("paket", "iuran", "program", "bulan"),
    "nik": ("nik", "ktp"),
    "name": ("nama",),
    "birth_date": ("lahir", "tanggal", "tgl", "umur"),
    "phone": ("hp", "nomor", "no", "telepon", "telpon", "wa"),
    "email": ("email", "e mail"),
    "home_region": ("alamat", "tinggal", "rumah", "domisili"),
    "work_region": ("tempat kerja", "lokasi"),
}
"""The words by which a line of the review is named: "ganti nama", "HP salah"."""

REVIEW = Review(
    "review", shown=SHOWN, totals=review_totals, change="change", spoken=LINES, then=submitted, when=alone(may)
)

ENROLMENT = Flow(
    "enrolment",
    steps=(
        Whom(
            "whom",
            ("self", "other"),
            offered=whom_offered,
            spoken={"self": ("saya", "sendiri", "aku", "diri sendiri"), "other": ("keluarga", "orang lain", "istri")},
            extra=about("scam-is-this-real", "eligibility-bpu"),
        ),
        Choice(
            "relation",
            ("spouse", "parent", "child", "relative", "neighbour"),
            spoken={
                "spouse": ("istri", "suami", "bini", "laki"),
                "parent": ("ibu", "bapak", "ayah", "emak", "mama", "orang tua", "mertua"),
                "child": ("anak",),
                "relative": ("adik", "kakak", "saudara", "paman", "bibi"),
                "neighbour": ("tetangga", "teman", "kawan"),
            },
            when=alone(somebody_else),
        ),
        GroupStep("group", pages=GROUP_PAGES, when=lambda view: "group" in view.answers),
        JobStep("job", when=lambda view: "group" in view.answers),
        OCCUPATION,
        Choice(
            "earning",
            ("own", "waged", "owner", "none"),
            spoken={
                "own": ("sendiri", "pelanggan", "usaha sendiri", "penumpang", "pembeli"),
                "waged": ("gaji", "digaji", "majikan", "bos", "juragan", "karyawan"),
                "owner": ("punya karyawan", "punya anak buah", "punya pekerja"),
                "none": ("tidak kerja", "gak kerja", "nganggur", "belum kerja"),
            },
        ),
        Ending("ending", outcome=eligibility.ending, ways=eligibility.ways, values=where_to_ask),
        Choice("condition", eligibility.CONDITIONS, values=ages, spoken=eligibility.SPOKEN),
        WorkDays("work_days", when=lambda view: "daily" in view.answers),
        INCOME,
        Months("months", ("1", "3", "6", "12"), when=never),
        PLAN,
        Consent("consent", extra=about("privacy-safe"), then=consented, when=alone(may)),
        YesNo("agent_sees", then=agent_may_see, when=alone(may_be_followed)),
        KtpCheck("ktp", demanded=demanded, then=ktp_settled),
        *DATA,
        Choice("passing_on", ("own_phone", "paper", "cancel"), then=passed_on, when=may_pass_on),
        Change("change", review=REVIEW, when=never),
        REVIEW,
    ),
    finish=enrolled,
    form=True,
)
