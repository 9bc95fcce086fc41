"""Which languages a named speaker has signed off; the others are drafts, and live workers are not offered them."""

from __future__ import annotations

import datetime as dt
import tomllib

import msgspec

from bot.ask import LOCALES
from bot.texts.catalogue import SOURCE, file_of
from conversations.reading.language import LANGUAGES


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who read all texts of a language aloud and stands by them, as what, and `on` which day."""

    by: str
    role: str
    on: dt.date


def signature(locale: str) -> Signature | None:
    """Read `locales/<locale>/signed.toml`; None for a language that is a draft.

    Raises:
        msgspec.ValidationError: it lacks who, as what or when; the message names it.
    """
    file = LOCALES / locale / "signed.toml"
    return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Signature) if file.exists() else None


def spoken(*, demo: bool) -> tuple[str, ...]:
    """Give the languages a chat may be held in: Indonesian always, drafts only where nobody is really insured."""
    there = (locale for locale in LANGUAGES if file_of(locale).exists())
    return tuple(locale for locale in there if demo or locale == SOURCE or signature(locale))
