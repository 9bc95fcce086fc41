"""Where agents belong: made, renamed and closed by staff, with what they pay if the office entered it."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import agents, codes, organisations

KINDS = ("wadah", "bank", "market", "village", "platform")
"""What an organisation may be."""


class Organisation(NamedTuple):
    """An organisation: `kind` is one of `KINDS`, `check_at` where anybody can ask whether an agent is theirs.

    `per_enrolment` and `per_payment` are rupiah that it pays an agent for each enrolment accepted and for each
    contribution month recorded; None where the office entered nothing.
    """

    id: str
    kind: str
    name: str
    area: str
    check_at: str
    per_enrolment: int | None = None
    per_payment: int | None = None
    closed_at: dt.datetime | None = None


class Listed(NamedTuple):
    """An organisation and how many agents of it are not ended, by role."""

    organisation: Organisation
    people: dict[str, int]


class Campaign(NamedTuple):
    """A code that stands for a campaign of the office."""

    code: str
    title: str
    ends_at: dt.datetime | None


async def keep_organisation(connection: AsyncConnection, organisation: Organisation, now: dt.datetime) -> bool:
    """Store an organisation; tell whether it was: no two have one name."""
    if await _named(connection, organisation.name, organisation.id):
        return False
    await connection.execute(sa.insert(organisations).values({**organisation._asdict(), "created_at": now}))
    return True


async def change_organisation(connection: AsyncConnection, organisation: Organisation) -> bool:
    """Store what is known of an organisation anew; tell whether it was: no two have one name."""
    if await _named(connection, organisation.name, organisation.id):
        return False
    values = {name: value for name, value in organisation._asdict().items() if name not in ("id", "closed_at")}
    await connection.execute(sa.update(organisations).where(organisations.c.id == organisation.id).values(values))
    return True


async def close_organisation(connection: AsyncConnection, organisation_id: str, now: dt.datetime) -> bool:
    """Close an organisation; tell whether it was: not while agents belong to it, whose links would name it."""
    members = sa.exists().where(agents.c.organisation_id == organisation_id, agents.c.state.in_(STANDING))
    open_one = sa.and_(organisations.c.id == organisation_id, organisations.c.closed_at.is_(None))
    closed = await connection.execute(sa.update(organisations).where(open_one, ~members).values(closed_at=now))
    return closed.rowcount == 1


async def organisation_by_id(connection: AsyncConnection, organisation_id: str | None) -> Organisation | None:
    """Return one organisation."""
    found = await connection.execute(sa.select(*_COLUMNS).where(organisations.c.id == organisation_id))
    row = found.first()
    return Organisation(*row) if row else None


async def all_organisations(connection: AsyncConnection) -> list[Listed]:
    """Return every organisation with its people counted, the open ones first, by name."""
    counted = await connection.execute(
        sa.select(agents.c.organisation_id, agents.c.role, sa.func.count())
        .where(agents.c.state.in_(STANDING), agents.c.organisation_id.is_not(None))
        .group_by(agents.c.organisation_id, agents.c.role)
    )
    people: dict[str, dict[str, int]] = {}
    for organisation_id, role, count in counted:
        people.setdefault(organisation_id, {})[role] = count
    order = (organisations.c.closed_at.is_not(None), organisations.c.name)
    found = await connection.execute(sa.select(*_COLUMNS).order_by(*order))
    return [Listed(Organisation(*row), people.get(row[0], {})) for row in found]


async def open_organisations(connection: AsyncConnection) -> list[Organisation]:
    """Return the organisations that somebody may be put into, by name."""
    return [listed.organisation for listed in await all_organisations(connection) if not listed.organisation.closed_at]


async def campaigns(connection: AsyncConnection) -> list[Campaign]:
    """Return the codes of campaigns, the newest first."""
    columns: tuple[sa.Column[Any], ...] = (codes.c.code, codes.c.title, codes.c.ends_at)
    newest = codes.c.created_at.desc()
    found = await connection.execute(sa.select(*columns).where(codes.c.kind == "campaign").order_by(newest))
    return [Campaign(*row) for row in found]


async def end_campaign(connection: AsyncConnection, code: str, now: dt.datetime) -> bool:
    """End a campaign's code; tell whether it still led somewhere."""
    led = sa.and_(codes.c.code == code, codes.c.kind == "campaign", codes.c.ends_at.is_(None))
    return (await connection.execute(sa.update(codes).where(led).values(ends_at=now))).rowcount == 1


async def _named(connection: AsyncConnection, name: str, but: str) -> bool:
    same = sa.func.lower(organisations.c.name) == name.lower()
    return bool((await connection.execute(sa.select(sa.exists().where(same, organisations.c.id != but)))).scalar())


STANDING = ("applied", "active", "suspended")
"""The states in which an agent belongs to an organisation."""

_COLUMNS = tuple(organisations.c[name] for name in Organisation._fields)
