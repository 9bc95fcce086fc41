"""The house itself: what stands where, how long a function may be, and that the documents tell the truth about it."""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
ROOMS = {"bot", "conversations", "locales", "storage", "tests", "docs"}
PAPERS = {"pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile"}
MADE_HERE = {"var", "__pycache__"}
"""What running makes beside the rooms; git ignores it, as it does most of what begins with a dot."""

NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
LONGEST = 40
"""Lines of a function without its docstring."""

LONGER = {
    "storage/migrations/versions/0001_the_first_schema.py:upgrade": "a list of tables, written once and never changed",
    "storage/migrations/versions/0011_the_field.py:upgrade": "a list of tables, written once and never changed",
}
"""Functions that may be longer, as "path:name", each with the reason."""

LOCKS = tuple(sorted((ROOT / ".ci" / "locks").glob("*.txt")))
DOCUMENTS = tuple(sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "locales").rglob("*.md")]))

LINK = re.compile(r"(?:\]\(|src=\")([^)#\s\"]+)")
PATH = re.compile(rf"`((?:{'|'.join(ROOMS)}|\.ci)/[\w./-]+)`")
PLACE = re.compile(r"`((?:bot|conversations|storage|tests)/[\w/]+\.py)` `([\w.]+)`")
MAKE = re.compile(r"^(?:PORT=\d+ )?make ([a-z]+)|`(?:PORT=\d+ )?make ([a-z]+)", re.MULTILINE)
SETTING = re.compile(r"JAMIN_[A-Z_]+[A-Z]")


def relative(path: Path) -> str:
    """Name a file the way the documents do; also the name of a test's case."""
    return path.relative_to(ROOT).as_posix()


def sources() -> Iterator[Path]:
    """Yield every Python file of ours."""
    for room in sorted(ROOMS):
        yield from sorted((ROOT / room).rglob("*.py"))


each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
each_lock = pytest.mark.parametrize("lock", LOCKS, ids=relative)


# --- what stands where -----------------------------------------------------------------------------------------------


def test_top_level() -> None:
    """Only the rooms and their papers stand at the top."""
    found = {entry.name for entry in ROOT.iterdir() if not entry.name.startswith(".")}
    assert found - MADE_HERE == ROOMS | PAPERS


def test_telling_names() -> None:
    """No file or folder has a name that says nothing about what is in it."""
    names = {part.removesuffix(".py"): path for path in sources() for part in path.relative_to(ROOT).parts}
    assert {name: relative(path) for name, path in names.items() if name in NAMES_THAT_SAY_NOTHING} == {}


# --- functions -------------------------------------------------------------------------------------------------------


class Function(NamedTuple):
    """A function: where it stands and its lines without the docstring."""

    name: str
    lines: int


def functions() -> Iterator[Function]:
    """Yield every function of ours."""
    for path in sources():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Function(f"{relative(path)}:{node.name}", lines_of(node))


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines from `def` to the end, without the docstring."""
    assert node.end_lineno is not None
    whole = node.end_lineno - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is None or first.end_lineno is None:
        return whole
    return whole - (first.end_lineno - first.lineno + 1)


@functools.cache
def parsed(path: Path) -> ast.Module:
    """Parse a file once."""
    return ast.parse(path.read_text())


def test_short_functions() -> None:
    """No function is longer than forty lines, except those that are listed with a reason."""
    assert {f.name: f.lines for f in functions() if f.lines > LONGEST and f.name not in LONGER} == {}


def test_exceptions_are_needed() -> None:
    """A function that became short again leaves the list of exceptions."""
    assert set(LONGER) <= {f.name for f in functions() if f.lines > LONGEST}


# --- locks -----------------------------------------------------------------------------------------------------------


def requirements(lock: Path) -> dict[str, str]:
    """Read a lock: each pinned requirement and the lines that belong to it."""
    blocks = re.split(r"\n(?=\S)", lock.read_text().strip())
    return {block.split(" \\")[0]: block for block in blocks}


@each_lock
def test_lock_names_no_host(lock: Path) -> None:
    """A lock names no host and sets no option: where packages come from is the reader's affair."""
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"^-", text, re.MULTILINE)


@each_lock
def test_lock_is_exact(lock: Path) -> None:
    """Every requirement in a lock has one exact version and at least one hash."""
    assert [r for r in requirements(lock) if not re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+( ;|$)", r)] == []
    assert [r for r, block in requirements(lock).items() if "--hash=sha256:" not in block] == []


def test_same_versions_in_test() -> None:
    """The tests run on exactly the versions that are served."""
    run, test = (requirements(ROOT / ".ci" / "locks" / name) for name in ("run.txt", "test.txt"))
    assert set(run) <= set(test)


def test_every_dependency_is_locked() -> None:
    """Whatever pyproject.toml asks for is in the lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {
        "run.txt": project["dependencies"],
        "test.txt": project["dependencies"] + project["optional-dependencies"]["test"],
    }
    for name, asked in wanted.items():
        locked = {re.split(r"[=\[]", r)[0] for r in requirements(ROOT / ".ci" / "locks" / name)}
        assert {re.split(r"[=<>\[]", a)[0] for a in asked} <= locked


# --- documents -------------------------------------------------------------------------------------------------------


@each_document
def test_links_lead_somewhere(document: Path) -> None:
    """Every link to a file of ours leads to one."""
    links = [link for link in LINK.findall(document.read_text()) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


@each_document
def test_paths_exist(document: Path) -> None:
    """Every file that a document names is there."""
    assert [path for path in PATH.findall(document.read_text()) if not (ROOT / path).exists()] == []


@each_document
def test_named_functions_exist(document: Path) -> None:
    """Where a document names a function or class beside its file, it is defined there."""
    named = PLACE.findall(document.read_text())
    assert [f"{path} {name}" for path, name in named if name not in defined(ROOT / path)] == []


@functools.cache
def defined(path: Path) -> frozenset[str]:
    """List what a file defines: functions, classes, their methods as "Class.method", and constants."""
    names = set()
    for node in parsed(path).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name, body=body):
                names |= {
                    name,
                    *(f"{name}.{n.name}" for n in body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)),
                }
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return frozenset(names)


@each_document
def test_make_targets_exist(document: Path) -> None:
    """Every `make` a document tells somebody to type is a target."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    asked = {one or other for one, other in MAKE.findall(document.read_text())}
    assert asked - targets == set()


def test_every_setting_is_documented() -> None:
    """docs/running.md describes every setting, and no document names one that does not exist."""
    settings = {f"JAMIN_{name.upper()}" for name in Settings.model_fields}
    described = re.findall(r"^\| `(JAMIN_[A-Z_]+)`", (ROOT / "docs" / "running.md").read_text(), re.MULTILINE)
    assert set(described) == settings
    assert {name for document in DOCUMENTS for name in SETTING.findall(document.read_text())} <= settings


def test_changelog_has_this_version() -> None:
    """The changelog tells of the version that pyproject.toml names."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert re.search(rf"^## \[{re.escape(version)}\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
