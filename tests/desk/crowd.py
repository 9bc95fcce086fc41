"""Many workers who wait at once."""

from __future__ import annotations

import asyncio

from conversations.messages import Address, Incoming, Text
from tests.desk.office import Office

REASONS = ("petugas", "suami saya meninggal kecelakaan waktu kerja", "petugas", "petugas", "saya mau komplain")


async def crowd(office: Office, n: int) -> None:
    """Let so many workers come and call for somebody."""
    for text in ("halo", ""):
        await asyncio.gather(*(_says(office, worker, text or REASONS[worker % len(REASONS)]) for worker in range(n)))


async def _says(office: Office, worker: int, text: str) -> None:
    address = Address("web", "jamin", f"crowd-{worker}")
    await office.turns.take(Incoming(address, f"{worker}-{text}", Text(text)))
