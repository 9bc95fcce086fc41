"""Which chats an incoming concerns besides its own, and where it goes when its chat has moved meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from conversations.messages import MEANT_FOR_PEOPLE, Address, Continued, Incoming
from storage.chats import Chat
from storage.moving import elsewhere, is_vacant


def concerns(incoming: Incoming) -> tuple[Address, ...]:
    """Return the addresses whose chats are to be locked for an incoming."""
    what = incoming.what
    return (incoming.address, what.to) if isinstance(what, Continued) else (incoming.address,)


def is_in_vain(incoming: Incoming, locked: Mapping[Address, Chat]) -> bool:
    """Tell whether a move comes too late: somebody began to answer where the chat was to go. Nothing is lost by that,
    the code is still good."""
    return isinstance(incoming.what, Continued) and not is_vacant(locked[incoming.what.to])


def followed(incoming: Incoming, chat: Chat) -> Incoming | None:
    """Return the incoming as it goes to where the people it is meant for are now; None where that is here."""
    to = elsewhere(chat) if isinstance(incoming.what, MEANT_FOR_PEOPLE) else None
    return replace(incoming, address=to) if to is not None else None
