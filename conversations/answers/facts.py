"""The facts that answers rest on, by name, with source and confidence. What has no source is no fact: staff answer."""

from __future__ import annotations

from typing import Any

from conversations.programmes import benefits, brackets, calendar, contribution, discount, eligibility, places
from conversations.programmes.fact import Fact
from conversations.programmes.sources import (
    BROCHURE,
    JAMIN,
    OFFICIAL_FAQ,
    PERMENAKER_1_2025,
    PP_46_2015,
    PP_49_2023,
    PP_50_2025,
    PP_82_2019,
    PROGRAMMES_SITE,
)

ESTIMATE = Fact("our arithmetic on a person's bracket", brackets.BRACKETS[1].source, "CALC")
AGENT_MIN_AGE = Fact(18, "Peraturan BPJS Ketenagakerjaan 1/2023 Pasal 7 (pasal.id)", "S")


def _said(claim: str, source: str, confidence: str) -> Fact[str]:
    """A fact that has no figure: what is claimed."""
    return Fact(claim, source, confidence)


def _ours(claim: str) -> Fact[str]:
    """A fact about Jamin, or advice that is ours."""
    return Fact(claim, JAMIN, "OWN")


_WHO = f"{PP_49_2023}; {PROGRAMMES_SITE}"

FACTS: dict[str, Fact[Any]] = {
    # JKK
    "jkk.scope": _said(
        "at work, on the reasonable way there and back, work trips, diseases caused by work, violence at work",
        "PP 44/2015 Pasal 1 (spsitasik.org); okezone 2025-03-09; " + BROCHURE,
        "C-3",
    ),
    "jkk.starts": _said("holds once the contribution is paid", f"JMO; {PERMENAKER_1_2025}", "C-2"),
    "jkk.medical": benefits.TREATMENT,
    "jkk.stmb": benefits.STMB_FULL_MONTHS,
    "jkk.disability_total": benefits.TOTAL_DISABILITY_BASES,
    "jkk.disability_partial": benefits.PARTIAL_DISABILITY_BASES,
    "jkk.death": benefits.ACCIDENT_DEATH_BASES,
    "jkk.funeral": benefits.ACCIDENT_FUNERAL,
    "jkk.transport": benefits.TRANSPORT,
    "jkk.homecare": benefits.HOMECARE_MOST,
    "jkk.aids": benefits.DENTURE_MOST,
    "jkk.return_to_work": _said("help to return to work exists", f"{PP_82_2019}; {PROGRAMMES_SITE}", "C-2"),
    "jkk.scholarship": benefits.SCHOLARSHIP_JKK_YEARS,
    "jkk.report": benefits.REPORT_WITHIN_HOURS,
    "jkk.expiry": benefits.CLAIM_EXPIRY_YEARS,
    "jkk.partner_hospital": _said("partner hospitals take no deposit", "harianterbit 2022-08-30; medan.inews", "C-2"),
    "jkk.base": _said(
        "benefits follow the declared base", "malangtimes.com 2026-01-23; ngopibareng.id 2022-03-12", "C-2"
    ),
    "jkk.no_refund": _said("only JHT is an account that is paid back", f"PP 44/2015; {PP_46_2015}", "C-2"),
    # JKM and the scholarship
    "jkm.full": benefits.JKM_DEATH,
    "jkm.waiting": benefits.JKM_FULL_AFTER_MONTHS,
    "jkm.flat": contribution.JKM_AMOUNT,
    "jkm.funeral_once": _said("with several memberships the funeral is paid once", BROCHURE, "S"),
    "jkm.heirs": _said("spouse or children come first", "pasal.id Permenaker 4/2023 Pasal 57, 44/2015 Pasal 19", "C-2"),
    "jkm.scholarship": benefits.SCHOLARSHIP_JKM_YEARS,
    "scholarship.amounts": benefits.SCHOLARSHIP,
    "scholarship.end": _said("ends at an age, with marriage or work; asked for every year", BROCHURE, "S"),
    # JHT
    "jht.what": _said("all contributions and their yield, in a person's own account", PP_46_2015, "C-3"),
    "jht.optional": contribution.OBLIGATORY,
    "jht.employer": contribution.OBLIGATORY_FOR_OWNERS,
    "jht.when": benefits.JHT_AGE,
    "jht.partial": benefits.JHT_PARTIAL_YEARS,
    "jht.documents": _said(
        "card and KTP, NPWP above a balance, no letter of a company", "disway 53613; saibetik.com", "S"
    ),
    "jht.rate": _said("the yield is set every year", "pasardana 2017-02-08; kabarpriangan 2021-01-28", "C-2"),
    "jht.no_expiry": _said("keeps growing without payments", "jabar.jpnn 2026-02-12", "S"),
    "jp.closed": contribution.CLOSED,
    # contributions and the discount
    "contribution.least": brackets.BRACKETS[0],
    "contribution.first_bracket": brackets.BRACKETS[0],
    "contribution.brackets": brackets.BRACKETS[1],
    "contribution.rates": contribution.JKK_PERCENT,
    "contribution.jht": contribution.JHT_PERCENT,
    "contribution.pair": contribution.OBLIGATORY,
    "contribution.declared": _said(
        "people declare their own income", "malangtimes.com 2026-01-23; ngopibareng.id", "C-2"
    ),
    "discount.percent": discount.DISCOUNTS[0],
    "discount.periods": discount.DISCOUNTS[1],
    "discount.jht": _said("JHT is not cut", PP_50_2025, "C-5"),
    "discount.automatic": _said("no application; old and new members", PP_50_2025, "C-4"),
    "discount.excluded": discount.NOT_FOR_STATE_PAID,
    "discount.who": _said("riders, drivers and couriers are transport", PP_50_2025, "C-4"),
    "discount.benefits": _said("benefits are not reduced", PP_50_2025, "C-4"),
    "discount.overpaid": _said("too much paid is credited; older arrears stay whole", PP_50_2025, "C-2"),
    "sponsored": _said("some workers are paid for", "kaltengpos 2025-07; babel.antaranews; kalteng.antaranews", "C-5"),
    # paying
    "payment.places": places.PAY_AT,
    "payment.number": places.PAY_WITH,
    "payment.code": _said("a first registration gets a payment code", "parapuan 2021; jacmelchamber", "C-2"),
    "payment.due": calendar.DUE_DAY,
    "payment.fine": calendar.LATE_FINE,
    "payment.inactive": calendar.ARREARS_MONTHS,
    "payment.reactivate": calendar.OLD_ARREARS_CHARGED,
    "payment.ahead": contribution.MOST_MONTHS,
    "payment.covered_when_paid": _said("cover is certain only while paid", f"JMO; {PERMENAKER_1_2025}", "C-2"),
    # who may join
    "eligibility.bpu": eligibility.OUTCOMES["eligible"].rule,
    "eligibility.own_work": _said("an own economic activity, not waged", _WHO, "C-5"),
    "eligibility.drivers": _said("partners of platforms are BPU", f"{PROGRAMMES_SITE}; katadata 2025-10-29", "C-2"),
    "eligibility.housewife": eligibility.OUTCOMES["not_working"].rule,
    "eligibility.waged": eligibility.OUTCOMES["waged"].rule,
    "eligibility.builder": eligibility.OUTCOMES["construction"].rule,
    "eligibility.domestic": eligibility.OUTCOMES["domestic"].rule,
    "eligibility.third_category": eligibility.OUTCOMES["honorary"].rule,
    "eligibility.foreigner": eligibility.OUTCOMES["foreigner"].rule,
    "eligibility.abroad": eligibility.OUTCOMES["migrant"].rule,
    "eligibility.former": eligibility.OUTCOMES["former_member"].rule,
    "eligibility.two_segments": _said("memberships side by side exist", BROCHURE, "S"),
    "eligibility.age": eligibility.END_AGE,
    "health.other_body": _said("BPJS Kesehatan is another body", f"{PP_49_2023}; {BROCHURE}", "C-2"),
    # registering, card and account
    "registration.nik": eligibility.OUTCOMES["no_ktp"].rule,
    "registration.nik_moves": _said("a NIK stays when one moves", "dukcapil; luciamery blog", "C-2"),
    "registration.data": _said(
        "NIK, name, birth date, mobile, e-mail", "umkmjatim 2025-11; jacmelchamber; parapuan", "C-4"
    ),
    "registration.routes": places.REGISTER_AT,
    "registration.jobs": eligibility.MAX_OCCUPATIONS,
    "registration.change": _said("form F1A registers and changes data", f"{PROGRAMMES_SITE}; parapuan 2021", "C-2"),
    "card.digital": calendar.CARD_WITHIN_DAYS,
    "card.kpj": _said("the KPJ is the member's number", f"{BROCHURE}; {OFFICIAL_FAQ}", "C-2"),
    "card.check": _said("status in JMO, at 175, at a branch, with the NIK", f"{BROCHURE}; {PROGRAMMES_SITE}", "C-2"),
    "account.jmo": places.APP,
    # claims
    "claim.channels": _said("report and claim at 175 or a branch", f"{PERMENAKER_1_2025}; {BROCHURE}", "C-2"),
    "claim.jht_channels": _said("JMO, Lapak Asik, branch", f"{BROCHURE}; {PROGRAMMES_SITE}", "C-3"),
    "claim.paid": _said("hundreds of thousands of claims early in 2024", "Kontan 2024-03-21", "S"),
    # people and places to ask
    "contact.call": places.CALL_CENTRE,
    "contact.site": places.SITE,
    "agent.duties": _said(
        "inform, register, take payments on, report claims", "SDSI; perisaiblora.blogspot.com", "C-2"
    ),
    "agent.id": _said("has an identity card and a letter of assignment", "perisaiblora.blogspot.com", "S"),
    "agent.requirements": AGENT_MIN_AGE,
    "agent.incentive": _said("an incentive by contract", "PROBIS 67; scribd 676571774; perisai.sdsi.co.id", "C-3"),
    "agent.wadah": _said("an organisation of workers that agents belong to", "Peraturan BPJSTK 1/2023 Pasal 1", "S"),
    # scams
    "scam.links": _said(
        "prize and aid links are hoaxes; only go.id", "tabengan 2021; wowkeren 2020; Liputan6 2025", "C-4"
    ),
    "scam.strangers": _said("no personal data to unknown persons", "BPJSTK press; tabengan 2021; Liputan6 2025", "C-3"),
    "scam.otp": _said("staff never ask for OTP or password", PROGRAMMES_SITE, "S"),
    "scam.personal_account": _ours("never pay into somebody's own account"),
    # Jamin
    "own.machine": _ours("a machine, not BPJS Ketenagakerjaan"),
    "own.staff": _ours("staff read and answer what is handed over"),
    "own.free": _ours("enrolling through Jamin is free and Jamin takes no money"),
    "own.never_asks": _ours("never asks for OTP, PIN or password, and nobody should give them"),
    "own.agent_advice": _ours("ask for the card, the letter and a proof"),
    "own.enrol": _ours("enrols in the chat"),
    "own.family": _ours("one chat enrols several people, one at a time"),
    "own.reminder": _ours("reminds who agreed"),
    "own.status": _ours("the word status shows our record"),
    "own.age": eligibility.MIN_AGE,
    "privacy.sealed": _ours("data is sealed and used for enrolling only"),
    "privacy.rights": _ours("data may be seen and erased at any time"),
    "privacy.consent": _ours("everybody agrees for themselves"),
    "privacy.page": _ours("a one-time page takes the NIK outside the chat"),
    "privacy.photo": _ours("a photo is never obligatory"),
    "privacy.retention": _ours("unfinished enrolments are erased"),
    "privacy.others": _ours("nobody gets or changes another person's data"),
    "privacy.law": _said("UU 27/2022", "datapribadi.id; bloombergtechnoz 52118", "C-4"),
}
