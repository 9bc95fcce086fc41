"""What happens to a chat without the worker's doing: the backend's answers, payments, staff.

Each is about one person by number and is dropped where that person, or the data it was asked about, is no longer there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from conversations import (
    agency,
    casework,
    cover,
    family,
    nudging,
    on_paper,
    papers,
    prodding,
    proposing,
    receipt,
    sponsoring,
)
from conversations.effects import EraseChat, FollowNumber, OpenCase, RecordConsent, RequestBill
from conversations.flows import guard, news, pay
from conversations.flows.enrolment import CONSENT_VERSION
from conversations.flows.moving import code_refused, continued
from conversations.letters import letter
from conversations.messages import (
    AgencyDecided,
    AgentNudges,
    Anniversary,
    Bill,
    BillExpired,
    BillIssued,
    BillPaid,
    BroadcastDue,
    CameBack,
    CaseClosed,
    CaseMode,
    CodeRefused,
    Continued,
    DraftExpired,
    EnrolmentAnswered,
    EnrolmentReopened,
    Faulted,
    FormDecided,
    IdentityChecked,
    KtpRead,
    Left,
    NewsWanted,
    NumberChanged,
    ReminderDue,
    Say,
    SignedOnPaper,
    SponsorFound,
    StaffLeads,
    StaffOpens,
    StaffProposes,
    StaffSaid,
)
from conversations.months import Month, months_from
from conversations.programmes.calendar import due
from conversations.retention import DRAFT_DAYS, MEMBER_DAYS
from conversations.session import Enrolment, Identity
from conversations.steps import photo
from conversations.steps.step import Consequence
from conversations.switching import CASE_AFTER_FAILURES, aside, emptied, main_flow, refuted
from conversations.view import View

FIXABLE = ("identity", "age")
PAYMENTS_KNOWN = 12
"""So many payments of an enrolment are known by their code, which is a year of monthly ones."""


def happened(view: View, what: object) -> Consequence:
    """Let an event change the chat, and say what the worker should hear of it."""
    return HAPPENED[type(what)](view, what)


# --- the identity check ----------------------------------------------------------------------------------------------


def identity_checked(view: View, what: IdentityChecked) -> Consequence:
    """Take the registration system's verdict; one about data that was changed or handed on meanwhile is dropped."""
    about = speaking_of(view, what.person)
    identity = about.person.identity
    if identity is None or identity.digest != what.digest or main_flow(about.person) != "enrolment":
        return Consequence(view)
    noted = replace(identity, verdict=what.verdict, fields=what.fields)
    if what.verdict in ("complete", "unavailable"):
        return back_to(view, about.with_person(replace(about.person, identity=noted)))
    if what.verdict == "missing":
        return identity_missing(view, about.with_person(replace(about.person, identity=noted)), what.fields)
    return identity_trouble(view, about, replace(noted, failures=identity.failures + 1))


def identity_missing(view: View, about: View, fields: tuple[str, ...]) -> Consequence:
    """Tell what else the registration system needs; the steps for it now apply."""
    wanted = tuple(Say(f"review.{field}") for field in fields)
    return back_to(view, about, (Say("identity.missing", {"who": about.who, "fields": wanted}),))


def identity_trouble(view: View, about: View, identity: Identity) -> Consequence:
    """Tell what doesn't match and ask for it again; the second time a person of ours looks at it."""
    field = identity.fields[0] if identity.fields else "nik"
    about = about.with_person(replace(about.person, identity=identity))
    says = (Say(f"identity.{identity.verdict}", {"who": about.who, "field": Say(f"review.{field}")}),)
    if identity.verdict == "already_member":
        return back_to(view, about.with_answers({"condition": "member"}), says)
    if identity.failures >= CASE_AFTER_FAILURES:
        case = OpenCase("identity", about.person.number, identity.verdict)
        return back_to(view, about, (*says, Say("identity.case")), (case,))
    return back_to(view, about.having(reopened=refuted(about.person)), says)


# --- the hand-off ----------------------------------------------------------------------------------------------------


