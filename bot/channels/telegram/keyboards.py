"""The keys below a message."""

from __future__ import annotations

from collections.abc import Iterable

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.channels.links import is_public
from conversations.messages import Message, Shown

PHONE = "phone"
"""The step at which the worker's own number can be shared by a tap."""

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


def keyboard(message: Message, share: str) -> Keyboard:
    """Return the keys of a message; `share` is the label of the key that shares the worker's number.

    A message has either keys below itself or keys in place of the letters, and only the latter can share a number.
    There the other choices stand too; typing a choice is answering it.
    """
    if message.step == PHONE:
        choices = [[KeyboardButton(button.label)] for button in message.buttons if button.value]
        rows = [[KeyboardButton(share, request_contact=True)], *choices]
        return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
    keys = [[key] for button in message.buttons if (key := _key(button))]
    return InlineKeyboardMarkup(keys) if keys else ReplyKeyboardRemove()


def links_only(links: Iterable[tuple[str, str]]) -> InlineKeyboardMarkup | None:
    """Return what stays below a message once one of its buttons was tapped."""
    keys = [[InlineKeyboardButton(label, url=url)] for label, url in links]
    return InlineKeyboardMarkup(keys) if keys else None


def _key(button: Shown) -> InlineKeyboardButton | None:
    if button.url:
        return InlineKeyboardButton(button.label, url=button.url) if is_public(button.url) else None
    return InlineKeyboardButton(button.label, callback_data=button.value)
