"""Agents and the codes that their links carry.

What an agent tells about themselves is sealed under a key of their own. A code stands for an agent, a meeting held by
one, or a campaign; it says nothing about anybody who came by it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.messages import AgencyDecided
from conversations.turn import Referral
from storage.sealing import DataKey, KeyRing, Wrapped
from storage.tables import agents, codes, organisations

KIND_OF_ROLE = {"volunteer": "volunteer"}
"""What a code says of whoever holds it; every other role enters data and counts as an agent."""


EVENT_HOLDS = dt.timedelta(days=30)
"""How long the code of a meeting leads anywhere."""


class Agent(NamedTuple):
    """An agent as staff see them. `data` holds name, organisation (as typed), letter and member ("yes" or "no");
    `organisation` is the name on record, else the one typed, and `organisation_id` None for the latter."""

    id: str
    chat_id: int | None
    organisation_id: str | None
    organisation: str
    code: str
    role: str
    state: str
    area: str
    data: dict[str, str]
    reason: str
    applied_at: dt.datetime
    decided_at: dt.datetime | None
    decided_by: str | None
    has_photo: bool


# --- applying and deciding -------------------------------------------------------------------------------------------


async def keep_application(
    connection: AsyncConnection,
    keys: KeyRing,
    chat_id: int,
    role: str,
    area: str,
    data: dict[str, str],
    now: dt.datetime,
) -> str:
    """Store an application, in place of an earlier one of the same chat; return the agent's id."""
    await connection.execute(
        sa.delete(agents).where(agents.c.chat_id == chat_id, agents.c.state.in_(("applied", "refused")))
    )
    return await keep_agent(connection, keys, chat_id, role, area, data, now)


async def keep_agent(
    connection: AsyncConnection,
    keys: KeyRing,
    chat_id: int | None,
    role: str,
    area: str,
    data: dict[str, str],
    now: dt.datetime,
    state: str = "applied",
) -> str:
    """Store an agent, what they told sealed under a key of their own; return the id."""
    agent_id = str(uuid.uuid4())
    wrapped, key = keys.new_key(f"agents.{agent_id}")
    values = {
        "id": agent_id,
        "chat_id": chat_id,
        "role": role,
        "state": state,
        "area": area,
        **wrapped._asdict(),
        "data": key.seal(msgspec.json.encode(data), f"agents.data.{agent_id}"),
        "applied_at": now,
    }
    await connection.execute(sa.insert(agents).values(values))
    return agent_id


async def keep_decision(
    connection: AsyncConnection, keys: KeyRing, chat_id: int, what: AgencyDecided, now: dt.datetime
) -> None:
    """Store what staff decided about the newest application of a chat; a code is issued or comes to its end with it."""
    newest = sa.select(agents.c.id).where(agents.c.chat_id == chat_id).order_by(agents.c.applied_at.desc()).limit(1)
    agent_id = (await connection.execute(newest)).scalar()
    if agent_id is None:
        return
    agent = await agent_by_id(connection, keys, agent_id)
    values: dict[str, Any] = {"state": what.state, "decided_at": now, "decided_by": what.by}
    if what.role:
        values["role"] = what.role
    values["reason"] = await _sealed_reason(connection, keys, agent_id, what.reason)
    await connection.execute(sa.update(agents).where(agents.c.id == agent_id).values(values))
    if what.state == "active" and agent is not None:
        await _keep_own_code(connection, agent, what, now)


async def _keep_own_code(connection: AsyncConnection, agent: Agent, what: AgencyDecided, now: dt.datetime) -> None:
    """Issue an agent's own code, or let the one they have stand for the role they have now."""
    kind = KIND_OF_ROLE.get(what.role or agent.role, "agent")
    if not agent.code:
        await keep_code(connection, what.code, kind, now, agent_id=agent.id)
    else:
        await connection.execute(sa.update(codes).where(codes.c.code == agent.code).values(kind=kind))


