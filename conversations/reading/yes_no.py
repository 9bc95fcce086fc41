"""Yes and no, in the forms people use: informal, abbreviated and regional.

A message is a yes or a no only when *all* its words say so. Whatever carries more ("iya, alamatnya pindah"), doubts
("iya kali") or denies twice ("bukan tidak mau") is neither.
"""

from __future__ import annotations

import datetime as dt

from conversations.reading.reading import Reading
from conversations.reading.spelling import plain, vocabulary

_LONGEST = 60
_SIGNS = {**dict.fromkeys("👍👌✅✔☑🆗💯🙆⭕", True), **dict.fromkeys("👎❌✖🚫🙅❎", False)}
_SKIN_AND_STYLE = {ord(c): None for c in "🏻🏼🏽🏾🏿\ufe0f\ufe0e \u200d♂♀"}
_PHRASES = {
    ("mengapa", "tidak"): True,
    ("cukup", "baik"): True,
    ("cukup", "bagus"): True,
    ("tidak", "tidak"): False,
    ("bukan", "bukan"): False,
    ("jangan", "jangan"): False,
    ("of", "course"): True,
}
_YES = frozenset({"ya", "benar", "baik", "maju", "boleh", "mau", "setuju", "bagus", "sudah", "tentu", "memang"})
_ALL_YES = _YES | {"saya", "sepertinya", "sangat", "terima", "itu", "kasih", "semua", "semuanya", "data", "datanya"}
_NO = frozenset({"tidak", "bukan", "jangan", "belum", "kurang"})
_BEFORE_NO = frozenset({"saya", "sepertinya", "tentu", "memang", "itu", "jelas", "o"})
_AFTER_NO = vocabulary(
    "saya memang mau setuju akan terlalu begitu mungkin juga yakin tentu sama boleh benar dulu bersedia "
    "berminat minat tertarik tertarek suka butuh pernah punya ada menarik bagus baik cocok itu dah sudah "
    "sekarang terima ah"
)


def read_yes_no(text: str, today: dt.date) -> Reading:
    """True for yes, False for no, nothing for anything else; `problem` is "empty" for a blank message."""
    if len(text) > _LONGEST:
        return Reading()
    if not text.strip():
        return Reading(problem="empty")
    said = plain(text)
    if not said:
        return Reading(value=_sign(text))
    return Reading(value=_answer(said, asked="?" in text))


def _sign(text: str) -> bool | None:
    signs = {_SIGNS.get(c) for c in text.translate(_SKIN_AND_STYLE)}
    return signs.pop() if len(signs) == 1 else None


def _answer(said: tuple[str, ...], asked: bool) -> bool | None:
    if said in _PHRASES:
        return _PHRASES[said]
    if asked:
        return None
    if _ALL_YES.issuperset(said) and not _YES.isdisjoint(said):
        return True
    return False if _denies(said) else None


def _denies(said: tuple[str, ...]) -> bool:
    places = [i for i, word in enumerate(said) if word in _NO]
    if len(places) != 1:
        return False
    before, after = said[: places[0]], said[places[0] + 1 :]
    if said[places[0]] == "kurang" and not after:
        return False
    return _BEFORE_NO.issuperset(before) and _AFTER_NO.issuperset(after)
