"""Every question as a worker sees it: one screen a wording, and its shape on each channel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup

from bot import wording
from bot.channels.telegram.keyboards import Sharing, keyboard
from bot.channels.whatsapp.shapes import BUTTON, MOST_BUTTONS, are_buttons, shapes
from conversations.messages import Message, Reply, Say
from conversations.prompting import bound
from conversations.speech import Speech

TELEGRAM_BODY = 4096
"""Characters of a message in Telegram."""


class Shape(NamedTuple):
    """A screen on one channel: the bubbles, the choices below the last of them, how these look (a class of the page),
    and the label that opens them, "" where they are open."""

    channel: str
    bubbles: tuple[str, ...]
    choices: tuple[str, ...]
    look: str
    opens: str = ""


class Screen(NamedTuple):
    """One wording of one question: where it is asked, its shapes, and what an editor should know of it."""

    flow: str
    step: str
    part: str
    shapes: tuple[Shape, ...]
    notes: tuple[str, ...]


def screens(speech: Speech) -> Iterator[Screen]:
    """Every step of every flow, once for each way of wording it: put in full, put again, and with help."""
    seen = set()
    for flow, step, view in wording.prompts():
        buttons = tuple(bound(option, step, wording.LATEST_ASKING) for option in step.options(view))
        for part, says in (("ask", step.ask(view)), ("short", step.short(view)), ("help", step.help(view))):
            worded = (flow.name, step.name, tuple(map(_worded, says)), tuple(_worded(b.label) for b in buttons))
            if worded not in seen:
                seen.add(worded)
                message = speech.message(Reply(says, buttons), view.session)
                told = Message(message.text, message.buttons, flow.name, step.name)
                yield Screen(flow.name, step.name, part, tuple(shown(told, speech)), tuple(notes(told)))


def shown(message: Message, speech: Speech) -> Iterator[Shape]:
    """Give a message as each channel shows it."""
    labels = tuple(button.label for button in message.buttons)
    yield _on_telegram(message, speech)
    yield _on_whatsapp(message, speech)
    yield Shape("web", (message.text,), labels, "chips")
    yield Shape(
        "terminal", (message.text,), tuple(f"[{n}] {label}" for n, label in enumerate(labels, start=1)), "lines"
    )


def notes(message: Message) -> Iterator[str]:
    """Tell how near a message is to what the channels hold."""
    labels = [button.label for button in message.buttons if button.value]
    yield f"{len(message.text)} / {wording.BODY} (WhatsApp), {TELEGRAM_BODY} (Telegram)"
    if not labels:
        return
    longest = max(labels, key=len)
    yield f"“{longest}”: {len(longest)} / {wording.TITLE}"
    if not are_buttons(labels):
        why = f"{len(labels)} > {MOST_BUTTONS}" if len(labels) > MOST_BUTTONS else f"{len(longest)} > {BUTTON}"
        yield f"WhatsApp: list ({why})"


def _on_telegram(message: Message, speech: Speech) -> Shape:
    share = Sharing(speech.phrases["telegram.share_phone"], speech.phrases["telegram.share_place"])
    keys = keyboard(message, share)
    if isinstance(keys, InlineKeyboardMarkup):
        return Shape("telegram", (message.text,), tuple(k.text for row in keys.inline_keyboard for k in row), "keys")
    if isinstance(keys, ReplyKeyboardMarkup):
        return Shape("telegram", (message.text,), tuple(k.text for row in keys.keyboard for k in row), "letters")
    return Shape("telegram", (message.text,), (), "keys")


def _on_whatsapp(message: Message, speech: Speech) -> Shape:
    sent = shapes(message, speech.phrases["whatsapp.choose"])
    bodies = tuple(_body(shape) for shape in sent)
    action = sent[-1].get("interactive", {}).get("action", {})
    if "sections" in action:
        rows = tuple(row["title"] for row in action["sections"][0]["rows"])
        return Shape("whatsapp", bodies, rows, "rows", action["button"])
    return Shape("whatsapp", bodies, tuple(key["reply"]["title"] for key in action.get("buttons", ())), "replies")


def _body(shape: dict[str, dict[str, dict[str, str]]]) -> str:
    return str(shape[str(shape["type"])]["body"]["text"] if "interactive" in shape else shape["text"]["body"])


def _worded(say: Say) -> tuple[object, ...]:
    """What tells one wording from another: the keys said, not the values they are filled with."""
    return (say.key, *(_worded(value) for value in say.values.values() if isinstance(value, Say)))