async def place_agent(connection: AsyncConnection, agent_id: str, organisation_id: str | None) -> None:
    """Put an agent into an organisation on record, or into none."""
    await connection.execute(sa.update(agents).where(agents.c.id == agent_id).values(organisation_id=organisation_id))


async def keep_photo(connection: AsyncConnection, keys: KeyRing, agent_id: str, photo: bytes | None) -> None:
    """Keep the photo that is shown on an agent's page, sealed under the agent's key; None takes it away."""
    key = await _key_of(connection, keys, agent_id)
    sealed = key.seal(photo, f"agents.photo.{agent_id}") if key and photo else None
    await connection.execute(sa.update(agents).where(agents.c.id == agent_id).values(photo=sealed))


async def photo_of(connection: AsyncConnection, keys: KeyRing, code: str) -> bytes | None:
    """Return the photo of the active agent whose own code this is, None where there is none."""
    columns = (agents.c.id, agents.c.key_id, agents.c.data_key, agents.c.photo)
    found = await connection.execute(
        sa.select(*columns)
        .join(codes, codes.c.agent_id == agents.c.id)
        .where(codes.c.code == code, codes.c.kind != "event", agents.c.state == "active", agents.c.photo.is_not(None))
    )
    row = found.first()
    if row is None or row.data_key is None:
        return None
    key = keys.unwrap(Wrapped(row.key_id, row.data_key), f"agents.{row.id}")
    return key.open(row.photo, f"agents.photo.{row.id}")


async def _sealed_reason(connection: AsyncConnection, keys: KeyRing, agent_id: str, reason: str) -> bytes | None:
    key = await _key_of(connection, keys, agent_id)
    return key.seal(reason.encode(), f"agents.reason.{agent_id}") if key and reason else None


async def keep_code(
    connection: AsyncConnection,
    code: str,
    kind: str,
    now: dt.datetime,
    *,
    agent_id: str | None = None,
    title: str = "",
    label: bytes | None = None,
    ends_at: dt.datetime | None = None,
) -> None:
    """Issue a code; `title` is a campaign's, `label` a meeting's, sealed with its agent's key."""
    values = {"code": code, "kind": kind, "agent_id": agent_id, "title": title, "label": label}
    await connection.execute(sa.insert(codes).values({**values, "created_at": now, "ends_at": ends_at}))


async def keep_event(
    connection: AsyncConnection, keys: KeyRing, chat_id: int, code: str, label: str, now: dt.datetime
) -> None:
    """Issue a code for a meeting of the active agent whose chat this is; for anybody else there is none."""
    agent = await agent_of_chat(connection, keys, chat_id)
    key = await _key_of(connection, keys, agent.id) if agent else None
    if agent is None or key is None:
        return
    sealed = key.seal(label.encode(), f"codes.label.{code}")
    await keep_code(connection, code, "event", now, agent_id=agent.id, label=sealed, ends_at=now + EVENT_HOLDS)


# --- looking up ------------------------------------------------------------------------------------------------------


async def referral(connection: AsyncConnection, keys: KeyRing, code: str, now: dt.datetime) -> Referral | None:
    """Return whom a code stands for; None for one that nobody has, that is over, or whose agent is not active."""
    row = (await connection.execute(_REFERRAL.where(codes.c.code == code))).first()
    if row is None or (row.ends_at is not None and row.ends_at <= now):
        return None
    if row.agent_id is None:
        return Referral(row.kind, row.title)
    if row.state != "active" or row.data_key is None:
        return None
    key = keys.unwrap(Wrapped(row.key_id, row.data_key), f"agents.{row.agent_id}")
    data = _data(key, row.agent_id, row.data)
    name = key.open(row.label, f"codes.label.{code}").decode() if row.label else data["name"]
    organisation = row.organisation or data.get("organisation", "")
    return Referral(row.kind, name, organisation, data.get("letter", ""), row.check_at or "")


