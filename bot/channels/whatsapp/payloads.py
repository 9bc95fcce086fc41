"""What WhatsApp posts, as far as it is read here; `updates` makes something of it."""

from __future__ import annotations

import math
from typing import Any

import msgspec


class Words(msgspec.Struct):
    """A text."""

    body: str = ""


class Choice(msgspec.Struct):
    """A button or row that was tapped."""

    id: str


class Interactive(msgspec.Struct):
    """An answer to a message with choices."""

    button_reply: Choice | None = None
    list_reply: Choice | None = None


class TemplateButton(msgspec.Struct):
    """A key below a template that was tapped."""

    payload: str
    text: str = ""


class Position(msgspec.Struct):
    """Where somebody is, in degrees."""

    latitude: float = math.nan
    longitude: float = math.nan


class File(msgspec.Struct):
    """A picture, voice or document."""

    id: str = ""


class Referral(msgspec.Struct):
    """The ad or post that somebody came through."""

    source_type: str = ""
    source_id: str = ""


class System(msgspec.Struct):
    """Another number of somebody."""

    type: str = ""
    wa_id: str = ""
    user_id: str = ""
    previous_user_id: str = ""


class Number(msgspec.Struct):
    """A number in a shared contact."""

    wa_id: str = ""


class Card(msgspec.Struct):
    """A shared contact."""

    phones: list[Number] = []


class Message(msgspec.Struct, rename={"sender": "from"}):
    """What somebody sent."""

    id: str
    type: str
    timestamp: str | int = ""
    sender: str = ""
    from_user_id: str = ""
    referral: Any = None
    system: System | None = None
    text: Words | None = None
    interactive: Interactive | None = None
    button: TemplateButton | None = None
    image: File | None = None
    audio: File | None = None
    document: File | None = None
    location: Position | None = None
    contacts: list[Card] = []


class Fault(msgspec.Struct):
    """Why a message failed."""

    code: int = 0


class Status(msgspec.Struct):
    """How far a message of ours came."""

    status: str
    timestamp: str | int = ""
    biz_opaque_callback_data: str = ""
    errors: list[Fault] = []


class Preference(msgspec.Struct):
    """What somebody wants to be sent."""

    category: str
    value: str
    wa_id: str = ""
    user_id: str = ""
    timestamp: int = 0