def enrolment_answered(view: View, what: EnrolmentAnswered) -> Consequence:
    """Take what became of an enrolment: a receipt, a wait, a refusal, or trouble that staff will look at."""
    about = speaking_of(view, what.person)
    enrolment = about.person.enrolment
    if enrolment is None or enrolment.reference != what.enrolment or is_late(enrolment, what):
        return Consequence(view)
    noted = replace(enrolment, state=what.outcome, kpj=what.kpj, bill=what.bill, reason=what.reason)
    about = about.with_person(replace(about.person, enrolment=noted))
    return OUTCOMES[what.outcome](view, about)


def is_late(enrolment: Enrolment, what: EnrolmentAnswered) -> bool:
    """Tell whether more is known already: an answer may be a copy of one that was lost on its way."""
    return enrolment.state == "accepted" or (what.outcome == "waiting" and enrolment.state in ("waiting", "refused"))


def accepted(view: View, about: View) -> Consequence:
    """Enrolled: the receipt with the code to pay."""
    done = back_to(view, about, receipt.enrolled(about))._replace(template=letter(view, "enrolment_accepted"))
    return with_qris(done, about)


def waiting(view: View, about: View) -> Consequence:
    """Somebody at the office has to enter it: say so."""
    return back_to(view, about, (Say("handoff.waiting", {"who": about.who}),))


def refused(view: View, about: View) -> Consequence:
    """Refused: say why, and let what can be corrected be corrected."""
    reason = enrolment_of(about).reason
    says = (Say(f"refused.{reason}" if reason in REFUSALS else "refused.other", {"who": about.who}),)
    about = about.with_answers({"review": None, **({"condition": "member"} if reason == "already_member" else {})})
    # On paper nobody reads what we say: staff find who can.
    on_paper_only = on_paper.is_on_paper(about)
    if reason == "identity" and about.person.submissions >= CASE_AFTER_FAILURES and not on_paper_only:
        # Sent again as it was: whoever is sure of their data must not be sent round in a circle.
        told, case = (*says, Say("identity.case")), (OpenCase("identity", about.person.number, "refused"),)
        return back_to(view, about, told, case)._replace(template=letter(view, "enrolment_refused"))
    alone = reason in (*FIXABLE, "already_member") and not on_paper_only
    cases = () if alone else (OpenCase("refused", about.person.number, reason),)
    return back_to(view, about, says, cases)._replace(template=letter(view, "enrolment_refused"))


def undelivered(view: View, about: View) -> Consequence:
    """The backend couldn't be reached for long: staff have it, nothing is lost."""
    case = OpenCase("undelivered", about.person.number)
    return back_to(view, about, (Say("handoff.undelivered", {"who": about.who}),), (case,))


def enrolment_reopened(view: View, what: EnrolmentReopened) -> Consequence:
    """Somebody of ours recorded the outcome by mistake: say so, and wait again; what was paid is never taken back."""
    about = speaking_of(view, what.person)
    enrolment = about.person.enrolment
    if enrolment is None or enrolment.reference != what.enrolment or enrolment.paid or enrolment.state not in RECORDED:
        return Consequence(view)
    if enrolment.reason == "already_member":
        about = about.with_answers({"condition": None})
    waits = replace(enrolment, state="waiting", kpj="", bill=None, reason="")
    about = about.with_person(replace(about.person, enrolment=waits))
    return back_to(view, about, (Say("handoff.reopened", {"who": about.who}),))


RECORDED = ("accepted", "refused")
REFUSALS = ("already_member", "age", "identity")
OUTCOMES = {"accepted": accepted, "waiting": waiting, "refused": refused, "undelivered": undelivered}


# --- bills and payments ----------------------------------------------------------------------------------------------


def bill_issued(view: View, what: BillIssued) -> Consequence:
    """A new code to pay with; months that a sponsor pays whole bring none, their payment is told in a moment."""
    about = speaking_of(view, what.person)
    if about.person.enrolment is None or not what.bill.total:
        return Consequence(view)
    about = with_enrolment(about, bill=what.bill)
    return with_qris(back_to(view, about, receipt.to_pay(about)), about)


def with_qris(done: Consequence, about: View) -> Consequence:
    """The code to pay with as a picture too, where the backend sent one."""
    bill = cover.open_bill(about)
    return done._replace(paper=papers.about(about, "qris")) if bill and bill.qris else done


