"""All flows by name. To change a question, open the flow's file; to change its words, the catalogue in locales/."""

from conversations.flow import Flow
from conversations.flows.agency import AGENCY
from conversations.flows.apply import APPLY
from conversations.flows.claim import CLAIM
from conversations.flows.complaint import COMPLAINT
from conversations.flows.enrolment import ENROLMENT
from conversations.flows.explain import EXPLAIN
from conversations.flows.guard import GUARD
from conversations.flows.membership import MEMBERSHIP
from conversations.flows.moving import OCCUPIED
from conversations.flows.pay import PAY
from conversations.flows.people import PEOPLE
from conversations.flows.places import PLACES
from conversations.flows.privacy import ERASE, WITHDRAW
from conversations.flows.restart import RESTART
from conversations.flows.stay import STAY
from conversations.flows.stop import STOP
from conversations.flows.terms import TERMS

BESIDE = (
    *(PAY, TERMS, PLACES, CLAIM, COMPLAINT, STAY),
    *(PEOPLE, ERASE, WITHDRAW, RESTART, STOP, GUARD, EXPLAIN, OCCUPIED),
    *(APPLY, AGENCY),
)
"""The flows that open over a main one and close again."""

FLOWS: dict[str, Flow] = {flow.name: flow for flow in (ENROLMENT, MEMBERSHIP, *BESIDE)}
