"""Number words, Indonesian, regional and slang, turned into figures: "dua setengah juta" becomes "2,5 juta"."""

from __future__ import annotations

import re

_UNITS = (
    "nol", "satu siji hiji ciek", "dua loro rong ro duo", "tiga telu telung tilu tigo", "empat papat patang opat ampek",
    "lima limang limo", "enam nem enem genep anam", "tujuh pitu pitung tujuah", "delapan wolu wolung dalapan",
    "sembilan sanga sangang salapan sambilan",
)  # fmt: skip
_DIGITS = {word: number for number, said in enumerate(_UNITS) for word in said.split()}
_WHOLE = {
    "sepuluh": 10, "sapuluh": 10, "sapuluah": 10, "sebelas": 11, "sabelas": 11, "sewelas": 11, "selawe": 25,
    "seket": 50, "sewidak": 60, "seratus": 100, "saratus": 100, "satus": 100,
}  # fmt: skip
_GROUPS = {"belas": 1, "welas": 1, "puluh": 10, "puluah": 10, "ratus": 100, "atus": 100, "ratuih": 100}
_ALONE = {
    "seribu": "1 ribu", "serebu": "1 ribu", "sarebu": "1 ribu", "sewu": "1 ribu", "seceng": "1 ribu",
    "noceng": "2 ribu", "goceng": "5 ribu", "ceban": "10 ribu", "noban": "20 ribu", "goban": "50 ribu",
    "sejuta": "1 juta", "sejutaan": "1 juta", "sajuta": "1 juta", "cetiau": "1 juta", "gotiau": "5 juta",
    "semiliar": "1 miliar", "semilyar": "1 miliar", "setriliun": "1 triliun", "setrilyun": "1 triliun",
}  # fmt: skip
VAGUE = {"jigo": 25, "nocap": 20, "gocap": 50, "cepek": 100, "pego": 150, "nopek": 200, "gopek": 500}
"""Slang for a number or for as many thousand, whichever the talk is about; before "ceng" or "ribu" it is the number."""


def _any(*tables: object) -> str:
    return "|".join(sorted((word for table in tables for word in table), key=len, reverse=True))  # type: ignore[attr-defined]


_GROUP = re.compile(rf"(?P<whole>{_any(_WHOLE)})|(?P<digit>{_any(_DIGITS)})(?:\s*(?P<size>{_any(_GROUPS)}))?")
_RUN = re.compile(rf"\b(?:(?:{_any(_WHOLE)}|(?:{_any(_DIGITS)})(?:\s*(?:{_any(_GROUPS)}))?)\s*)+(?=\b|rib|reb|jut)")
_SPOKEN = re.compile(rf"\b(?:setengah|{_any(_WHOLE, _DIGITS, _ALONE, VAGUE)})|\d koma")
_ALONE_WORD = re.compile(rf"\b(?:{_any(_ALONE)})\b")
_VAGUE_WORD = re.compile(rf"\b({_any(VAGUE)})(?=\s*(?:ceng|ribu|rebu|rb)\b)")
_POINT = re.compile(r"(\d) koma (\d+)(?!\d)")
_HALF_MORE = re.compile(r"(?<![\d.,])(\d{1,3})(?:( juta| ribu)? setengah)\b")
_HALF = re.compile(r"\bsetengah(?=\s*(?:juta|jt|miliar|milyar))")


def figures(said: str) -> str:
    """The text (lower case, single spaces) with its number words as figures."""
    if not _SPOKEN.search(said):
        return said
    said = _ALONE_WORD.sub(lambda m: _ALONE[m[0]], said)
    said = _VAGUE_WORD.sub(lambda m: str(VAGUE[m[1]]), said)
    said = _RUN.sub(_run, said)
    said = _POINT.sub(r"\1,\2", said)
    said = _HALF_MORE.sub(lambda m: f"{m[1]},5{m[2] or ''}", said)
    return _HALF.sub("0,5", said)


def _run(match: re.Match[str]) -> str:
    """A run of words below a thousand; words that do not fall in size stay numbers of their own ("satu dua juta")."""
    numbers: list[int] = []
    last = 0
    for group in _GROUP.finditer(match[0]):
        number, size = _group(group)
        if numbers and size < last and number < last:
            numbers[-1] += number
        else:
            numbers.append(number)
        last = size
    return " ".join(map(str, numbers)) + " "


def _group(found: re.Match[str]) -> tuple[int, int]:
    """The number a word group stands for, and the size that what follows must stay below."""
    if found["whole"]:
        number = _WHOLE[found["whole"]]
        return number, 100 if number == 100 else 1
    digit, size = _DIGITS[found["digit"]], found["size"]
    if size in {"belas", "welas"}:
        return digit + 10, 1
    return digit * _GROUPS.get(size or "", 1), _GROUPS.get(size or "", 1)
