"""What a reply looks like on WhatsApp: plain text, up to three buttons, or a list of up to ten rows."""

from __future__ import annotations

from typing import Any

from bot.channels.links import is_public
from bot.channels.parts import split
from conversations.messages import Message, Shown

TEXT = 4096
BODY = 1024
MOST_BUTTONS = 3
BUTTON = 20
MOST_ROWS = 10
ROW = 24

Shape = dict[str, Any]


def shapes(message: Message, choose: str) -> list[Shape]:
    """Return the messages that a reply becomes, the question with its choices last; `choose` opens a list.

    Links become lines of text: a message has either one link or choices below itself.
    """
    text = "\n".join([message.text, *(f"{link.label}: {link.url}" for link in message.buttons if is_public(link.url))])
    choices = [button for button in message.buttons if button.value][:MOST_ROWS]
    if not choices:
        return [plain(part) for part in split(text, TEXT)]
    told, question = question_apart(text)
    return [*(plain(part) for part in split(told, TEXT) if part), asked(question, choices, choose)]


def question_apart(text: str) -> tuple[str, str]:
    """Divide a text that is longer than a message with choices may be: the question is at its end."""
    if len(text) <= BODY:
        return "", text
    at = len(text) - BODY
    for mark in ("\n\n", "\n", " "):
        cut = text.find(mark, at)
        if cut >= 0 and text[cut:].strip():
            return text[:cut].rstrip(), text[cut:].strip()
    return text[:at], text[at:]


def plain(text: str) -> Shape:
    """Words alone."""
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def asked(question: str, choices: list[Shown], choose: str) -> Shape:
    """A question with its choices, as buttons where they fit."""
    if are_buttons([choice.label for choice in choices]):
        buttons = [{"type": "reply", "reply": {"id": choice.value, "title": choice.label}} for choice in choices]
        return _interactive("button", question, {"buttons": buttons})
    rows = [{"id": choice.value, "title": choice.label[:ROW]} for choice in choices]
    return _interactive("list", question, {"button": choose, "sections": [{"rows": rows}]})


def are_buttons(labels: list[str]) -> bool:
    """Tell whether labels may stand on buttons: few, short, and no two alike (two people may share a name)."""
    return len(labels) <= MOST_BUTTONS and len(set(labels)) == len(labels) and max(map(len, labels)) <= BUTTON


def _interactive(kind: str, body: str, action: Shape) -> Shape:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": body}, "action": action}}
