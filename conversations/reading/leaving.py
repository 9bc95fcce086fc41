"""Whether somebody says that their contract is over or that they want their JHT: told as a plan, not asked about."""

from __future__ import annotations

import datetime as dt
import re

from conversations.reading.question import is_question
from conversations.reading.reading import Reading

_LONGEST = 12
"""Words; more is a story, which is not read as a wish."""

_WISH = r"(?:mau|mw|ingin|pengen|pengin|pgn|pingin|niat|hendak|minta|bantu|tolong|arep|hoyong|rek)"
_TAKE = r"(?:\w*(?:cair|nyair)\w*|ambil|ngambil|mengambil|tarik|narik|klaim|\w*claim)"
_JHT = r"(?:jht|jaminan hari tua|tabungan hari tua|saldo jht)"
_CASH_OUT = re.compile(rf"\b{_WISH}\b.*\b{_TAKE}\b.*\b{_JHT}\b|^{_TAKE} (?:saldo )?{_JHT}\b")
_OVER = re.compile(
    r"\bkontrak(?:ku|nya)?(?: kerja)?(?: saya| aku| sy| ku)? ?(?:sudah|udah|udh|dah|baru|mau|akan|bulan ini)? "
    r"?(?:habis|abis|selesai|berakhir|putus|gak diperpanjang|tidak diperpanjang)\b"
    r"|\b(?:habis|abis|putus|selesai) kontrak\b"
    r"|\b(?:kena|baru|habis|abis|di) ?phk\b|\bdi-phk\b"
    r"|\b(?:saya|aku|sy) (?:baru |sudah |udah |habis |abis )?(?:resign|mengundurkan diri|berhenti kerja|keluar kerja"
    r"|dipecat|dirumahkan)\b"
)


def read_leaving(text: str, today: dt.date) -> Reading:
    """Read "jht" where somebody wants to take it out, "contract" where a wage earner's work is over; else nothing."""
    said = " ".join(text.lower().split())
    if len(said.split()) > _LONGEST or is_question(text):
        return Reading()
    if _CASH_OUT.search(said):
        return Reading(value="jht")
    return Reading(value="contract") if _OVER.search(said) else Reading()
