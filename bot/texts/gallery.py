"""`python -m bot gallery`: all that Jamin says, on one page that needs nothing else, for whoever reviews the words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import jinja2

from bot.texts import catalogue, check
from bot.texts.catalogue import SOURCE
from bot.texts.screens import Screen, screens
from bot.texts.signing import Signature, signature
from bot.wording import load_speech
from conversations.flows import FLOWS
from conversations.reading.language import LANGUAGES

PAGES = Path(__file__).parent / "pages"


class Sentence(NamedTuple):
    """One entry of a catalogue, or an approved answer: the Indonesian words, those of the language, "" where it has
    none that may be said."""

    key: str
    about: str
    source: str
    words: str


class Language(NamedTuple):
    """One language on the page."""

    code: str
    name: str
    percent: int
    signed: Signature | None
    flows: tuple[tuple[str, tuple[Screen, ...]], ...]
    sentences: tuple[Sentence, ...]


def write_gallery(folder: Path) -> Path:
    """Write the page into a folder, which is made; return the page's file.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "index.html"
    file.write_text(rendered(tuple(map(language, LANGUAGES))), encoding="utf-8")
    return file


def rendered(languages: tuple[Language, ...]) -> str:
    """Give the page."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    style = (PAGES / "gallery.css").read_text(encoding="utf-8")
    return templates.get_template("gallery.html").render(languages=languages, style=style)


def language(code: str) -> Language:
    """Gather what the page shows of a language."""
    speech = load_speech(code)
    order = list(FLOWS)
    found = sorted(screens(speech), key=lambda screen: order.index(screen.flow))
    flows = tuple((flow, tuple(of_it)) for flow, of_it in groupby(found, key=lambda screen: screen.flow))
    percent = 100 if code == SOURCE else check.share(code).percent
    return Language(
        code, speech.phrases[f"word.language_{code}"], percent, signature(code), flows, tuple(sentences(code))
    )


def sentences(code: str) -> Iterator[Sentence]:
    """Every entry of the catalogue that a language should have, then every approved answer."""
    own, speech, source = catalogue.read(code), load_speech(code), load_speech()
    entries = catalogue.read(SOURCE).values() if code == SOURCE else catalogue.wanted(code)
    for entry in entries:
        text = own.get(entry.key)
        words = " | ".join(text.forms) if text and (code == SOURCE or text.is_fresh(entry)) else ""
        yield Sentence(entry.key, " ".join(entry.about), entry.forms[0], words)
    for name, answer in source.answers.items():
        told = speech.answers[name]
        yield Sentence(name, answer.label, answer.text, told.text if code == SOURCE or told is not answer else "")
