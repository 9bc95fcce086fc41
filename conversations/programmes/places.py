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
