"""The packages that a lock names, with their licences, as a CycloneDX bill of materials."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

LOCKS = Path(__file__).parent.parent.parent / ".ci" / "locks"
UNKNOWN = "unknown"

_PINNED = re.compile(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==([^\s;\\]+)( ; [^\\\n]+)?", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class Part(NamedTuple):
    """A package: its licence as its own metadata says it, `UNKNOWN` where it is not installed or says nothing."""

    name: str
    version: str
    licence: str
    hashes: tuple[str, ...]

    @property
    def purl(self) -> str:
        """Its name in bills of materials."""
        return f"pkg:pypi/{self.name}@{self.version}"


def parts(lock: str) -> Iterator[Part]:
    """Yield what a lock names, "run" or "test"."""
    text = (LOCKS / f"{lock}.txt").read_text()
    for block in re.split(r"\n(?=\S)", text):
        if found := _PINNED.match(block):
            yield Part(found[1], found[2], _licence(found[1]), tuple(_HASH.findall(block)))


def _licence(name: str) -> str:
    try:
        told = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return UNKNOWN
    classified = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or () if one.startswith("License ::")]
    said = [(told.get_all(field) or [""])[0].strip().split("\n")[0][:60] for field in ("License-Expression", "License")]
    return next(filter(None, said), "") or " OR ".join(classified) or UNKNOWN


def bill(lock: str) -> dict[str, Any]:
    """Return the bill of materials of a lock (CycloneDX 1.6)."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "jamin", "bom-ref": "jamin"}},
        "components": [_component(part) for part in parts(lock)],
    }


def _component(part: Part) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
        "purl": part.purl,
        "licenses": [{"license": {"name": part.licence}}],
        "properties": [{"name": "jamin:sha256-of-a-file", "value": one} for one in part.hashes],
    }
