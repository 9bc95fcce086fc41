"""Indonesian mobile numbers, checked with phonenumbers' numbering plan."""

from __future__ import annotations

import datetime as dt
import re

from conversations.reading.reading import Reading

_LONGEST = 200
_RUN = re.compile(r"(?<![\w])\+?\(?\d(?:[\s.()-]{0,8}\d)*(?!\w)")
_NOT_DIGIT = re.compile(r"\D")
_LETTER_O = re.compile(r"(?<![a-z0-9])o(?=8\d)", re.IGNORECASE)
_PREFIX = re.compile(r"(?:00|\+)?62[\s(.-]*0*|0+(?=8)|(?=8)")


def read_phone(text: str, today: dt.date) -> Reading:
    """The number in E.164 ("+62812…").

    Problems: "empty", "not_a_phone", "ambiguous" (several numbers; hint: those), "not_mobile" (a fixed line, another
    country, too short or too long).
    """
    if len(text) > _LONGEST:
        return Reading(problem="not_a_phone")
    runs = [run for run in _RUN.findall(_LETTER_O.sub("0", text)) if len(_NOT_DIGIT.sub("", run)) > 5]
    if not runs:
        return Reading(problem="not_a_phone" if text.strip() else "empty")
    mobiles = {run: mobile for run in runs if (mobile := _mobile(run))}
    if len(set(mobiles.values())) > 1:
        return Reading(problem="ambiguous", hint=tuple(sorted(set(mobiles.values()))))
    return Reading(value=next(iter(mobiles.values()))) if mobiles else Reading(problem="not_mobile")


def _mobile(run: str) -> str | None:
    import phonenumbers as numbers

    if not run.isascii():
        return None
    prefix = _PREFIX.match(run.lstrip("("))
    digits = _NOT_DIGIT.sub("", run.lstrip("(")[prefix.end() :]) if prefix else ""
    if not digits.startswith("8"):
        return None
    number = numbers.PhoneNumber(country_code=62, national_number=int(digits))
    if numbers.number_type(number) != numbers.PhoneNumberType.MOBILE:
        return None
    return numbers.format_number(number, numbers.PhoneNumberFormat.E164)
