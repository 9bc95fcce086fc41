"""Amounts of money in rupiah, as people write and say them.

Libraries for rupiah words were tried; they add up the ends of a range and read "1 jt 200" as 1,000,200. Here a text
must hold exactly one amount: whatever can be understood in two ways is a named problem, with a hint for one short
question back.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from conversations.reading.numerals import VAGUE, figures
from conversations.reading.question import is_question
from conversations.reading.reading import Reading
from conversations.reading.spelling import vocabulary

_LONGEST = 120
_MOST = 10**15
_MILLION = 1_000_000
_SCALES = {
    **dict.fromkeys(("ribuan", "rebuan", "ribu", "rebu", "rban", "rbu", "rb", "ewu", "ceng", "k"), 1000),
    **dict.fromkeys(("jutaan", "jutan", "juta", "jtan", "jta", "jut", "jt", "yuta", "juto", "tiau"), _MILLION),
    **dict.fromkeys(("miliaran", "milyar", "miliar", "milyard"), 10**9),
    **dict.fromkeys(("triliun", "trilyun"), 10**12),
}
_PART = re.compile(
    r"(?:(?P<rupiah>\b(?:rp|idr|rph)[.:]?\s*)|(?<![\d.,]))(?P<figure>\d+(?:[.,]\d+)*)"
    rf"(?:\s*(?P<scale>{'|'.join(_SCALES)})(?![a-z]))?"
    r"(?P<perak>\s*(?:rupiah|perak|idr|rp|,-|\.-)(?![a-z]))?(?P<unit>\s*[a-z%°]+)?"
)
_GROUPED = re.compile(r"\d{1,3}(?:(?:\.\d{3})+(?:,\d{1,2})?|(?:,\d{3})+(?:\.\d{1,2})?)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_JOIN = re.compile(r"\s*(?:-|–|—|sampai|sampe|smp|hingga|s/d|sd|ke|atau|ato|nepi|tekan|dugi)?\s*(?:rp\.?\s*)?")
_COUNTED = vocabulary(
    "kg porsi orang kali hari jam bulan bln tahun thn th minggu anak km persen x m gram ons liter buah biji "
    "pcs unit menit trip order orderan bungkus gelas piring ekor ton hr m2 % cm lusin potong kopi kodi kardus"
)
_EACH = re.compile(
    r"(?:\bse|\bsa|\bsak|\bper ?|/ ?|\btiap ?|\bsetiap ?|\bsaben ?|@ ?)"
    r"(?P<unit>hari|hr|ari|dina|dinten|poe|minggu|mggu|mgg|pekan|tahun|thn|th|taun|jam|trip|order|orderan|narik|rit|orang|kg|porsi|bungkus|ekor|potong|gelas|mangkok)\w{0,3}\b"
    r"|\b(?P<period>harian|mingguan|tahunan)\b"
)
_PERIODS = {
    **dict.fromkeys(("hari", "hr", "ari", "dina", "dinten", "poe", "harian"), "per_day"),
    **dict.fromkeys(("minggu", "mggu", "mgg", "pekan", "mingguan"), "per_week"),
    **dict.fromkeys(("tahun", "thn", "th", "taun", "tahunan"), "per_year"),
}
_ROUGHLY = re.compile(r"\b(?:kurang lebih|kurleb|lebih kurang)\b")
_BELOW = re.compile(
    r"\b(?:kurang dari|di ?bawah|hampir|meh|maksimal|maks|max|paling (?:banyak|banter|tinggi|gede)"
    r"|(?:gak|ga|gk|nggak|ngga|tidak|tdk|ora) (?:sampai|sampe|nyampe|nyampek|tekan|ada|genap))\b"
    r"|\bkurang(?: dikit| sedikit)?$"
)
_ABOVE = re.compile(
    r"\b(?:lebih dari|di ?atas|minimal|paling (?:sedikit|dikit|kecil|rendah))\b|\blebih(?: dikit| sedikit)?$|\+$"
)
_UNSURE = re.compile(
    r"\b(?:bukan|bkn|salah|dolar|dollar|usd|ringgit|riyal|euro)\b|[$€£=*½¼¾]|\d\s*/\s*\d|\d\s*x\b|\bx\s*\d"
)
_MILLION_OR_MILLIARD = re.compile(r"(?<![\d.,])(\d{1,5}(?:[.,]\d{1,3})?)\s*m\b")
_SLANG = re.compile(rf"\b({'|'.join(VAGUE)})(?:an)?\b")
_PLAIN_TALK = re.compile(
    r"(?:\b(?:sekitar|kira|kisaran|kurang|lebih|kurleb|lah|aja|saja|kak|sebulan|perbulan|paling|cuma|segitu"
    r"|minus|rp|ya)\b"
    r"|[\W\d_]|an\b)*"
)


class Amount(NamedTuple):
    """One amount: `rupiah`, the `scale` of its last part, if it is `sure` to be money, its place, its `other` sense."""

    rupiah: float
    scale: int
    sure: bool
    start: int
    end: int
    other: float | None = None


def read_money(text: str, today: dt.date) -> Reading:
    """Whole rupiah, negative after "minus".

    Problems: "empty", "not_money", "question", "too_big", "ambiguous" (hint: what it may mean), "range" (hint: (low,
    high)), "below" and "above" (hint: the limit), "per_day", "per_week", "per_year" (hint: rupiah in that time),
    "per_piece" (hint: rupiah for each).
    """
    if not text.strip():
        return Reading(problem="empty")
    if len(text) > _LONGEST:
        return Reading(problem="not_money")
    said = " ".join(text.lower().split())
    said = said if said.isdigit() else figures(said)
    if vague := _vague(said):
        return Reading(problem="ambiguous", hint=vague)
    amounts = _amounts(said)
    if is_question(text):
        return Reading(problem="question")
    return _understood(said, amounts) if amounts else Reading(problem="not_money")


def _understood(said: str, amounts: list[Amount]) -> Reading:
    meant = tuple(round(amount.rupiah) for amount in amounts)
    span = _range(said, amounts)
    if max(meant) > _MOST:
        return Reading(problem="too_big")
    if _UNSURE.search(said) or (len(amounts) > 1 and not span):
        return Reading(problem="ambiguous", hint=meant)
    if amounts[0].other is not None:
        return Reading(problem="ambiguous", hint=(meant[0], round(amounts[0].other)))
    low, high = span or (meant[0], meant[0])
    if not (amounts[-1].sure or _PLAIN_TALK.fullmatch(said)):
        return Reading(problem=_each(said) or "not_money")
    return _in_its_time(said, low, high)


def _in_its_time(said: str, low: int, high: int) -> Reading:
    if period := _each(said):
        return Reading(problem=period, hint=(low + high) // 2)
    if low != high:
        return Reading(problem="range", hint=(low, high))
    if not _ROUGHLY.search(said):
        for problem, pattern in (("below", _BELOW), ("above", _ABOVE)):
            if pattern.search(said):
                return Reading(problem=problem, hint=low)
    negative = said.startswith("minus ") or re.match(r"-\s?(?:rp\.?\s?)?\d", said)
    return Reading(value=-low if negative else low)


def _each(said: str) -> str | None:
    found = _EACH.search(said)
    return _PERIODS.get(found["unit"] or found["period"], "per_piece") if found else None


def _vague(said: str) -> tuple[int, int] | None:
    """What "3M" (million or milliard) and "cepek" (100 or 100 thousand) may mean."""
    if found := _MILLION_OR_MILLIARD.search(said):
        number = float(found[1].replace(",", "."))
        return round(number * _MILLION), round(number * 10**9)
    if slang := _SLANG.search(said):
        return VAGUE[slang[1]], VAGUE[slang[1]] * 1000
    return None


def _range(said: str, amounts: list[Amount]) -> tuple[int, int] | None:
    """Two amounts joined by "-" or "sampai"; the first takes the scale of the second where it has none."""
    if len(amounts) != 2 or not _JOIN.fullmatch(said[amounts[0].end : amounts[1].start]):
        return None
    low, high = amounts[0].rupiah, amounts[1].rupiah
    if amounts[0].scale == 1 and low < 1000:
        low *= amounts[1].scale
    return (round(low), round(high)) if low < high else None


def _amounts(said: str) -> list[Amount]:
    """The amounts in a text; small bare numbers only where they are all there is, or the first end of a range."""
    found: list[Amount] = []
    for match in _PART.finditer(said):
        part = _part(match, said)
        if part is None:
            continue
        joined = _joined(found[-1], part, match, said) if found else None
        found = [*found[:-1], joined] if joined else [*found, part]
    if len(found) == 2 and _range(said, found):
        return found
    return [amount for amount in found if amount.sure] or found


def _part(match: re.Match[str], said: str) -> Amount | None:
    """One figure with its scale; None if it counts something else, or is a year or a long code."""
    figure, unit = match["figure"], (match["unit"] or "").strip()
    scale = _SCALES.get(match["scale"] or "", 1)
    named = bool(match["rupiah"] or match["perak"])
    if scale == 1 and not named and (unit in _COUNTED or _is_code(figure, said)):
        return None
    number = _number(figure, scale)
    if number is None:
        return Amount(0, scale, True, match.start(), match.end(), 0)
    end = match.end("perak") if match["perak"] else match.end("scale") if match["scale"] else match.end("figure")
    rupiah = number * scale
    return Amount(rupiah, scale, scale > 1 or named or rupiah >= 1000, match.start(), end, _other(figure, scale))


def _is_code(figure: str, said: str) -> bool:
    """Whether a figure is a phone number, a NIK, a date or a year rather than an amount."""
    if not figure.isdigit():
        return figure.count(".") > 1 and not _GROUPED.fullmatch(figure)
    if len(figure) > 12 or (figure[0] == "0" and len(figure) > 1):
        return True
    return said != figure and _YEAR.fullmatch(figure) is not None


def _number(figure: str, scale: int) -> float | None:
    """A number in figures: "1.500.000" is grouped, "1,5" before a scale is a decimal; anything odd is None."""
    if figure.isdigit():
        return float(figure)
    if _GROUPED.fullmatch(figure) and not (scale >= _MILLION and "," in figure):
        mark = next(c for c in figure if c in ".,")
        return float(figure.replace(mark, "").replace(",", "."))
    whole, _, rest = figure.replace(",", ".").partition(".")
    return float(f"{whole}.{rest}") if rest.isdigit() else None


def _other(figure: str, scale: int) -> float | None:
    """What else a figure may mean: "1.500 juta" may be 1.5 million, "2.5" alone 2.5 million."""
    if scale >= _MILLION and re.fullmatch(r"\d{1,3}\.\d{3}", figure):
        return float(figure) * scale
    if scale == 1 and re.fullmatch(r"\d+[.,]\d{1,2}", figure):
        return float(figure.replace(",", ".")) * _MILLION
    return None


def _joined(before: Amount, part: Amount, match: re.Match[str], said: str) -> Amount | None:
    """The amount of two parts that belong together: "1 juta 500 ribu", "sejuta 200", "1jt2"."""
    gap = said[before.end : part.start]
    if gap.strip() or before.scale <= part.scale:
        return None
    added: float | None = part.rupiah
    if part.scale == 1 and not part.sure:
        added = _remainder(match["figure"], before.scale, glued=not gap)
    if added is None or added >= before.scale:
        return before._replace(end=part.end, other=before.rupiah)
    return before._replace(rupiah=before.rupiah + added, scale=part.scale, end=part.end)


def _remainder(figure: str, scale: int, glued: bool) -> float | None:
    """What a bare number adds to a million or thousand: 200 after "juta" are thousands, a glued 2 hundred thousands."""
    if not figure.isdigit():
        return None
    if len(figure) == 3:
        return float(figure) * (1000 if scale == _MILLION else 1) if scale <= _MILLION else None
    return float(figure) * 100_000 if glued and len(figure) == 1 and scale == _MILLION else None
