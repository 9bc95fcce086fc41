"""The templates of a WhatsApp Business account: handed in, approved, refused, used, as strictly as the real ones."""

from __future__ import annotations

import itertools
import re
from typing import Any

ACCOUNT = "102290129340398"
PAGE = 2
"""Templates on a page of the list: few, so that every reader has to turn pages."""
CATEGORIES = {"UTILITY", "MARKETING", "AUTHENTICATION"}
EDITABLE = {"APPROVED", "REJECTED", "PAUSED"}

Raw = dict[str, Any]


class RefusalError(Exception):
    """A request that WhatsApp does not carry out."""

    def __init__(self, status: int, code: int) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


def need(fits: bool, code: int = 100) -> None:
    """Refuse what does not fit."""
    if not fits:
        raise RefusalError(400, code)


class Shelf:
    """All templates, by name and language."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], Raw] = {}
        self._numbers = itertools.count(9001)

    def create(self, given: Raw) -> Raw:
        """Take a new template in."""
        name, language = given["name"], given["language"]
        need(re.fullmatch(r"[a-z0-9_]{1,512}", name) is not None)
        need(re.fullmatch(r"[a-z]{2}(_[A-Z]{2})?", language) is not None)
        need((name, language) not in self.held)
        need(given.get("parameter_format") == "NAMED")
        _check(given)
        made = {**given, "id": str(next(self._numbers)), "status": "PENDING", "rejected_reason": "NONE"}
        self.held[name, language] = made
        return {"id": made["id"], "status": "PENDING", "category": made["category"]}

    def edit(self, number: str, given: Raw) -> Raw:
        """Change a template that was decided about."""
        held = next((one for one in self.held.values() if one["id"] == number), None)
        need(held is not None and not given.keys() & {"name", "language"})
        assert held is not None
        need(held["status"] in EDITABLE)
        _check(given)
        held |= {**given, "status": "PENDING"}
        return {"success": True}

    def page(self, asked: dict[str, str]) -> Raw:
        """List some templates, only the fields asked for."""
        first = int(asked.get("after", "0"))
        wanted = asked["fields"].split(",")
        found = list(self.held.values())
        told: Raw = {"data": [{n: one[n] for n in wanted if n in one} for one in found[first : first + PAGE]]}
        if first + PAGE < len(found):
            told["paging"] = {"cursors": {"after": str(first + PAGE)}, "next": "https://…"}
        return told

    def decide(self, status: str = "APPROVED", name: str = "", reason: str = "NONE") -> None:
        """Let Meta decide about one template, or about all."""
        for held in self.held.values():
            if name in ("", held["name"]):
                held |= {"status": status, "rejected_reason": reason}

    def check_use(self, told: Raw) -> None:
        """Refuse a message of a template that can't be used so."""
        held = self.held.get((told["name"], told["language"]["code"]))
        if held is None or held["status"] not in ("APPROVED", "PAUSED"):
            raise RefusalError(404, 132001)
        need(held["status"] == "APPROVED", 132015)
        parts = {part["type"]: part for part in told["components"]}
        values = {p["parameter_name"]: p["text"] for p in parts.get("body", {"parameters": []})["parameters"]}
        need(set(values) == set(_placeholders(_body(held))), 132000)
        need(all(text.strip() and not re.search(r"[\n\t]| {5,}", text) for text in values.values()), 132018)
        key = parts["button"]
        need(key["sub_type"] == "quick_reply" and key["index"] == "0" and len(key["parameters"]) == 1)
        need(1 <= len(key["parameters"][0]["payload"]) <= 256)

    def words(self, told: Raw) -> str:
        """Return what the worker reads."""
        text = _body(self.held[told["name"], told["language"]["code"]])
        for part in told["components"]:
            for parameter in part["parameters"] if part["type"] == "body" else ():
                text = text.replace("{{" + parameter["parameter_name"] + "}}", parameter["text"])
        return text


def _body(held: Raw) -> str:
    return str(next(part["text"] for part in held["components"] if part["type"] == "BODY"))


def _placeholders(text: str) -> list[str]:
    return re.findall(r"\{\{([a-z0-9_]+)\}\}", text)


def _check(given: Raw) -> None:
    need(given["category"] in CATEGORIES)
    parts = {part["type"]: part for part in given["components"]}
    need(len(parts) == len(given["components"]) and parts.keys() <= {"BODY", "BUTTONS"} and "BODY" in parts)
    text = parts["BODY"]["text"]
    named = _placeholders(text)
    need(1 <= len(text) <= 1024 and not text.startswith("{{") and not text.rstrip(" .!").endswith("}}"))
    need(len(set(named)) == len(named) and text.count("{") == 2 * len(named) and "}}{{" not in text)
    examples = parts["BODY"].get("example", {}).get("body_text_named_params", [])
    need({one["param_name"] for one in examples} == set(named) and all(one["example"] for one in examples))
    buttons = parts.get("BUTTONS", {"buttons": []})["buttons"]
    need(len(buttons) <= 10 and all(one["type"] == "QUICK_REPLY" and 1 <= len(one["text"]) <= 25 for one in buttons))