_REFERRAL = (
    sa.select(
        *(codes.c.code, codes.c.kind, codes.c.agent_id, codes.c.title, codes.c.label, codes.c.ends_at),
        *(
            agents.c.state,
            agents.c.key_id,
            agents.c.data_key,
            agents.c.data,
            organisations.c.name.label("organisation"),
            organisations.c.check_at,
        ),
    )
    .outerjoin(agents, agents.c.id == codes.c.agent_id)
    .outerjoin(organisations, organisations.c.id == agents.c.organisation_id)
)


async def known_code(connection: AsyncConnection, code: str) -> bool:
    """Tell whether a code was ever issued."""
    return bool((await connection.execute(sa.select(sa.exists().where(codes.c.code == code)))).scalar())


async def agent_by_id(connection: AsyncConnection, keys: KeyRing, agent_id: str) -> Agent | None:
    """Return one agent."""
    found = await _agents(connection, keys, agents.c.id == agent_id)
    return found[0] if found else None


async def agents_in(connection: AsyncConnection, keys: KeyRing, state: str) -> list[Agent]:
    """Return the agents in a state, who applied first first."""
    return await _agents(connection, keys, agents.c.state == state)


async def agents_of(connection: AsyncConnection, keys: KeyRing, organisation_id: str) -> list[Agent]:
    """Return the active agents of an organisation."""
    of = sa.and_(agents.c.organisation_id == organisation_id, agents.c.state == "active")
    return await _agents(connection, keys, of)


async def agent_of_chat(connection: AsyncConnection, keys: KeyRing, chat_id: int) -> Agent | None:
    """Return the active agent whose chat this is."""
    found = await _agents(connection, keys, sa.and_(agents.c.chat_id == chat_id, agents.c.state == "active"))
    return found[-1] if found else None


async def agent_with(connection: AsyncConnection, keys: KeyRing, code: str) -> Agent | None:
    """Return the active agent whose own code this is."""
    found = await _agents(connection, keys, sa.and_(codes.c.code == code, agents.c.state == "active"))
    return found[0] if found else None


async def _agents(connection: AsyncConnection, keys: KeyRing, condition: sa.ColumnElement[bool]) -> list[Agent]:
    own = sa.and_(codes.c.agent_id == agents.c.id, codes.c.kind != "event")
    found = await connection.execute(
        sa.select(agents, codes.c.code, organisations.c.name.label("organisation"))
        .outerjoin(codes, own)
        .outerjoin(organisations, organisations.c.id == agents.c.organisation_id)
        .where(condition)
        .order_by(agents.c.applied_at, agents.c.id)
    )
    return [_agent(keys, row) for row in found]


def _agent(keys: KeyRing, row: sa.Row[Any]) -> Agent:
    clear = {name: getattr(row, name) for name in Agent._fields if name not in _MADE}
    data, reason = {}, ""
    if row.data_key is not None:
        key = keys.unwrap(Wrapped(row.key_id, row.data_key), f"agents.{row.id}")
        data = _data(key, row.id, row.data)
        reason = key.open(row.reason, f"agents.reason.{row.id}").decode() if row.reason else ""
    organisation = row.organisation or data.get("organisation", "")
    return Agent(
        **clear,
        data=data,
        reason=reason,
        organisation=organisation,
        code=row.code or "",
        has_photo=row.photo is not None,
    )


_MADE = ("data", "reason", "organisation", "code", "has_photo")
"""Fields of an agent that are no column as they are."""


def _data(key: DataKey, agent_id: str, sealed: bytes) -> dict[str, str]:
    return msgspec.json.decode(key.open(sealed, f"agents.data.{agent_id}"), type=dict[str, str])


async def _key_of(connection: AsyncConnection, keys: KeyRing, agent_id: str) -> DataKey | None:
    found = await connection.execute(sa.select(agents.c.key_id, agents.c.data_key).where(agents.c.id == agent_id))
    row = found.first()
    return keys.unwrap(Wrapped(*row), f"agents.{agent_id}") if row and row.data_key else None
