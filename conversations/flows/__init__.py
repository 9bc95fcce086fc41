"""All flows by name. To change a question, open the flow's file; to change its words, the catalogue in locales/."""

from conversations.flow import Flow
from conversations.flows.agency import AGENCY
from conversations.flows.apply import APPLY
from conversations.flows.enrolment import ENROLMENT
from conversations.flows.explain import EXPLAIN
from conversations.flows.guard import GUARD
from conversations.flows.membership import MEMBERSHIP
from conversations.flows.moving import OCCUPIED
from conversations.flows.people import PEOPLE
from conversations.flows.privacy import ERASE, WITHDRAW
from conversations.flows.restart import RESTART
from conversations.flows.stop import STOP

FLOWS: dict[str, Flow] = {
    flow.name: flow
    for flow in (
        ENROLMENT,
        MEMBERSHIP,
        PEOPLE,
        ERASE,
        WITHDRAW,
        RESTART,
        STOP,
        GUARD,
        EXPLAIN,
        OCCUPIED,
        APPLY,
        AGENCY,
    )
}
