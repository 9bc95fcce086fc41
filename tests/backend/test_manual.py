"""The manual backend, and that all backends are called alike."""

from __future__ import annotations

from bot.backend import Backend
from bot.backend.manual import ManualBackend
from bot.backend.shapes import Outcome, Requirements, Verdict
from tests.backend.running import Running, order, person


async def test_an_operator_will_record_it() -> None:
    """The manual backend answers at once, that nobody can check now and that everything else waits for people."""
    manual, made = ManualBackend(), order()
    assert await manual.requirements() == Requirements()
    assert await manual.check_identity(person(), "key") == Verdict("unavailable")
    assert await manual.enrol(made, "key") == Outcome("waiting", made.reference)
    assert await manual.issue_bill(made.reference, made.terms, "key") is None
    assert await manual.enrolment(made.reference) is None
    assert await manual.events(0) == ()


async def test_every_backend_keeps_one_shape(reference: Running) -> None:
    """What a caller may ask is the same of a machine and of people, and asking twice with one key gives one answer."""
    backends: tuple[Backend, ...] = (ManualBackend(), reference.backend)
    for backend in backends:
        made = order()
        assert set(Requirements().fields) <= set((await backend.requirements()).fields)
        assert await backend.check_identity(made.person, "check") == await backend.check_identity(made.person, "check")
        first = await backend.enrol(made, "enrol")
        assert await backend.enrol(made, "enrol") == first
        assert first.outcome in ("accepted", "waiting")
        assert await backend.events(10_000) == ()
