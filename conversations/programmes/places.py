"""Where to pay, where to ask and check, and the sites of schemes that are not ours.

Messenger numbers of BPJS Ketenagakerjaan are left out: those found are years old, and other people's numbers go round.
"""

from __future__ import annotations

from typing import NamedTuple

from conversations.programmes.fact import Fact
from conversations.programmes.sources import BROCHURE, PROGRAMMES_SITE


class Places(NamedTuple):
    """Names of places to pay at, by kind, as their signs say."""

    banks: tuple[str, ...]
    wallets: tuple[str, ...]
    shops: tuple[str, ...]


class Way(NamedTuple):
    """How one place is paid at: what to tap there, in its own words, one after the other, and what it then asks for:
    "nik" or "number" (the member's number, or the one the app names)."""

    menu: tuple[str, ...]
    asks: str


PAY_AT = Fact(
    Places(
        banks=("BNI", "Livin' by Mandiri", "BSI", "BCA mobile", "BTN", "BRImo", "Bank bjb", "BRILink"),
        wallets=("LinkAja", "ShopeePay", "DANA", "OVO", "GoPay", "QRIS", "Grab", "Gojek"),
        shops=("Alfamart", "Dan+Dan"),
    ),
    BROCHURE,
    "S",
)
"""Some of them, not all."""

_KOMPAS_2023 = "Kompas 2023-08-29 from bpjsketenagakerjaan.go.id"

WAYS = {
    "BNI": Fact(
        Way(("Pembayaran", "BPJS Ketenagakerjaan", "Bukan Penerima Upah (BPU)", "Input Baru"), "nik"), _KOMPAS_2023, "S"
    ),
    "Livin' by Mandiri": Fact(Way(("Bayar", "BPJS", "BPJSTK Iuran BPU/PMI"), "nik"), _KOMPAS_2023, "S"),
    "LinkAja": Fact(
        Way(("Lainnya", "BPJS", "BPJS Ketenagakerjaan"), "nik"), "batam.tribunnews.com 2023-10-03 from Kompas", "S"
    ),
    "DANA": Fact(Way(("Lihat Semua", "Tagihan", "BPJS Ketenagakerjaan"), "number"), "consensusg.com", "S"),
}
"""The way through a place's app, where one was found. Apps change, so each is told as "biasanya"."""

PAY_WITH = Fact(("nik", "payment_code"), "BCA flow (tribunnews 2020-10-31), GoPay (Kompas 2024-04-13)", "C-3")
"""Some apps ask for the NIK, others for the code of the bill."""

REGISTER_AT = Fact(
    ("bpjsketenagakerjaan.go.id/bpu", "JMO", "branch", "perisai"), f"{BROCHURE}; {PROGRAMMES_SITE}", "C-4"
)

CALL_CENTRE = Fact("175", f"bpjsketenagakerjaan.go.id; {BROCHURE}", "C-6")
SITE = Fact("https://www.bpjsketenagakerjaan.go.id", f"{BROCHURE}; {PROGRAMMES_SITE}", "C-2")
BPU_SITE = Fact("https://www.bpjsketenagakerjaan.go.id/bpu", f"{BROCHURE}; {PROGRAMMES_SITE}", "C-2")
MIGRANT_SITE = Fact("https://pmi.bpjsketenagakerjaan.go.id", PROGRAMMES_SITE, "C-2")
APP = Fact("JMO (Jamsostek Mobile)", f"{BROCHURE}; {PROGRAMMES_SITE}", "C-2")
"""Shows status, balance, digital card and claims; only from the phone's own shop."""
