"""The pages people see: paying a code without money, and whom to try in the registry."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import jinja2
from aiohttp import web
from itsdangerous import BadData, URLSafeTimedSerializer

from bot.backend import codec
from bot.backend.reference import bills
from bot.backend.reference.office import OFFICE, Office
from bot.backend.reference.registry import PEOPLE, SPANS

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
)
_TEMPLATES.filters["rupiah"] = lambda amount: f"Rp {amount:,}".replace(",", ".")
_TEMPLATES.filters["grouped"] = lambda code: " ".join(re.findall(r".{1,4}", code))

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "X-Frame-Options": "DENY",
}
_COOKIE = "jamin_pay"
_FORM_LIFE = 3600  # seconds


async def show_bill(request: web.Request) -> web.Response:
    """Show a bill with its button to pay."""
    return await _bill_page(request, request.match_info["code"])


async def pay_bill(request: web.Request) -> web.Response:
    """Pay a bill if the form is one we gave to this browser, then show it again."""
    code, form = request.match_info["code"], await request.post()
    if not _ours(request, code, str(form.get("form", ""))):
        return await _bill_page(request, code, stale=True)
    async with request.app[OFFICE].books() as books:
        paid = await bills.pay(books, code)
    if paid.result == "unknown":
        return _page("unknown.html", 404)
    # Relative, so that it holds under whatever prefix the application is mounted.
    raise web.HTTPSeeOther(f"./{code}")


async def show_registry(request: web.Request) -> web.Response:
    """Show the invented people and the ranges of serials, as a page or as JSON."""
    if "application/json" in request.headers.get("Accept", ""):
        told = {"people": [person._asdict() for person in PEOPLE], "serials": [span._asdict() for span in SPANS]}
        return web.Response(body=codec.encode(told), content_type="application/json")
    return _page("registry.html", people=PEOPLE, spans=SPANS)


ROUTES = (
    web.get("/pay/{code}", show_bill),
    web.post("/pay/{code}", pay_bill),
    web.get("/registry", show_registry),
)


async def _bill_page(request: web.Request, code: str, *, stale: bool = False) -> web.Response:
    office = request.app[OFFICE]
    async with office.books() as books:
        row = await bills.find(books, code)
        if row is None:
            return _page("unknown.html", 404)
        state, name, overdue = bills.read(books, row), row["masked_name"], row["expires"] <= books.now.timestamp()
    status = "expired" if state.status == "open" and overdue else state.status
    nonce = request.cookies.get(_COOKIE) or secrets.token_urlsafe(16)
    form = _serializer(office).dumps([code, nonce])
    page = _page("pay.html", 403 if stale else 200, bill=state.bill, status=status, name=name, form=form, stale=stale)
    page.set_cookie(_COOKIE, nonce, httponly=True, samesite="Strict", path=request.path.rpartition("/")[0])
    return page


def _page(template: str, http_status: int = 200, **told: object) -> web.Response:
    body = _TEMPLATES.get_template(template).render(told)
    return web.Response(status=http_status, text=body, content_type="text/html", headers=_HEADERS)


def _serializer(office: Office) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(office.secret, salt="pay")


def _ours(request: web.Request, code: str, form: str) -> bool:
    """Say whether a form was made for this code and handed to this browser within the hour."""
    nonce = request.cookies.get(_COOKIE)
    try:
        made_for: object = _serializer(request.app[OFFICE]).loads(form, max_age=_FORM_LIFE)
    except BadData:
        return False
    return nonce is not None and made_for == [code, nonce]
