"""The wish to go on elsewhere ("pindah ke WA"), and the code that is typed there.

A code is four consonants and five digits: it spells no word, and no letter can be taken for a digit.
"""

from __future__ import annotations

import re

from conversations.reading.spelling import vocabulary

LETTERS = "BCDFGHJKLMNPQRTVWXYZ"
"""The letters of a code, in capitals."""
LETTERS_IN_CODE, DIGITS_IN_CODE = 4, 5

_LONGEST = 60
_CODE = re.compile(rf"(?:(?:kode|pindah)[\s:_-]*)?([{LETTERS}]{{4}})[\s-]?(\d{{5}})\s*", re.IGNORECASE | re.ASCII)
_GO = vocabulary("pindah pindahin pindahkan dipindah lanjut lanjutkan lanjutin dilanjut teruskan terusin sambungkan")
_WHERE = vocabulary(
    "wa whatsapp whatapps watsap wasap telegram tele tg web website hp hape laptop komputer kanal aplikasi"
)
_BESIDE = vocabulary(
    "saya aku mau minta bisa boleh dong ya kak min di ke dari lewat pakai pake via chat obrolan obrolannya ini itu "
    "lain yang yg satu satunya sebelah baru kode kodenya sini saja aja"
)
_ALONE = vocabulary("pindah pindahin pindahkan")


def wants_to_move(text: str) -> bool:
    """Tell whether a message, as a whole, asks to go on in another channel or on another phone."""
    said = set(re.findall(r"[a-z]+", text.lower())) if len(text) <= _LONGEST else set()
    if not said & _GO or not said <= _GO | _WHERE | _BESIDE:
        return False
    return bool(said & _WHERE) or bool(said & _ALONE)


def code_in(text: str) -> str | None:
    """Return the code that a message is, in capitals and without gaps; None for any other message."""
    found = _CODE.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    return (found[1] + found[2]).upper() if found else None


def spelled(code: str) -> str:
    """Write a code the way it is read easily: "KTMR 47391"."""
    return f"{code[:LETTERS_IN_CODE]} {code[LETTERS_IN_CODE:]}"
