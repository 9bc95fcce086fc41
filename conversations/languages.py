"""The language a chat is held in: Indonesian, until another is guessed, offered and chosen. It can be changed at any
moment; the question that is open is then put again in full, in the new language."""

from __future__ import annotations

from conversations.asking import word_value
from conversations.messages import Button, Incoming, Reply, Say, Text
from conversations.reading.language import LANGUAGES, told_by, written_in
from conversations.steps.step import Consequence, global_word
from conversations.view import View

WORD = "language_"
"""Beginning of the global words that choose a language: "language_jv"."""

CHOOSING = tuple(f"{WORD}{code}" for code in LANGUAGES)


def asked(view: View, named: str) -> Consequence:
    """Change to the language that was named, else show which there are; the open question waits meanwhile."""
    if named in view.facts.languages:
        return changed(view, named)
    if len(view.facts.languages) < 2:
        return Consequence(view, (Say("language.only"),))
    says = (Say("language.not_yet"),) if named else ()
    buttons = tuple(Button(Say(f"word.{WORD}{code}"), word_value(f"{WORD}{code}")) for code in view.facts.languages)
    return Consequence(view, instead=Reply((*says, Say("language.ask")), buttons))


def chosen(view: View, word: str) -> Consequence:
    """Change to the language of a tapped word; one that is no longer offered changes nothing."""
    code = word.removeprefix(WORD)
    return changed(view, code) if code in view.facts.languages else Consequence(view, (Say("language.not_yet"),))


def changed(view: View, code: str) -> Consequence:
    """Go on in a language. The open question counts as not yet shown: who changes could not read it."""
    return Consequence(view.having(locale=code, content="", tongues=_with(view, code)), (Say("language.now"),))


def offering(done: Consequence, incoming: Incoming) -> Consequence:
    """Offer the language that somebody seems to prefer, once, beside what is said and asked anyway."""
    view, code = done.view, guessed(incoming)
    known = code == view.session.locale or code in view.session.tongues
    if known or code not in view.facts.languages or view.session.case or done.instead:
        return done
    offer = global_word(f"{WORD}{code}")
    return done._replace(
        view=view.having(tongues=_with(view, code)),
        says=(*done.says, Say(f"language.offer.{code}")),
        beside=(*done.beside, offer),
    )


def guessed(incoming: Incoming) -> str:
    """Guess a language by how somebody writes, else by what their messenger tells of itself; "" for no guess."""
    written = written_in(incoming.what.text) if isinstance(incoming.what, Text) else ""
    return written or (told_by(incoming.language) if incoming.language else "")


def _with(view: View, code: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*view.session.tongues, code)))
