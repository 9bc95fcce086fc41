"""The desk's doors: each path with its handler and the act that its visitor must be allowed to do.

A route that was not added through here has no act, and the guard answers it with "no such page".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from aiohttp import web
from aiohttp.typedefs import Handler


class Door(NamedTuple):
    """One door; `act` is an act of `roles.RIGHTS`, or `roles.OPEN`, or `roles.OWN`."""

    method: str
    path: str
    handler: Handler
    act: str


class Wing(NamedTuple):
    """Pages that another folder adds to the desk: their doors, where their templates lie, and what joins them to the
    whole application and to the desk before it opens."""

    doors: tuple[Door, ...]
    templates: Path
    join: Callable[[web.Application, web.Application], None]


ACTS: web.AppKey[dict[web.AbstractRoute, str]] = web.AppKey("desk_acts", dict)
"""The act of each route."""


def get(path: str, handler: Handler, *, act: str) -> Door:
    """Return a door that shows something."""
    return Door("GET", path, handler, act)


def post(path: str, handler: Handler, *, act: str) -> Door:
    """Return a door that changes something."""
    return Door("POST", path, handler, act)


def add_doors(desk: web.Application, doors: Iterable[Door]) -> None:
    """Add doors to the desk."""
    acts = desk.setdefault(ACTS, {})
    for door in doors:
        acts[desk.router.add_route(door.method, door.path, door.handler)] = door.act


def act_of(request: web.Request) -> str | None:
    """Return the act that a request asks for; None where there is no such door."""
    return request.app[ACTS].get(request.match_info.route)
