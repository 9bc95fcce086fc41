"""Many workers who wait at once."""

from __future__ import annotations

import asyncio

from conversations.messages import Address, Incoming, Text
from tests.desk.office import Office

CALLS = (
    ("petugas",),
    ("suami saya meninggal kecelakaan waktu kerja",),
    ("petugas",),
    ("petugas",),
    ("saya mau komplain", "belum dibalas"),
)


async def crowd(office: Office, n: int) -> None:
    """Let so many workers come and call for somebody."""
    for turn in range(3):
        said = {worker: ("halo", *CALLS[worker % len(CALLS)])[turn : turn + 1] for worker in range(n)}
        await asyncio.gather(*(_says(office, worker, text) for worker, texts in said.items() for text in texts))


async def _says(office: Office, worker: int, text: str) -> None:
    address = Address("web", "jamin", f"crowd-{worker}")
    await office.turns.take(Incoming(address, f"{worker}-{text}", Text(text)))
