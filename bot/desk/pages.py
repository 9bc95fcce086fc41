"""Making pages: what all templates have at hand, and how what is shown is written."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any, NoReturn
from urllib.parse import urlencode

import aiohttp_jinja2
from aiohttp import web
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from bot.desk.menu import menu_of
from bot.desk.roles import may
from bot.desk.room import FIRST, OPERATOR, ROOM, TOKEN, Say
from bot.desk.speaking import SPOKEN, written
from bot.desk.tokens import proof_of
from conversations.months import JAKARTA

NEWS = (
    *("replied", "closed", "recorded", "before", "retried", "gone", "password"),
    *("claim_mine", "claim_taken", "claim_full", "claim_over", "assigned", "returned"),
    *("noted", "mode", "offered", "led", "canned_kept", "canned_removed", "opened"),
    *("team", "swept", "discarded", "released", "not_claimed", "none_free", "reopened", "nothing_to_export"),
    *("decided", "aimed", "placed", "organisation", "still_people", "campaign", "form_good", "form_back"),
    *("tested", "scheduled", "stopped"),
)
"""What a page may be told to say after a form was taken; `before` is one that was taken already."""

_STEPS = (("days", dt.timedelta(days=1)), ("hours", dt.timedelta(hours=1)), ("minutes", dt.timedelta(minutes=1)))


def _shared(request: web.Request) -> dict[str, Any]:
    """Give what every template may use."""
    news, operator = request.query.get("kabar", ""), request.get(OPERATOR)
    role = operator.role if operator and not request.get(FIRST) else ""
    return {
        "proof": proof_of(request[TOKEN]),
        "operator": operator,
        "may": partial(may, role),
        "menu": menu_of(role, by_hand=request.app[ROOM].manual),
        "path": request.path,
        "news": news if news in NEWS else "",
        "spoken": SPOKEN.get(),
        "moment": moment,
        "day": day,
        "rupiah": rupiah,
    }


def page(request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
    """Return a page; its forms that say something carry a fresh id, so that sent twice they count once."""
    context = {**_shared(request), "form_id": str(uuid.uuid4()), **values}
    return aiohttp_jinja2.render_template(template, request, context, status=status)


def see(path: str, news: str = "") -> NoReturn:
    """Send the browser on, perhaps with something to say there.

    Raises:
        HTTPSeeOther: always.
    """
    raise web.HTTPSeeOther(f"{path}?{urlencode({'kabar': news})}" if news else path)


def field(form: Mapping[str, Any], name: str) -> str:
    """Return what was typed into a field; "" for one that is missing or a file."""
    typed = form.get(name, "")
    # No text of ours holds a NUL, and PostgreSQL takes none.
    return typed.replace("\0", "").strip() if isinstance(typed, str) else ""


def moment(at: dt.datetime) -> str:
    """Write a moment as a clock in Jakarta shows it."""
    return format_datetime(at.astimezone(JAKARTA), "d MMM, HH.mm", locale=written())


def day(at: dt.datetime) -> str:
    """Write the last day before a moment, in Jakarta."""
    return format_date((at - dt.timedelta(seconds=1)).astimezone(JAKARTA), "long", locale=written())


def rupiah(amount: int) -> str:
    """Write an amount of whole rupiah."""
    return f"Rp\u00a0{format_decimal(amount, locale=written())}"


def how_long(say: Say, since: dt.datetime, now: dt.datetime) -> str:
    """Say roughly how long something waits."""
    waits = now - since
    for name, step in _STEPS:
        if waits >= step:
            return say(f"desk.waits.{name}", n=str(waits // step))
    return say("desk.waits.moment")
