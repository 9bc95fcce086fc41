"""Carrying hand-offs to the enrolment backend, and its answers back as incomings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from bot.backend import Backend
from bot.backend.client import HttpBackend
from bot.backend.errors import BackendRejected, BackendUnauthorised, BackendUnavailable
from bot.backend.shapes import Consent, Order, PersonData, Terms
from bot.outbox import GoneError, RefusedError, UnreachableError, answer_id
from conversations import effects
from conversations.effects import CheckIdentity, RequestBill, SimulatePayment, SubmitEnrolment
from conversations.messages import BillIssued, EnrolmentAnswered, IdentityChecked, Incoming, What
from storage.deliveries import Delivery

AWAITS_A_FIX = 300.0
"""Seconds until a hand-off is tried again that the backend refused for our secret: staff have to put that right."""


class HandOffSender:
    """Sends the hand-offs of the outbox to one backend."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def send(self, delivery: Delivery) -> Incoming | None:
        """Carry one hand-off; see `outbox.Sender` for what it raises."""
        with _wire_faults():
            answer = await CARRIERS[type(delivery.what)](self._backend, delivery.what, delivery.idempotency or "")
        return Incoming(delivery.address, answer_id(delivery), answer) if answer else None


@contextmanager
def _wire_faults() -> Iterator[None]:
    """Say in the outbox's words what the client says in the backend's."""
    try:
        yield
    except BackendUnavailable as error:
        if not error.known:
            raise UnreachableError from error
        raise RefusedError(error.retry_after or 0.0) from error
    except BackendUnauthorised as error:
        raise RefusedError(AWAITS_A_FIX) from error
    except BackendRejected as error:
        raise GoneError from error


async def check_identity(backend: Backend, effect: CheckIdentity, key: str) -> What:
    """Ask whether somebody's data is right."""
    verdict = await backend.check_identity(person_data(effect.data), key)
    return IdentityChecked(effect.person, effect.digest, verdict.verdict, tuple(verdict.fields))


async def submit(backend: Backend, effect: SubmitEnrolment, key: str) -> What:
    """Enrol somebody."""
    outcome = await backend.enrol(order(effect), key)
    return EnrolmentAnswered(
        effect.person, effect.enrolment, outcome.outcome, outcome.kpj, outcome.bill, outcome.reason
    )


async def request_bill(backend: Backend, effect: RequestBill, key: str) -> What | None:
    """Ask for a new bill; where an operator makes it there is no answer yet."""
    bill = await backend.issue_bill(effect.enrolment, terms(effect.order), key)
    return BillIssued(effect.person, effect.enrolment, bill) if bill else None


async def simulate_payment(backend: Backend, effect: SimulatePayment, key: str) -> None:
    """Pay in the simulation; that it was paid is told by the backend's webhook, as in real life."""
    if isinstance(backend, HttpBackend):
        await backend.simulate_payment(effect.code, key)


CARRIERS: dict[type, Callable[[Backend, Any, str], Awaitable[What | None]]] = {
    CheckIdentity: check_identity,
    SubmitEnrolment: submit,
    RequestBill: request_bill,
    SimulatePayment: simulate_payment,
}


# --- in the backend's shapes -----------------------------------------------------------------------------------------


def person_data(data: dict[str, str]) -> PersonData:
    """Give somebody's answers as the backend wants them."""
    return msgspec.convert(data, PersonData)


def terms(wanted: effects.Order) -> Terms:
    """Give what is to be billed as the backend wants it."""
    chosen: Any = tuple(wanted.programmes)
    payer: Any = wanted.payer
    return Terms(chosen, wanted.base, wanted.first, wanted.months, payer, wanted.share)


def order(effect: SubmitEnrolment) -> Order:
    """Give a hand-off as the backend wants it."""
    wanted = effect.order
    return Order(
        reference=effect.enrolment,
        person=person_data(effect.data),
        occupation=wanted.occupation,
        sector=wanted.sector,  # type: ignore[arg-type]
        payer=wanted.payer,  # type: ignore[arg-type]
        terms=terms(wanted),
        consent=Consent(effect.consent_version, effect.consented_at),
    )
