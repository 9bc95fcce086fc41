"""The keys below a message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.channels.links import is_public
from bot.channels.web import Say
from conversations.messages import Message, Shown

PHONE = "phone"
"""The step at which the worker's own number can be shared by a tap."""

PLACES = frozenset({"home_region", "work_region"})
"""The steps at which the worker's position can be shared by a tap."""


class Sharing(NamedTuple):
    """The labels of the keys that share something."""

    phone: str
    place: str


def sharing(say: Say) -> Sharing:
    """Give the labels in the language of a catalogue."""
    return Sharing(say("telegram.share_phone"), say("telegram.share_place"))


Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


def keyboard(message: Message, share: Sharing) -> Keyboard:
    """Return the keys of a message; `share` labels the keys that share the worker's number or position.

    A message has either keys below itself or keys in place of the letters, and only the latter can share anything.
    There the other choices stand too; typing a choice is answering it. Regions to choose from stand below the message.
    """
    choices = [[KeyboardButton(button.label)] for button in message.buttons if button.value]
    if message.step == PHONE:
        return _in_place_of_letters([KeyboardButton(share.phone, request_contact=True)], *choices)
    if message.step in PLACES and not choices:
        return _in_place_of_letters([KeyboardButton(share.place, request_location=True)])
    keys = [[key] for button in message.buttons if (key := _key(button))]
    return InlineKeyboardMarkup(keys) if keys else ReplyKeyboardRemove()


def _in_place_of_letters(*rows: list[KeyboardButton]) -> ReplyKeyboardMarkup:
    return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)


def links_only(links: Iterable[tuple[str, str]]) -> InlineKeyboardMarkup | None:
    """Return what stays below a message once one of its buttons was tapped."""
    keys = [[InlineKeyboardButton(label, url=url)] for label, url in links]
    return InlineKeyboardMarkup(keys) if keys else None


def _key(button: Shown) -> InlineKeyboardButton | None:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url) if is_public(button.url) else None
    return InlineKeyboardButton(button.label, callback_data=button.value)