def bill_paid(view: View, what: BillPaid) -> Consequence:
    """A payment was recorded: from when what holds. The same payment told again changes nothing."""
    about = speaking_of(view, what.person)
    enrolment = about.person.enrolment
    months = months_from(what.first, what.months)
    if enrolment is None or what.code in enrolment.settled:
        return Consequence(view)
    if set(months) <= set(enrolment.paid):
        return paid_twice(view, about, what)
    paid = tuple(sorted({*enrolment.paid, *months}))
    left = still_open(enrolment, what.code, paid)
    about = with_enrolment(about, bill=left, paid=paid, settled=settled(enrolment, what))
    template = letter(view, "payment_received", months=len(months), first=months[0])
    done = back_to(view, cover.on_terms_of(about, months[-1]), receipt.paid(about, months, what))
    return done._replace(template=template)


def still_open(enrolment: Enrolment, code: str, paid: tuple[Month, ...]) -> Bill | None:
    """The bill that is left to pay: not the one just paid, nor one for months that are paid now."""
    bill = enrolment.bill
    if bill is None or bill.code == code or set(months_from(bill.first, bill.months)) & set(paid):
        return None
    return bill


def settled(enrolment: Enrolment, what: BillPaid) -> tuple[str, ...]:
    """The codes of the last payments, this one among them."""
    return (*enrolment.settled, what.code)[-PAYMENTS_KNOWN:]


def paid_twice(view: View, about: View, what: BillPaid) -> Consequence:
    """Money came for months that were paid already: say so, and have staff see where it goes."""
    about = with_enrolment(about, settled=settled(enrolment_of(about), what))
    case = OpenCase("paid_twice", about.person.number, what.code)
    return back_to(view, about, receipt.paid_twice(about, what), (case,))


def bill_expired(view: View, what: BillExpired) -> Consequence:
    """A code ran out: say so once, and offer a new one."""
    about = speaking_of(view, what.person)
    enrolment = about.person.enrolment
    if enrolment is None or enrolment.bill is None or enrolment.bill.code != what.code:
        return Consequence(view)
    return back_to(view, with_enrolment(about, bill=None), (Say("bill.expired", {"who": about.who}),))


# --- the clock and faults ---------------------------------------------------------------------------------------------


def reminder_due(view: View, what: ReminderDue) -> Consequence:
    """Remind somebody who agreed to it, unless the month was paid meanwhile."""
    about = speaking_of(view, what.person)
    template = letter(view, "payment_due", month=what.month, due=due(what.month).value)
    done = nudging.reminded(view, about, what)
    if done.instead is None:
        return done
    # In a guarded chat only `says` is told, in other words, and there the template speaks for those.
    return done._replace(instead=replace(done.instead, template=template), template=template)


def broadcast_due(view: View, what: BroadcastDue) -> Consequence:
    """Say what staff wrote to many."""
    return news.told(view, what)


def anniversary(view: View, what: Anniversary) -> Consequence:
    """Tell who agreed to be written to for how long they are covered, and what their family has by it."""
    about = speaking_of(view, what.person)
    enrolment = about.person.enrolment
    years = cover.standing(about).years(what.month) if what.month == about.month else 0
    wanted = about.answers.get("remind") is True
    if enrolment is None or enrolment.reference != what.enrolment or not wanted or not years:
        return Consequence(view)
    told = Say("anniversary.told", {"who": about.called, "years": years})
    done = back_to(view, about, (*receipt.simulation(view), told, *family.told(about)))
    return done._replace(paper=papers.about(about, "family"))


def sponsor_found(view: View, what: SponsorFound) -> Consequence:
    """Tell a member that somebody pays from now on; months that leave nothing to pay are asked for at once, but not for
    who has lapsed, and perhaps meant to: they may."""
    about = speaking_of(view, what.person)
    held, now = about.person.enrolment, cover.standing(about)
    first = now.next
    needless = what.sponsor.cohort in view.facts.full or sponsoring.paying(about, first) is not None
    if held is None or held.reference != what.enrolment or needless or not what.sponsor.covers(first):
        return Consequence(view)
    about, told, *_ = sponsoring.taken_on(about, what.sponsor)
    effects: tuple[RequestBill, ...] = ()
    if sponsoring.is_free(about, first) and now.state != "inactive":
        # The code that was open is for months that are paid for now: when it runs out nobody need hear of it.
        about = with_enrolment(about, bill=None)
        about, asked = pay.requested(about, first, sponsoring.months(about, first))
        effects = (asked,)
    return back_to(view, about, (*receipt.simulation(view), *told), effects)


