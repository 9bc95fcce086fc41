"""What the office aims at: a small form, whose every change stands in the trail."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot.desk.pages import field, page, see
from bot.desk.room import OPERATOR, ROOM
from storage import audit
from storage.monitor.targets import TARGETS, set_target, targets_set

HERE = "/desk/monitor/target"


async def show(request: web.Request) -> web.Response:
    """Show the targets."""
    async with request.app[ROOM].database.read() as connection:
        known = await targets_set(connection)
    return _page(request, {name: str(value) for name, value in known.items()})


async def change(request: web.Request) -> web.Response:
    """Set the targets; an empty field takes one away."""
    form, room = await request.post(), request.app[ROOM]
    typed = {target.name: field(form, target.name) for target in TARGETS}
    wrong = [target.name for target in TARGETS if typed[target.name] and not _read(typed[target.name], target.most)]
    if wrong:
        return _page(request, typed, wrong=wrong, status=422)
    async with room.database.write() as connection:
        known = await targets_set(connection)
        aims = {target.name: _read(typed[target.name], target.most) for target in TARGETS}
        changed = {name: aim for name, aim in aims.items() if aim != known.get(name)}
        for name, aim in changed.items():
            await set_target(connection, name, aim, room.clock())
        for name, aim in changed.items():
            subject = f"target {name}: {known.get(name, '-')} to {aim or '-'}"
            await audit.append(connection, room.clock(), request[OPERATOR].name, "target", subject)
    return see(HERE, "aimed")


def _read(typed: str, most: int) -> int | None:
    """Read a whole number from 1 to `most`, with or without dots between the thousands; None for anything else."""
    digits = typed.replace(".", "")
    return int(digits) if digits.isascii() and digits.isdigit() and 0 < int(digits[:12]) <= most else None


def _page(
    request: web.Request, typed: Mapping[str, str], wrong: list[str] | None = None, status: int = 200
) -> web.Response:
    return page(request, "targets.html", status=status, typed=typed, wrong=wrong or [], targets=TARGETS)
