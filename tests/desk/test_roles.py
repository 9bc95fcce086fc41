"""Who may do what: the table, the document and the doors say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.desk import DOORS, MANUAL_DOORS
from bot.desk.doors import Door
from bot.desk.menu import MENU, home_of
from bot.desk.roles import OPEN, OWN, RIGHTS, ROLES, may
from bot.monitor.wing import MONITOR
from bot.wording import load_speech
from tests.desk.office import Office
from tests.desk.test_work import NOBODYS

DOCUMENT = Path(__file__).parents[2] / "docs" / "roles.md"
EVERY_DOOR = (*DOORS, *MANUAL_DOORS, *MONITOR.doors)
LINE = re.compile(r"^\| `([a-z.]+)` \| (.+?) \|((?: (?:yes)? ?\|){5})$", re.MULTILINE)
PLACE = re.compile(r"\{(\w+)(?::((?:[^{}]|\{[^{}]*\})+))?\}")
SAMPLES = {
    "number": "999",
    "reference": NOBODYS,
    "agent": NOBODYS,
    "organisation": NOBODYS,
    "broadcast": NOBODYS,
    "form": "KODE7777",
    "code": "KODE7777",
    "chat": "999",
    "line": "9",
}
"""What stands in a path for things that are not there: whoever may go through is told that there is no such page."""


def documented() -> dict[str, tuple[str, ...]]:
    """Read the document's table: the roles that may do each act."""
    found = LINE.findall(DOCUMENT.read_text())
    return {
        act: tuple(role for role, cell in zip(ROLES, cells.split("|"), strict=False) if cell.strip())
        for act, _, cells in found
    }


def path_of(door: Door) -> str:
    """Return a path that leads through a door."""
    return "/desk" + PLACE.sub(lambda place: SAMPLES.get(place[1]) or place[2].partition("|")[0], door.path)


def test_the_document_shows_the_table() -> None:
    """docs/roles.md holds the very table that the code goes by, in words too."""
    assert documented() == {right.act: right.roles for right in RIGHTS}
    words = {act: what for act, what, _ in LINE.findall(DOCUMENT.read_text())}
    assert words == {right.act: right.what + (" (asks once more)" if right.sure else "") for right in RIGHTS}


@pytest.mark.parametrize("door", EVERY_DOOR, ids=lambda door: f"{door.method} {door.path}")
def test_every_door_names_an_act(door: Door) -> None:
    """A door is for an act of the table, or for everybody signed in, or for everybody."""
    assert door.act in {right.act for right in RIGHTS} | {OPEN, OWN}


def test_no_act_stands_there_for_nothing() -> None:
    """Every act of the table is what some door is for."""
    assert {right.act for right in RIGHTS} <= {door.act for door in EVERY_DOOR}


def test_only_signing_in_is_open_to_everybody() -> None:
    """Nothing but the sign-in page and the files need nobody signed in."""
    assert {door.path for door in EVERY_DOOR if door.act == OPEN} == {"/masuk"}


def test_what_is_not_in_the_table_nobody_may_do() -> None:
    """An act that was forgotten in the table is nobody's, and so is every act for a role that does not exist."""
    assert not any(may(role, "secrets.see") for role in ROLES)
    assert not any(may("boss", right.act) for right in RIGHTS)


def test_everybody_begins_somewhere() -> None:
    """Each role begins at a page of the menu that it may open."""
    begins = {role: home_of(role) for role in ROLES}
    acts = {entry.path: entry.act for entry in MENU}
    assert all(may(role, acts[path]) for role, path in begins.items())
    assert begins["operator"] == "/desk"


def test_acts_and_roles_have_words() -> None:
    """Every act and role has words for the team's page."""
    said = load_speech().phrases
    assert {f"desk.act.{right.act}" for right in RIGHTS} | {f"desk.role.{role}" for role in ROLES} <= set(said)


@pytest.mark.parametrize("role", ROLES)
async def test_an_operator_beyond_their_role_is_turned_back_at_every_door(by_hand: Office, role: str) -> None:
    """At each door a role that the document allows goes through, and any other is turned back at once."""
    page = await by_hand.begin(role=role)
    allowed = documented()
    for door in EVERY_DOOR:
        if door.act in (OPEN, OWN):
            continue
        data = {"proof": page.proof} if door.method == "POST" else None
        async with by_hand.client.request(door.method, path_of(door), data=data, allow_redirects=False) as answer:
            is_turned_back = answer.status == 403 or (answer.status, door.path) == (303, "")
            assert is_turned_back == (role not in allowed[door.act]), f"{role} at {door.method} {door.path}"


async def test_the_menu_shows_what_one_may_open(by_hand: Office) -> None:
    """Nobody is offered a page that would turn them back."""
    for role in ROLES:
        by_hand.leave()
        await by_hand.begin(role, role)
        page = (await by_hand.get("/desk/sandi")).text
        menu = page.partition('<nav id="menu"')[2].partition("</nav>")[0]
        assert {entry.path for entry in MENU if f'"{entry.path}"' in menu} == {
            entry.path for entry in MENU if may(role, entry.act)
        }


async def test_somebody_turned_back_is_told_why(office: Office) -> None:
    """An operator who knows the address of a page that is not theirs is told so."""
    await office.begin()
    turned = await office.get("/desk/audit")
    assert (turned.status, "desk.note.not_yours" in turned.text) == (403, True)