def draft_expired(view: View, _: DraftExpired) -> Consequence:
    """Forget a chat that was left, unless somebody came back or something was handed on or paid meanwhile."""
    handed_on = [person.enrolment for person in view.session.people if person.enrolment]
    kept = dt.timedelta(days=MEMBER_DAYS if handed_on else DRAFT_DAYS)
    last = view.session.last_at
    covered = any(Month.of(view.now - kept) <= month for enrolment in handed_on for month in enrolment.paid)
    if covered or last is None or view.now - last < kept:
        return Consequence(view)
    return Consequence(emptied(view), (), (EraseChat(),))


def faulted(view: View, what: Faulted) -> Consequence:
    """Something of ours broke: an apology, and staff are told; the answers so far are kept."""
    return Consequence(view, (Say("faulted"),), (OpenCase("fault", view.session.current, what.error),))


def only_noted(view: View, _: Left | CameBack) -> Consequence:
    """Whether we can reach the worker is written down; the talk goes on where it was."""
    return Consequence(view)


def number_changed(view: View, what: NumberChanged) -> Consequence:
    """Follow to the new number, and ask for the birth date there before anything personal is shown (law 8)."""
    return guard.number_changed(view)._replace(effects=(FollowNumber(what.address),))


def news_wanted(view: View, what: NewsWanted) -> Consequence:
    """Keep what the worker told the messenger about broadcasts; a no there is a no to us, too."""
    if not what.wanted:
        return news.stopped(view)._replace(says=())
    return Consequence(view, (), (RecordConsent(0, "broadcast", CONSENT_VERSION, what.wanted),))


# --- whom it is about ------------------------------------------------------------------------------------------------


def speaking_of(view: View, number: int) -> View:
    """The same moment, seen with the person an event is about."""
    return view.having(current=number)


def back_to(view: View, about: View, says: tuple[Say, ...] = (), effects: tuple[Any, ...] = ()) -> Consequence:
    """Go on with the person the chat spoke for; if it was the same one, in the flow that is theirs now."""
    number = view.session.current
    if about.person.number == number and not aside(view):
        return Consequence(about.having(flow=main_flow(about.person)), says, effects)
    return Consequence(about.having(current=number, reopened=view.session.reopened), says, effects)


def enrolment_of(view: View) -> Enrolment:
    """The enrolment of a person that has one."""
    enrolment = view.person.enrolment
    if enrolment is None:
        raise LookupError("nothing was handed on for this person")
    return enrolment


def with_enrolment(view: View, **changes: Any) -> View:
    """The same moment with the person's enrolment changed."""
    return view.with_person(replace(view.person, enrolment=replace(enrolment_of(view), **changes)))


HAPPENED: dict[type, Callable[[View, Any], Consequence]] = {
    IdentityChecked: identity_checked,
    KtpRead: photo.was_read,
    EnrolmentAnswered: enrolment_answered,
    EnrolmentReopened: enrolment_reopened,
    BillIssued: bill_issued,
    BillPaid: bill_paid,
    BillExpired: bill_expired,
    Continued: continued,
    CodeRefused: code_refused,
    StaffSaid: guard.staff_said,
    StaffProposes: proposing.staff_proposed,
    StaffLeads: proposing.staff_led,
    CaseMode: casework.mode_set,
    StaffOpens: casework.staff_opened,
    CaseClosed: guard.case_closed,
    AgencyDecided: agency.decided,
    FormDecided: on_paper.decided,
    SignedOnPaper: on_paper.signed,
    AgentNudges: prodding.nudged,
    ReminderDue: reminder_due,
    BroadcastDue: broadcast_due,
    Anniversary: anniversary,
    SponsorFound: sponsor_found,
    DraftExpired: draft_expired,
    Faulted: faulted,
    Left: only_noted,
    CameBack: only_noted,
    NumberChanged: number_changed,
    NewsWanted: news_wanted,
}
KINDS = tuple(HAPPENED)
