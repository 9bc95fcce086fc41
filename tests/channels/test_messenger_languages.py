"""What a messenger adds to a message, in the language of the message."""

from __future__ import annotations

from bot.channels.chores import Chores
from bot.channels.pace import Pace
from bot.channels.telegram.keyboards import sharing
from bot.channels.telegram.sender import LIMITS as TELEGRAM_LIMITS
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.wire import make_bot
from bot.channels.web import Say
from bot.channels.whatsapp.sender import LIMITS as WHATSAPP_LIMITS
from bot.channels.whatsapp.sender import WhatsAppSender
from bot.channels.whatsapp.wire import Wire
from bot.web_app import saying
from bot.wording import load_speech
from conversations.messages import Address, Message, Shown
from storage.deliveries import Delivery
from tests import toy
from tests.fakes import bot_api, graph_api
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.graph_api import FakeGraphApi


def said_in(locale: str) -> Say:
    """The catalogue of a language."""
    return saying(load_speech(locale))


def delivery(channel: str, message: Message) -> Delivery:
    """A reply that is to be sent now."""
    return Delivery(1, 1, "reply", channel, "b", "reply", 1, Address(channel, "b", "7"), None, message, toy.NOW)


async def test_telegrams_keys_that_share_are_in_the_language_of_the_message() -> None:
    """Who is asked in English for a number finds "Send my mobile number" below."""
    async with FakeBotApi().running() as api:
        api.message(7)
        bot, chores = make_bot(bot_api.TOKEN, api.url), Chores()
        sender = TelegramSender(bot, Pace(TELEGRAM_LIMITS), chores, lambda locale: sharing(said_in(locale)))
        await sender.send(delivery("telegram", Message("?", step="phone", locale="en")))
        await sender.send(delivery("telegram", Message("?", step="home_region", locale="jv")))
        keys = [sent["reply_markup"]["keyboard"][0][0]["text"] for sent in api.sent[7]]
        assert keys == [said_in("en")("telegram.share_phone"), said_in("jv")("telegram.share_place")]
        await chores.stop()
        await bot.request.shutdown()


async def test_whatsapps_lists_open_in_the_language_of_the_message() -> None:
    """The key that opens a list says so in Sundanese below a Sundanese question."""
    async with FakeGraphApi().running() as api:
        api.last_said["7"] = api.clock()
        wire = Wire(graph_api.TOKEN, graph_api.NUMBER, api.url)
        sender = WhatsAppSender(
            wire, Pace(WHATSAPP_LIMITS), lambda: toy.NOW, lambda locale: said_in(locale)("whatsapp.choose")
        )
        choices = tuple(Shown(f"Pilihan {n}", f"1:x:{n}") for n in range(5))
        await sender.send(delivery("whatsapp", Message("Nu mana?", choices, locale="su")))
        assert api.sent["7"][0]["interactive"]["action"]["button"] == said_in("su")("whatsapp.choose")
        await wire.close()
