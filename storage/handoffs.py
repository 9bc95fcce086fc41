"""Hand-offs: what goes to the enrolment backend, in order per enrolment and with a key that makes it once only."""

from __future__ import annotations

import uuid

from conversations.effects import CheckIdentity, HandOff, ReadKtp, Redeem, RequestBill, SimulatePayment, SubmitEnrolment

LANE = "handoff"
CHANNEL = "backend"
MOVING = "moving"
"""Where codes are looked up: within this program, but outside of the turn."""
READING = "reading"
"""Where pictures are read: within this program too, in a process of its own."""
_CARRIERS: dict[type, str] = {Redeem: MOVING, ReadKtp: READING}


def channel(effect: HandOff) -> str:
    """Return who carries a hand-off."""
    return _CARRIERS.get(type(effect), CHANNEL)


def of_person(person: int) -> tuple[str, ...]:
    """Return the order keys of what concerns a person who is not enrolled yet."""
    return f"person {person}", f"photo {person}"


def order_key(effect: HandOff) -> str:
    """Return what a hand-off must keep its place among: its enrolment, or the person while there is none."""
    match effect:
        case SubmitEnrolment() | RequestBill() | SimulatePayment():
            return f"enrolment {effect.enrolment}"
        case ReadKtp():
            # Not behind an identity check: a backend that is away must keep nobody from going on.
            return f"photo {effect.person}"
        case _:
            return f"person {effect.person}"


def idempotency(chat_ref: str, effect: HandOff) -> str:
    """Return the key under which the backend does this hand-off once, however often and it is asked."""
    return str(uuid.uuid5(uuid.UUID(chat_ref), "|".join(_identity(effect))))


def _identity(effect: HandOff) -> tuple[str, ...]:
    match effect:
        case CheckIdentity():
            return "identity", str(effect.person), effect.digest
        case SubmitEnrolment():
            return "submit", effect.enrolment
        case RequestBill():
            return "bill", effect.enrolment, str(effect.request)
        case SimulatePayment():
            return "pay", effect.enrolment, effect.code
        case Redeem():
            return "redeem", str(effect.asking)
        case ReadKtp():
            return "ktp", str(effect.person), effect.ref
        case _:
            raise TypeError(f"a hand-off without a key: {type(effect).__name__}")
