"""Every HTTP door of the whole program, asked with whatever schemathesis makes of it: refused or answered, no fault."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from bot.app import Jamin
from tests.databases import Sqlite
from tests.proof.site import Door, doors, site

EXAMPLES = 40
FORMS = ("application/x-www-form-urlencoded", "application/json")
SHAPE = {"type": "object", "additionalProperties": {"type": "string"}}
OTHERWISE_TOLD = "/backend/v1"
"""The embedded backend's own contract has a test of its own; one of its doors makes faults on purpose."""


def told(found: list[Door]) -> dict[str, Any]:
    """Describe the doors as OpenAPI does: any text in a path, any query, any form or JSON; any answer but a fault."""
    paths: dict[str, Any] = {}
    for door in found:
        if door.method in ("*", "HEAD") or door.path.startswith(OTHERWISE_TOLD):
            continue
        names = re.findall(r"\{(\w+)\}", door.path)
        text = {"type": "string", "minLength": 1, "maxLength": 80}
        known = [{"name": name, "in": "path", "required": True, "schema": text} for name in names]
        known.append({"name": "kode", "in": "query", "required": False, "schema": text})
        asked: dict[str, Any] = {"parameters": known, "responses": {"default": {"description": "any"}}}
        if door.method == "POST":
            asked["requestBody"] = {"content": {kind: {"schema": SHAPE} for kind in FORMS}}
        paths.setdefault(door.path, {})[door.method.lower()] = asked
    return {"openapi": "3.1.0", "info": {"title": "doors", "version": "1"}, "paths": paths}


def ask_all(jamin: Jamin, found: list[Door]) -> list[str]:
    """Ask the doors; return what was answered with a fault."""
    schema, faults = schemathesis.openapi.from_dict(told(found)), list[str]()
    cases = st.one_of([one.ok().as_strategy() for one in schema.get_all_operations() if isinstance(one, Ok)])

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def ask(case: schemathesis.Case[Any]) -> None:
        answer = case.call(base_url=jamin.root, timeout=60, allow_redirects=False)
        if answer.status_code >= 500:
            faults.append(f"{case.method} {case.path}: {answer.status_code}")

    ask()
    return faults


# Schemathesis draws with Python's own dice, which Hypothesis grumbles about.
@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")
async def test_no_door_answers_with_a_fault(tmp_path: Path, sqlite: Sqlite) -> None:
    """Whatever fits the shape of a door, well or badly, is answered with less than 500."""
    async with site(tmp_path / "home", sqlite.fresh()) as jamin:
        found = doors(jamin)
        assert len(told(found)["paths"]) > 40
        assert await asyncio.to_thread(ask_all, jamin, found) == []
