"""How somebody gets from hello to a receipt, as one table: each question and how it is answered."""

from __future__ import annotations

from typing import NamedTuple


class Somebody(NamedTuple):
    """An invented worker, as they type it."""

    nik: str
    name: str
    phone: str


BUDI = Somebody("3273 0117 0890 0001", "Budi Santoso", "0812 3456 7890")
SITI = Somebody("3273 0157 0892 0003", "Siti Aminah", "0813 3456 7891")
FIRST_BUTTON = "*"
"""Stands for the first button under a question, where what it carries depends on earlier answers."""


class Move(NamedTuple):
    """What a worker does at a question: types `text`, or taps `option`."""

    step: str
    option: str = ""
    text: str = ""


ELIGIBLE = (
    Move("occupation", "ojek_online"),
    Move("earning", "own"),
    Move("condition", "fits"),
    Move("income", "third"),
    Move("plan", "two"),
    Move("consent", "yes"),
)
"""From the occupation to the consent, in as few taps as it takes."""


def data(somebody: Somebody) -> tuple[Move, ...]:
    """The data demanded, up to the review."""
    return (
        Move("nik", text=somebody.nik),
        Move("name", text=somebody.name),
        Move("birth_date", FIRST_BUTTON),
        Move("phone", text=somebody.phone),
    )


def whole(somebody: Somebody) -> tuple[Move, ...]:
    """Everything from the first question to the clear yes."""
    return (Move("whom", "self"), *ELIGIBLE, *data(somebody), Move("review", "yes"))


def worker(number: int) -> Somebody:
    """One of many, each with a NIK and a phone number of their own."""
    return Somebody(f"32730117089{number:05d}", "Budi Santoso", f"08123456{number:04d}")
