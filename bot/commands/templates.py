"""For those who keep the WhatsApp number."""

from __future__ import annotations

import typer

from bot.commands.shared import Locale, known, refuse, run, the_settings
from bot.settings import Settings
from conversations.reading.language import LANGUAGES

templates = typer.Typer(no_args_is_help=True, help="The texts that WhatsApp has to approve.")


@templates.command("list")
def list_templates(locale: Locale = "id") -> None:
    """List our templates, one a line: name, language, category, status at WhatsApp, what differs or why refused."""
    from bot.template_commands import list_all

    known(locale, LANGUAGES[:1])
    run(list_all(_with_account(), locale))


@templates.command("submit")
def submit_templates(locale: Locale = "id") -> None:
    """Hand in for approval what WhatsApp lacks or has with other words; the names of what was handed in are printed."""
    from bot.template_commands import submit_all

    known(locale, LANGUAGES[:1])
    run(submit_all(_with_account(), locale))


def _with_account() -> Settings:
    settings = the_settings()
    if not (settings.whatsapp_token and settings.whatsapp_account_id):
        refuse("set JAMIN_WHATSAPP_TOKEN and JAMIN_WHATSAPP_ACCOUNT_ID; docs/channels.md says where Meta shows them")
    return settings
