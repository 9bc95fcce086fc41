"""What the bot shows about itself in Telegram: the menu of commands and the two descriptions."""

from __future__ import annotations

from telegram import Bot, BotCommand
from telegram.constants import BotCommandLimit, BotDescriptionLimit

from bot.channels.web import Languages

COMMANDS = ("bantuan", "kembali", "status", "pindah", "petugas", "ulang", "stop")
"""Words of `conversations.words` that stand in the menu; what each does is `telegram.command.<word>`."""

LIMITS = {
    **{f"telegram.command.{word}": int(BotCommandLimit.MAX_DESCRIPTION) for word in COMMANDS},
    "telegram.about": int(BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH),
    "telegram.description": int(BotDescriptionLimit.MAX_DESCRIPTION_LENGTH),
}
"""Characters that Telegram takes for each of these texts."""


async def show_profile(bot: Bot, languages: Languages) -> None:
    """Set menu and descriptions, in each language for the phones that are set to it; the first is for all others.

    Raises:
        TelegramError: Telegram refused or is away.
    """
    for number, locale in enumerate(languages.offered):
        say, code = languages.say(locale), locale if number else None
        menu = [BotCommand(word, say(f"telegram.command.{word}")) for word in COMMANDS]
        await bot.set_my_commands(menu, language_code=code)
        await bot.set_my_description(say("telegram.description"), language_code=code)
        await bot.set_my_short_description(say("telegram.about"), language_code=code)
