"""The templates: texts that WhatsApp approved, for those who have not written for a day.

Each is a file, `locales/<locale>/templates/<name>.toml`:

- `category` — "utility", "marketing" or "authentication": what WhatsApp asks us to pay for it;
- `body` — the text, its placeholders in braces; `[examples]` gives each one a value, for those who approve it;
- `button` — a key below it, through which the worker comes to read more; `word` is the global word it says, if any;
- `whole` — true where it says all there is to say. Else the reply itself waits until the worker speaks.

https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates tells the limits held to here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from string import Formatter
from typing import Any, Literal, NamedTuple

import msgspec

from bot.ask import LOCALES
from bot.wording import WordingError
from conversations.asking import word_value
from conversations.letters import PLACEHOLDERS
from conversations.words import COMMANDS

PREFIX = "jamin_"
"""What our templates begin with at WhatsApp, so that others of the same account are left alone."""
READ = "read"
"""What the key below a template carries if it says no word: the worker came to read."""

BODY = 1024
BUTTON = 20
MOST_PLACEHOLDERS = 10
WORDS_FOR_EACH = 2
"""Words of the text, besides one, that WhatsApp wants for each placeholder."""

_NAME = re.compile(r"[a-z0-9_]{1,100}")
_BARE = re.compile(r"\s{5,}|\n{3,}|\t")


class _File(msgspec.Struct, forbid_unknown_fields=True):
    category: Literal["utility", "marketing", "authentication"]
    body: str
    button: str
    whole: bool = False
    word: str = ""
    examples: dict[str, str] = {}


class Template(NamedTuple):
    """One template of one language; `whole` tells that nothing else is to be said, `word` what its key says."""

    name: str
    locale: str
    category: str
    body: str
    button: str
    whole: bool
    word: str
    examples: dict[str, str]

    @property
    def called(self) -> str:
        """Its name at WhatsApp."""
        return PREFIX + self.name

    @property
    def placeholders(self) -> list[str]:
        """The names in braces, in their order."""
        return [name for _, name, _, _ in Formatter().parse(self.body) if name is not None]

    def components(self) -> list[dict[str, Any]]:
        """Return its parts as WhatsApp wants them for approval."""
        body: dict[str, Any] = {"type": "BODY", "text": self.body.replace("{", "{{").replace("}", "}}")}
        if self.examples:
            named = [{"param_name": name, "example": self.examples[name]} for name in self.placeholders]
            body["example"] = {"body_text_named_params": named}
        return [body, {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": self.button}]}]

    def shape(self, values: Mapping[str, str]) -> dict[str, Any]:
        """Return the message that says it with these values."""
        filled = [
            {"type": "text", "parameter_name": name, "text": " ".join(values[name].split())}
            for name in self.placeholders
        ]
        body = [{"type": "body", "parameters": filled}] if filled else []
        carried = word_value(self.word) if self.word else READ
        key = {"type": "button", "sub_type": "quick_reply", "index": "0"}
        button = {**key, "parameters": [{"type": "payload", "payload": carried}]}
        told = {"name": self.called, "language": {"code": self.locale}, "components": [*body, button]}
        return {"type": "template", "template": told}


@cache
def load_templates(locale: str = "id") -> Mapping[str, Template]:
    """Read the templates of a language by name, once a process.

    Raises:
        WordingError: some do not fit; each line names the file and the limit.
    """
    found = {path.stem: path for path in sorted((LOCALES / locale / "templates").glob("*.toml"))}
    wrong = [f"locales/{locale}/templates: {name}.toml is missing" for name in PLACEHOLDERS if name not in found]
    templates: dict[str, Template] = {}
    for name, path in found.items():
        try:
            told = msgspec.toml.decode(path.read_bytes(), type=_File)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            wrong.append(f"locales/{locale}/templates/{path.name}: {error}")
            continue
        templates[name] = Template(name, locale, **msgspec.structs.asdict(told))
        wrong += [f"locales/{locale}/templates/{path.name}: {fault}" for fault in faults(templates[name])]
    if wrong:
        raise WordingError("\n".join(wrong))
    return templates


def faults(template: Template) -> Iterator[str]:
    """Give what WhatsApp would refuse, and what the core would not fill."""
    placeholders, body = template.placeholders, template.body
    if not _NAME.fullmatch(template.name):
        yield "a name has 1 to 100 small letters, digits and _"
    if set(placeholders) != PLACEHOLDERS.get(template.name, frozenset()):
        yield f"the placeholders are {sorted(PLACEHOLDERS.get(template.name, ()))}, see conversations/letters.py"
    if set(placeholders) != set(template.examples) or not all(template.examples.values()):
        yield "[examples] gives each placeholder one value"
    if template.word not in ("", *COMMANDS):
        yield f"{template.word} is no word of conversations/words.py"
    if not 1 <= len(template.button) <= BUTTON:
        yield f"the button has {len(template.button)} characters, 1 to {BUTTON} fit"
    yield from _body_faults(body, placeholders, template.examples)


def _body_faults(body: str, placeholders: list[str], examples: Mapping[str, str]) -> Iterator[str]:
    longest = len(body) + sum(map(len, examples.values()))
    if not body.strip() or longest > BODY:
        yield f"the text with its examples has {longest} characters, 1 to {BODY} fit"
    if len(placeholders) > MOST_PLACEHOLDERS or len(set(placeholders)) < len(placeholders):
        yield f"at most {MOST_PLACEHOLDERS} placeholders, each once"
    if body.strip().startswith("{") or body.strip().endswith("}") or "}{" in body.replace(" ", ""):
        yield "a placeholder stands neither at the start nor at the end nor beside another"
    if len(re.sub(r"\{\w*\}", "", body).split()) < WORDS_FOR_EACH * len(placeholders) + 1:
        yield "too few words for so many placeholders"
    if _BARE.search(body):
        yield "no tabs, no five spaces and no two empty lines in a row"
