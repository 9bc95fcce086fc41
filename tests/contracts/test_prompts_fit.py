"""Every prompt, at every moment that words it differently, is taken by every messenger as it is."""

from __future__ import annotations

import json

from bot import wording
from bot.channels.telegram.keyboards import Sharing, keyboard
from bot.channels.whatsapp.shapes import shapes
from bot.wording import load_speech
from conversations.messages import Message, Reply
from conversations.prompting import bound
from tests.fakes import bot_api, graph_api


def messages() -> list[Message]:
    """Every prompt in words, each once."""
    found: dict[Message, None] = {}
    for flow, step, view in wording.prompts():
        buttons = tuple(bound(option, step, wording.LATEST_ASKING) for option in step.options(view))
        reply = Reply(step.ask(view) + step.help(view), buttons)
        message = load_speech().message(reply, view.session)
        found[Message(message.text, message.buttons, flow.name, step.name)] = None
    return list(found)


SHARE = Sharing("Kirim nomor HP saya", "Bagikan lokasi saya")


def test_telegram_takes_every_prompt() -> None:
    """Text and keys of every prompt are within Telegram's limits."""
    for message in messages():
        assert 0 < len(message.text) <= bot_api.LONGEST_TEXT
        bot_api.check_markup(json.loads(keyboard(message, SHARE).to_json()), private=True)


def test_whatsapp_takes_every_prompt() -> None:
    """Every prompt is a message, or a text and a question, within WhatsApp's limits; no choice is lost."""
    for message in messages():
        sent = shapes(message, load_speech().phrases["whatsapp.choose"])
        for shape in sent:
            graph_api.check(shape)
        offered = [key["title"] for key in graph_api.choices(sent[-1])]
        assert offered == [button.label for button in message.buttons if button.value], message.step
