"""What stands on a KTP, as it was read from a picture."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

ADVICE = ("dark", "screen", "photocopy", "glare", "blurred", "small", "cropped", "not_ktp")
"""What may be wrong with a picture on which no NIK can be read: "screen" is a photo of one, "small" one with too few
pixels, "cropped" one where the NIK is missing or hidden."""


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """The fields of a card, "" for what was not read: `birth_date` as ISO text, `sex` "male" or "female",
    `home_region` the code of the regency. `doubts` names fields that are suggested only."""

    nik: str = ""
    name: str = ""
    birth_place: str = ""
    birth_date: str = ""
    sex: str = ""
    address: str = ""
    home_region: str = ""
    doubts: tuple[str, ...] = ()


class Seen(NamedTuple):
    """What a picture gave: the card, or `advice` (one of `ADVICE`) for a better picture where there is no NIK."""

    card: Card
    advice: str = ""
