"""Our templates and WhatsApp's approval of them: what is missing there, what differs, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from bot.channels.whatsapp.graph import Graph
from bot.channels.whatsapp.templates import PREFIX, Template

FIELDS = "id,name,language,status,category,rejected_reason,components"
MISSING = "missing"
DECIDED = frozenset({"approved", "rejected", "paused"})
"""What may be changed; what WhatsApp still looks at may not."""
NEVER_DECIDED = "NONE"
"""The reason WhatsApp gives for templates that it did not refuse."""


class Theirs(NamedTuple):
    """A template as WhatsApp has it; `said` is what its parts say, by type, so that it can be compared."""

    id: str
    status: str
    category: str
    reason: str
    said: dict[str, Any]


class Compared(NamedTuple):
    """One of our templates beside what WhatsApp has of it, None for nothing."""

    ours: Template
    theirs: Theirs | None

    @property
    def differs(self) -> tuple[str, ...]:
        """What is not the same there: of "category", "body" and "buttons"."""
        if self.theirs is None:
            return ()
        said = _said(self.ours.components())
        parts = tuple(name for name in said if said[name] != self.theirs.said.get(name))
        return parts if self.theirs.category == self.ours.category else ("category", *parts)

    def line(self) -> str:
        """Say it in one line of words with tabs between: name, language, category, status, what differs or why not."""
        status = self.theirs.status if self.theirs else MISSING
        reason = self.theirs.reason if self.theirs else ""
        told = f"differs: {', '.join(self.differs)}" if self.differs else reason
        return f"{self.ours.called}\t{self.ours.locale}\t{self.ours.category}\t{status}\t{told}".rstrip()


class Approval:
    """The templates of one WhatsApp Business account (`account`).

    Its methods raise GraphError where WhatsApp refuses, aiohttp.ClientError or TimeoutError where it is not reached.
    """

    def __init__(self, graph: Graph, account: str) -> None:
        self._graph = graph
        self._account = account

    async def compared(self, templates: Iterable[Template]) -> list[Compared]:
        """Compare our templates with what WhatsApp has."""
        theirs = await self._theirs()
        return [Compared(ours, theirs.get((ours.called, ours.locale))) for ours in templates]

    async def submit(self, one: Compared) -> bool:
        """Hand in a template that is missing or says something else there; tell whether it was handed in."""
        wanted = {"category": one.ours.category.upper(), "components": one.ours.components()}
        if one.theirs is None:
            named = {"name": one.ours.called, "language": one.ours.locale, "parameter_format": "NAMED"}
            await self._graph.post(f"{self._account}/message_templates", {**named, **wanted})
            return True
        if one.differs and one.theirs.status in DECIDED:
            await self._graph.post(one.theirs.id, wanted)
            return True
        return False

    async def _theirs(self) -> Mapping[tuple[str, str], Theirs]:
        """Read all pages of what WhatsApp has of ours, by name and language."""
        found: dict[tuple[str, str], Theirs] = {}
        asked = {"fields": FIELDS, "limit": "100"}
        while True:
            page = await self._graph.get(f"{self._account}/message_templates", **asked)
            for raw in page.get("data", []):
                if raw["name"].startswith(PREFIX):
                    found[raw["name"], raw["language"]] = _read(raw)
            paging = page.get("paging", {})
            if "next" not in paging:
                return found
            asked["after"] = paging["cursors"]["after"]


def _read(raw: Mapping[str, Any]) -> Theirs:
    reason = raw.get("rejected_reason", NEVER_DECIDED)
    told = "" if reason == NEVER_DECIDED else reason.lower()
    said = _said(raw.get("components", []))
    return Theirs(raw["id"], raw["status"].lower(), raw["category"].lower(), told, said)


def _said(components: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the words of a body and of buttons; examples and what WhatsApp adds do not count."""
    said: dict[str, Any] = {}
    for part in components:
        match part["type"]:
            case "BODY":
                said["body"] = part["text"]
            case "BUTTONS":
                said["buttons"] = [(button["type"], button["text"]) for button in part["buttons"]]
            case kind:
                said[kind.lower()] = msgspec.to_builtins(part)
    return said
