"""The catalogues on disk: read with line numbers, and brought up to date with the Indonesian one."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot.ask import LOCALES
from conversations.reading.language import LANGUAGES

SOURCE = LANGUAGES[0]
WIDTH = 100
WRITTEN = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
"""The date in a catalogue's head: git tells the real one, and this one never makes a difference."""

FROM = "id: "
"""Begins the comment that holds the Indonesian words an entry was made from."""

TO_STAFF = ("desk.", "calling.")
"""Keys of what only staff read."""

FOR_AGENTS = ("field.", "poster.")
"""Keys of what only agents read, and of what they print: shown in Indonesian, and in English at most."""

OF_THEIR_OWN = ("language.ask", "language.offer.", "word.language_")
"""Keys that are in the language they speak of, and so the same in every catalogue."""

LEFT_OUT: Mapping[str, tuple[str, ...]] = {
    "en": OF_THEIR_OWN,
    "jv": (*OF_THEIR_OWN, *TO_STAFF, *FOR_AGENTS),
    "su": (*OF_THEIR_OWN, *TO_STAFF, *FOR_AGENTS),
}
"""Keys that a language does without: Indonesian is said there."""

BEGUN: frozenset[str] = frozenset()
"""Languages that somebody is still at: what they lack is told and no fault yet. All others are whole and stay so."""

_WORDS = re.compile(r"[^\W\d_]{2,}")
_BRACES = re.compile(r"\{[^}]*\}")


class Text(NamedTuple):
    """One entry: `forms` are its words, more than one where they depend on a number; `source` the Indonesian words it
    was made from, "" for none; `about` where it belongs, for the translator."""

    key: str
    line: int
    forms: tuple[str, ...]
    about: tuple[str, ...] = ()
    source: str = ""
    fuzzy: bool = False

    @property
    def is_said(self) -> bool:
        """Tell whether it may be said: whole, and not marked as doubtful."""
        return all(form.strip() for form in self.forms) and not self.fuzzy

    def made_from(self, source: str) -> bool:
        """Tell whether it was made from these words; how a file breaks its lines makes no difference."""
        return _bare(self.source) == _bare(source)

    def is_fresh(self, source: Text) -> bool:
        """Tell whether it may be said in place of the Indonesian entry as that is now."""
        return self.is_said and self.made_from(source.forms[0])


def file_of(locale: str) -> Path:
    """Where the catalogue of a language is kept."""
    return LOCALES / locale / "LC_MESSAGES" / "jamin.po"


@cache
def read(locale: str) -> Mapping[str, Text]:
    """Read the catalogue of a language by key, once a process; one that has none yet is empty.

    Raises:
        FileNotFoundError: it is the Indonesian one, on which all others rest.
    """
    file = file_of(locale)
    if not file.exists() and locale != SOURCE:
        return {}
    with file.open("rb") as opened:
        catalog = read_po(opened, locale=locale)
    return {text.key: text for message in catalog if message.id and (text := _text(message))}


def wanted(locale: str) -> Iterator[Text]:
    """The Indonesian entries that a language should have words of its own for."""
    for text in read(SOURCE).values():
        if _WORDS.search(_BRACES.sub("", text.forms[0])) and not text.key.startswith(LEFT_OUT[locale]):
            yield text


def updated(locale: str) -> str:
    """Give the catalogue of a language brought up to date: what is missing added empty, what is stale marked, what
    nobody says any more left out. All words stay."""
    catalog, own = _empty(locale), read(locale)
    for source in wanted(locale):
        _add(catalog, source, own.get(source.key))
    written = io.BytesIO()
    write_po(written, catalog, width=WIDTH)
    return written.getvalue().decode()


def _empty(locale: str) -> Catalog:
    """A catalogue without a date: it would change with every update."""
    return Catalog(
        locale=locale,
        project="Jamin",
        version="0.1",
        fuzzy=False,
        header_comment=f"# What Jamin says in {locale}; docs/languages.md tells how to work on it.",
        creation_date=WRITTEN,
        revision_date=WRITTEN,
    )


def _add(catalog: Catalog, source: Text, own: Text | None) -> None:
    """Add an entry with the source it was made from: a stale one keeps the older source until somebody looked."""
    stale = own is not None and own.is_said and not own.made_from(source.forms[0])
    forms = own.forms if own else ("",)
    kept = own.source if own and stale else source.forms[0]
    catalog.add(
        source.key if len(forms) == 1 else (source.key, source.key),
        forms[0] if len(forms) == 1 else forms,
        auto_comments=[*source.about, FROM + " ".join(kept.split())],
        flags=["fuzzy"] if own and own.fuzzy else [],
    )


def _text(message: Message) -> Text:
    key = message.id if isinstance(message.id, str) else message.id[0]
    forms = (message.string,) if isinstance(message.string, str) else tuple(map(str, message.string or ()))
    at = next((n for n, line in enumerate(message.auto_comments) if line.startswith(FROM)), None)
    about, source = message.auto_comments[:at], [] if at is None else message.auto_comments[at:]
    told = " ".join(source).removeprefix(FROM)
    return Text(key, message.lineno or 0, forms, tuple(about), told, message.fuzzy)


def _bare(words: str) -> str:
    return "".join(words.split())
