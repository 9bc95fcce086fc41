"""`python -m bot templates`: our templates beside what WhatsApp approved, and handing them in."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import aiohttp
import typer

from bot.channels.whatsapp.approval import Approval
from bot.channels.whatsapp.graph import Graph, GraphError
from bot.channels.whatsapp.templates import load_templates
from bot.settings import Settings

NOT_ALLOWED = frozenset({10, 190, 200})
"""Error codes: the token is not good, or may not manage templates."""


async def list_all(settings: Settings, locale: str) -> None:
    """Print a line for each template.

    Raises:
        typer.Exit: WhatsApp refused or was not reached; standard error says which and what to do.
    """
    async with _approval(settings) as approval:
        for one in await approval.compared(load_templates(locale).values()):
            typer.echo(one.line())


async def submit_all(settings: Settings, locale: str) -> None:
    """Hand in what is missing or differs, and print the names.

    Raises:
        typer.Exit: WhatsApp refused or was not reached; what was handed in before stays handed in.
    """
    async with _approval(settings) as approval:
        for one in await approval.compared(load_templates(locale).values()):
            if await approval.submit(one):
                typer.echo(one.ours.called)


@contextlib.asynccontextmanager
async def _approval(settings: Settings) -> AsyncIterator[Approval]:
    graph = Graph(settings.whatsapp_token, settings.whatsapp_api_url)
    try:
        yield Approval(graph, settings.whatsapp_account_id)
    except GraphError as refusal:
        typer.echo(f"WhatsApp refused with code {refusal.code}: {refusal.words}{_advice(refusal.code)}", err=True)
        raise typer.Exit(1) from None
    except (aiohttp.ClientError, TimeoutError):
        typer.echo("WhatsApp is not reached; see the network and JAMIN_WHATSAPP_API_URL", err=True)
        raise typer.Exit(1) from None
    finally:
        await graph.close()


def _advice(code: int) -> str:
    if code in NOT_ALLOWED:
        return "; JAMIN_WHATSAPP_TOKEN needs the permission whatsapp_business_management"
    if code == 100:
        return "; see JAMIN_WHATSAPP_ACCOUNT_ID, and the template's limits"
    return ""
