"""Dates as people write them: day, month, year, in digits or with the month's name.

Never month before day in digits: 05-03-1985 is 5 March. A two-digit year is the latest that is not in the future, as
fits a birth date. General date parsers were tried and invent dates from "tanggal 1 bulan 2 tahun 1990"; a wrong date
is worse than asking again, so anything beyond the forms below is a problem.
"""

from __future__ import annotations

import datetime as dt
import re

from rapidfuzz.distance import OSA

from conversations.reading.reading import Reading

_LONGEST = 120
_EARLIEST, _LATEST = 1900, 2100
_MONTHS = (
    "januari jan janwari january janu jnuari",
    "februari feb pebruari peb febuari pebuari february pebr febr",
    "maret mar mrt maert march mart",
    "april apr apl avril aprl",
    "mei may mai",
    "juni jun june yuni",
    "juli jul july yuli",
    "agustus agu agt ags agst agts agus aug agustusan august agustuih ogos agsts agust",
    "september sep sept sepember sptember septembr",
    "oktober okt oct october oktobr",
    "november nov nop nopember nofember nvember",
    "desember des dec december disember desembar",
)  # fmt: skip
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_LONG = {name: number for name, number in _MONTH.items() if len(name) > 4}
_DIGIT = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_DAYS = {
    **{word: number for number, word in enumerate(_DIGIT, 1)},
    **{word + "belas": number for number, word in enumerate(_DIGIT[1:], 12)},
    **{
        f"{ten}puluh{word}": start + number
        for ten, start in (("dua", 20), ("tiga", 30))
        for number, word in enumerate(("", *_DIGIT))
    },
    "sepuluh": 10,
    "sebelas": 11,
}
_DAY_WORDS = re.compile(
    rf"\b((?:se|(?:{'|'.join(_DIGIT)}) ?)(?:belas|puluh)(?: (?:{'|'.join(_DIGIT)}))?|{'|'.join(_DIGIT)})"
    r"(?= (?:bulan )?[a-z]{3})"
)
_YEAR = r"(?:(?:th|thn|tahun|taun|ning tahun)\.?\s*)?'?(\d{4}|\d{2})(?![\d'])"
_DMY = re.compile(
    rf"(?<![\d,.\-/])(\d{{1,2}})(?:\s*[-/.,]\s*|\s+)(?:(?:bln|bulan|bl)\.?\s*)?(\d{{1,2}})(?:\s*[-/.,]\s*|\s+){_YEAR}"
)
_YMD = re.compile(r"(?<![\d\-])(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})(?!\d)")
_NAMED = re.compile(rf"(?<![\d\-])(\d{{1,2}})[\s\-/.,]*(?:(?:bln|bulan|bl)\.?\s*)?([a-z]{{2,12}})[\s\-/.,]*{_YEAR}")
_MONTH_FIRST = re.compile(r"\b([a-z]{3,12})[\s.]+(\d{1,2})\s*(?:,|\s)\s*(\d{4})(?!\d)")
_GLUED = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{4}|\d{2})(?!\d)")
_NO_YEAR = re.compile(r"(?<!\d)(\d{1,2})[\s\-/.,]*([a-z]{3,12})\b(?!.*\d)")
_DENIED = re.compile(
    r"\b(?:bukan|bkn|salah|sampai|sampe|hingga|s/d|sekitar|kira2?|antara|atau|ato|tidak|gak|ga|nggak|setelah|sebelum)\b"
)


def read_date(text: str, today: dt.date) -> Reading:
    """A date between 1900 and 2100.

    Problems: "empty", "not_a_date", "impossible_date", "no_year" (hint: (day, month)), "ambiguous" (more than one date,
    or one that is doubted).
    """
    if not text.strip():
        return Reading(problem="empty")
    if len(text) > _LONGEST:
        return Reading(problem="not_a_date")
    said = _DAY_WORDS.sub(_in_digits, text.lower().strip()) if not text.isdigit() else text
    found = _parts(said)
    if not found:
        return _without_year(said)
    (day, month, year), (start, end) = found
    if _has_digit(said[:start]) or _has_digit(said[end:]) or _DENIED.search(said):
        return Reading(problem="ambiguous")
    return _dated(day, month, year, today)


def _in_digits(match: re.Match[str]) -> str:
    return str(_DAYS.get(match[1].replace(" ", ""), match[1]))


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text) or text.endswith("-")


Found = tuple[tuple[int, int, str], tuple[int, int]]


def _parts(said: str) -> Found | None:
    """Day, month and year as written, and where they stand."""
    if m := _DMY.search(said):
        return (int(m[1]), int(m[2]), m[3]), m.span()
    if m := _YMD.search(said):
        return (int(m[4]), int(m[3]), m[1]), m.span()
    for m in _NAMED.finditer(said):
        if month := _month(m[2]):
            return (int(m[1]), month, m[3]), m.span()
    for m in _MONTH_FIRST.finditer(said):
        if month := _month(m[1]):
            return (int(m[2]), month, m[3]), m.span()
    if m := _GLUED.search(said):
        return (int(m[1]), int(m[2]), m[3]), m.span()
    return None


def _month(name: str) -> int | None:
    """The month meant, a slip of one letter allowed where only one month is near ("jumi" is June or nothing)."""
    if name in _MONTH or len(name) < 4:
        return _MONTH.get(name)
    slips = 1 if len(name) < 7 else 2
    near = {number for known, number in _LONG.items() if OSA.distance(name, known, score_cutoff=slips) <= slips}
    return near.pop() if len(near) == 1 else None


def _dated(day: int, month: int, year: str, today: dt.date) -> Reading:
    try:
        if len(year) == 4:
            date = dt.date(int(year), month, day)
            return Reading(value=date) if _EARLIEST <= date.year <= _LATEST else Reading(problem="impossible_date")
        return Reading(value=_latest(day, month, int(year), today))
    except ValueError:
        return Reading(problem="impossible_date")


def _latest(day: int, month: int, year: int, today: dt.date) -> dt.date:
    """The last such day that is not in the future; raises ValueError where no century has it."""
    century = today.year // 100 * 100
    try:
        date = dt.date(century + year, month, day)
    except ValueError:
        return dt.date(century - 100 + year, month, day)
    return date if date <= today else dt.date(century - 100 + year, month, day)


def _without_year(said: str) -> Reading:
    found = _NO_YEAR.search(said)
    month = _month(found[2]) if found else None
    if found and month and 1 <= int(found[1]) <= 31:
        return Reading(problem="no_year", hint=(int(found[1]), month))
    return Reading(problem="not_a_date")
