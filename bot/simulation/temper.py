"""What kind of person somebody is: where they stop, what they refuse, what they get wrong, whether they pay."""

from __future__ import annotations

import random
from typing import NamedTuple

from bot.simulation.acting import DAY, HOUR, MINUTE
from bot.simulation.shares import Weighted, any_of, one_of

STOPS: Weighted[str] = (
    (66, ""),
    (7, "whom"),
    (4, "occupation"),
    (2, "earning"),
    (1, "condition"),
    (5, "income"),
    (5, "plan"),
    (2, "consent"),
    (5, "nik"),
    (1, "birth_date"),
    (1, "phone"),
    (1, "review"),
)
"""The question at which people stop answering; most do not."""
COMES_BACK = 0.35
"""The share of those who stop that goes on a day later, with the KTP at hand or the family asked."""

EARNINGS: Weighted[str] = ((93, "own"), (3, "waged"), (3, "owner"), (1, "none"))
CONDITIONS: Weighted[str] = (
    (950, "fits"),
    (20, "was_member"),
    (12, "member"),
    (6, "over_64"),
    (6, "under_18"),
    (6, "no_ktp"),
)

WITH_SAVINGS = 0.40
REFUSES = 0.03
LETS_AGENT_SEE = 0.7
WANTS_REMINDERS = 0.75
DECLINES_AGENT = 0.01
SLIPS = 0.06
"""How likely an answer is first given in a way that cannot be read."""
ASKS = 0.08
WANTS_STAFF = 0.01
STAYS = 0.85
"""How likely a member pays the next month too: one in five of those who join is left at the end of the year."""

PAYS: Weighted[float] = (
    (44, 2 * MINUTE),
    (10, 5 * HOUR),
    (10, 1.2 * DAY),
    (6, 3 * DAY),
    (4, 8 * DAY),
    (26, 0.0),
)
"""How many seconds after the receipt the first contribution is paid; 0 for never. A code is good for seven days."""
MONTHS: Weighted[str] = ((90, "1"), (7, "3"), (2, "6"), (1, "12"))

UNREADABLE = {
    "occupation": ("ya gitu lah kak", "pokoknya apa aja hayuk"),
    "income": ("lumayan lah", "ga nentu kak"),
    "plan": ("hmm gimana ya", "yang bagus yang mana"),
    "consent": ("hmm", "nanti dulu ya kak"),
    "nik": ("327301170890", "bentar kak"),
    "name": ("budi99", "..."),
    "birth_date": ("31 februari 1990", "lupa"),
    "phone": ("0812", "ga hafal"),
    "review": ("hmm", "bentar dicek"),
}
"""What people answer before they answer."""

QUESTIONS = (
    "emang jkk itu apa?",
    "ini penipuan bukan?",
    "kalau telat bayar gimana?",
    "klaimnya susah ga?",
    "bayarnya di mana?",
    "jht bisa diambil kapan?",
    "gratis kan?",
    "perlu fotokopi ktp ga?",
)


class Temper(NamedTuple):
    """How somebody goes through the chat; steps are named as the form names them."""

    stops_at: str
    comes_back: bool
    earning: str
    condition: str
    savings: bool
    refuses: bool
    lets_agent_see: bool
    wants_reminders: bool
    declines_agent: bool
    slips_at: frozenset[str]
    asks_at: str
    question: str
    wants_staff: bool
    pays_after: float
    months: str


def drawn(chance: random.Random) -> Temper:
    """Draw a temper."""
    return Temper(
        stops_at=one_of(chance, STOPS),
        comes_back=chance.random() < COMES_BACK,
        earning=one_of(chance, EARNINGS),
        condition=one_of(chance, CONDITIONS),
        savings=chance.random() < WITH_SAVINGS,
        refuses=chance.random() < REFUSES,
        lets_agent_see=chance.random() < LETS_AGENT_SEE,
        wants_reminders=chance.random() < WANTS_REMINDERS,
        declines_agent=chance.random() < DECLINES_AGENT,
        slips_at=frozenset(step for step in UNREADABLE if chance.random() < SLIPS),
        asks_at=any_of(chance, tuple(UNREADABLE)) if chance.random() < ASKS else "",
        question=any_of(chance, QUESTIONS),
        wants_staff=chance.random() < WANTS_STAFF,
        pays_after=one_of(chance, PAYS),
        months=one_of(chance, MONTHS),
    )
