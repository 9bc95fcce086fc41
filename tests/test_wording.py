"""The catalogue: whole, used, within the limits of all channels, and free of typed amounts and rule dates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot import wording
from bot.wording import faults, load_speech
from conversations.messages import Button, Lines, Say
from conversations.speech import ANSWER, QUESTION, Speech

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [*(ROOT / "conversations").rglob("*.py"), *(ROOT / "bot").rglob("*.py")]
PAGES = [*(ROOT / "bot").rglob("*.html"), *(ROOT / "bot").rglob("*.js")]
KEY = re.compile(r"[a-z_]+(\.[a-z0-9_]+)*")

MAY_HOLD_AN_EXAMPLE = re.compile(r"\.(ask|help|wrong|exact|impossible|ambiguous|implausible|short|length|hint|rule)$")
ABOUT_THE_KTP = re.compile(r"^(web\.private|nik)\.")
CALL_CENTRE_ON_THE_PAGE = "web.unverified.check"
NAMES_A_RULE = "plan.owner"
TO_WORKERS = re.compile(r"\banda\b")
TO_STAFF = "desk."
"""Keys of what only staff read, who are no "Kak"."""
UNSAID = re.compile(r"\b(cacat|pasti terlindungi|agen resmi|dicek ke dukcapil)\b")
RULE = re.compile(r"Rp\s?\d|\d\s*(%|persen)|\b20[12]\d\b|\d{1,3}(\.\d{3})+")


def broken(**phrases: str) -> Speech:
    """The catalogue with some sentences changed, dots written as two underscores."""
    speech = load_speech()
    changes = {key.replace("__", "."): phrase for key, phrase in phrases.items()}
    return Speech("id", {**speech.phrases, **changes}, speech.answers)


def test_every_prompt_fits_every_channel() -> None:
    """Every prompt of every flow, in every state that words it differently, fits every channel."""
    assert faults(load_speech()) == []


@pytest.mark.parametrize(
    ("key", "phrase", "says"),
    [
        ("review__yes", "Benar sekali, silakan daftarkan", "review.yes"),
        ("nik__ask", "x" * 1025, "nik.ask"),
        ("nik__ask", "", "nik.ask"),
        ("nik__ask", "{nama} ketik NIK", "nik.ask"),
    ],
)
def test_a_sentence_that_does_not_fit_is_named(key: str, phrase: str, says: str) -> None:
    """A label or message too long, an empty one and an unknown placeholder are each named with key and file."""
    found = faults(broken(**{key: phrase}))
    assert found
    assert all("locales/id/LC_MESSAGES/jamin.po" in fault for fault in found)
    assert any(says in fault for fault in found)


def test_a_missing_sentence_is_named() -> None:
    """A key that is asked for and isn't there is named."""
    speech = load_speech()
    phrases = {key: phrase for key, phrase in speech.phrases.items() if key != "phone.ask"}
    assert any("phone.ask" in fault for fault in faults(Speech("id", phrases, speech.answers)))


def test_every_key_used_in_code_exists() -> None:
    """Every key that the code names is in the catalogue."""
    missing = {key for key in said_in_code() if key not in load_speech().phrases}
    assert not missing


def test_every_key_is_used() -> None:
    """Every sentence of the catalogue is said somewhere."""
    used = set(literals()) | walked()
    heads = tuple(formed())
    used |= {key + tail for key in used for tail in tails()}
    assert not {key for key in load_speech().phrases if key not in used and not key.startswith(heads)}


def test_no_sentence_holds_a_typed_rule() -> None:
    """Amounts, percentages and rule dates come from dated tables; digits stand only in examples and about the KTP."""
    assert not {key: phrase for key, phrase in load_speech().phrases.items() if types_a_rule(key, phrase)}


def types_a_rule(key: str, phrase: str) -> bool:
    """Tell whether a sentence holds what belongs into a table."""
    bare = re.sub(r"\{\w+\}", "", phrase)
    if key in (NAMES_A_RULE, CALL_CENTRE_ON_THE_PAGE):
        return False
    example = MAY_HOLD_AN_EXAMPLE.search(key) or ABOUT_THE_KTP.search(key)
    return bool(RULE.search(bare) or (re.search(r"\d", bare) and not example))


def test_words_that_we_do_not_use() -> None:
    """We say "Kak" to workers, never "Anda"; nothing is promised that others decide."""
    assert not {key: phrase for key, phrase in load_speech().phrases.items() if is_unsaid(key, phrase.lower())}


def is_unsaid(key: str, phrase: str) -> bool:
    """Tell whether a sentence holds a word that we do not use to whom it is said."""
    to_staff = key.startswith(TO_STAFF)
    return bool(UNSAID.search(phrase) or (not to_staff and TO_WORKERS.search(phrase)))


# --- which keys the code says ----------------------------------------------------------------------------------------


@cache
def trees() -> tuple[ast.Module, ...]:
    """The code that says something."""
    return tuple(ast.parse(file.read_text(encoding="utf-8")) for file in SOURCES)


def nodes() -> Iterator[ast.AST]:
    """Every node of the code."""
    for tree in trees():
        yield from ast.walk(tree)


def said_in_code() -> set[str]:
    """The keys that are named in full where something is said."""
    calls = (n for n in nodes() if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.args)
    first = (n.args[0] for n in calls if isinstance(n.func, ast.Name) and n.func.id in ("Say", "farewell"))
    return {arg.value for arg in first if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}


def literals() -> Iterator[str]:
    """Every text in the code that looks like a key, and those of the pages."""
    for node in nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
            yield node.value
    for page in PAGES:
        yield from re.findall(r"[a-z_]+(?:\.[a-z0-9_]+)+", page.read_text(encoding="utf-8"))


def formed() -> set[str]:
    """What keys begin with where their end depends on a value, in code or on a page: f"kind.{…}"."""
    parts = (n.values[0] for n in nodes() if isinstance(n, ast.JoinedStr) and n.values)
    heads = {p.value for p in parts if isinstance(p, ast.Constant) and isinstance(p.value, str)}
    for page in PAGES:
        heads |= set(re.findall(r"[\"']([a-z_]+\.(?:[a-z0-9_]+\.)*)[\"']", page.read_text(encoding="utf-8")))
    return {head for head in heads if re.fullmatch(r"[a-z_]+\.([a-z0-9_]+\.)*", head)} - {ANSWER, QUESTION}


def tails() -> set[str]:
    """What pages add to a key they are given: ".what"."""
    return {tail for page in PAGES for tail in re.findall(r"[\"'](\.[a-z_]+)[\"']", page.read_text(encoding="utf-8"))}


def walked() -> set[str]:
    """The keys that the flows say, found by asking every prompt."""
    found: set[str] = set()
    for _, step, view in wording.prompts():
        view = view.on(replace(view.session, reopened=""))
        for say in (*step.ask(view), *step.short(view), *step.help(view), *(o.label for o in step.options(view))):
            found |= set(keys(say))
        if step.name in view.answers and (recap := step.recap(view)):
            found |= set(keys(recap))
    return found


def keys(said: object) -> Iterator[str]:
    """The keys of a sentence and of all within it."""
    match said:
        case Say(key, values):
            yield key
            for value in values.values():
                yield from keys(value)
        case Lines(says):
            for say in says:
                yield from keys(say)
        case Button(label):
            yield from keys(label)
