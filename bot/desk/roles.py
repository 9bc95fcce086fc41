"""Who may do what at the desk: one table for the code, the menu, the docs and the tests.

Every door of the desk (`bot/desk/doors.py`) names one act of this table. What is not in it nobody may do. The table in
docs/roles.md is this one; a test holds the two together, and another tries every role at every door.
"""

from __future__ import annotations

from typing import NamedTuple

OPERATOR, SUPERVISOR, EDITOR, AUDITOR, ADMINISTRATOR = ROLES = (
    "operator",
    "supervisor",
    "editor",
    "auditor",
    "administrator",
)

SECOND_FACTOR = frozenset(ROLES) - {OPERATOR}
"""The roles that must show a code of their phone besides the password."""

OPEN = "open"
"""The act of a door that needs nobody signed in: signing in itself, the desk's files."""
OWN = "own"
"""The act of a door to one's own account, which everybody signed in may use."""


class Right(NamedTuple):
    """An act, what it is, and the roles that may do it; `sure` asks who they are once more if that was a while ago."""

    act: str
    what: str
    roles: tuple[str, ...]
    sure: bool = False


_DESK = (OPERATOR, SUPERVISOR, ADMINISTRATOR)
_LEAD = (SUPERVISOR, ADMINISTRATOR)
_FIGURES = (SUPERVISOR, EDITOR, AUDITOR, ADMINISTRATOR)
_TEXTS = (SUPERVISOR, EDITOR, ADMINISTRATOR)
_TRAIL = (AUDITOR, ADMINISTRATOR)
_AGENTS = (SUPERVISOR, AUDITOR, ADMINISTRATOR)

RIGHTS = (
    Right("queue.see", "see the queue", _DESK),
    Right("case.see", "read a case and its chat, masked", _DESK),
    Right("case.claim", "take a case", _DESK),
    Right("case.assign", "give a case to another operator", _LEAD),
    Right("case.return", "hand a case back to the queue", _DESK),
    Right("case.reply", "answer the worker", _DESK),
    Right("case.note", "write a note that only staff see", _DESK),
    Right("case.correct", "offer the worker a correction of a field", _DESK),
    Right("case.lead", "send the worker into a flow", _DESK),
    Right("case.reveal", "see a masked field, with a reason", _DESK),
    Right("case.close", "close or reopen a case", _DESK),
    Right("search.use", "search by name, phone, NIK, KPJ or case number", _DESK),
    Right("canned.edit", "write canned replies", _TEXTS),
    Right("figures.see", "see the live figures of the queue", _FIGURES),
    Right("figures.export", "export the figures", _FIGURES),
    Right("monitor.see", "see the live monitor and take its figures away", _FIGURES),
    Right("monitor.aim", "set the targets of the monitor", _LEAD),
    Right("broadcasts.see", "see broadcasts and what came of them", _FIGURES),
    Right("broadcasts.write", "write a broadcast and try it out on one chat", _TEXTS),
    Right("broadcasts.send", "send a broadcast to many", _LEAD, sure=True),
    Right("broadcasts.stop", "stop a broadcast", _TEXTS),
    Right("reminders.see", "see what reminders change and cost", _FIGURES),
    Right("letters.see", "see what could not be delivered", _DESK),
    Right("letters.retry", "send one again", _DESK),
    Right("letters.sweep", "send all of a channel again, or give one up for good", _LEAD),
    Right("work.see", "see the work list and an enrolment, masked", _DESK),
    Right("work.key", "take an enrolment and record what came of it", _DESK),
    Right("work.reveal", "see an enrolment's data, with a reason", _DESK),
    Right("work.reopen", "take back a record made by mistake", _LEAD),
    Right("work.export", "export enrolments in clear for the official form", _LEAD, sure=True),
    Right("agents.see", "see who applied as an agent, who is one, and what looks odd", _AGENTS),
    Right("agents.decide", "approve, refuse, suspend or end an agent", _LEAD),
    Right("organisations.see", "see the organisations that agents belong to, and the campaigns", _AGENTS),
    Right("organisations.manage", "make, change and close organisations, begin and end campaigns", _LEAD),
    Right("forms.check", "look at forms signed by people without a phone, accept them or send them back", _DESK),
    Right("team.see", "see who works here", (SUPERVISOR, AUDITOR, ADMINISTRATOR)),
    Right("team.manage", "add, change, disable accounts and sign them out", (ADMINISTRATOR,), sure=True),
    Right("audit.read", "read the audit trail", _TRAIL),
)

_BY_ACT = {right.act: right for right in RIGHTS}
_ROLES_BY_ACT = {right.act: frozenset(right.roles) for right in RIGHTS} | {OWN: frozenset(ROLES)}


def may(role: str, act: str) -> bool:
    """Tell whether a role may do an act; nobody may do what is not in the table."""
    return role in _ROLES_BY_ACT.get(act, ())


def must_be_sure(act: str) -> bool:
    """Tell whether an act asks for the password or a code again if that was a while ago."""
    return act in _BY_ACT and _BY_ACT[act].sure
