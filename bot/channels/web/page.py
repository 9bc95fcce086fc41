"""How our pages are made and what every one of them forbids the browser."""

from __future__ import annotations

from pathlib import Path

import jinja2
from aiohttp import web

from bot.channels.web.language import Languages

FOLDER = Path(__file__).parent / "pages"

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Pages:
    """The templates, with the catalogues and the address of the assets at hand; `languages` are those that the pages
    have words in."""

    def __init__(self, languages: Languages, version: str, folder: Path = FOLDER) -> None:
        """Take templates from `folder` too, where another part of the shell has pages of its own."""
        self.languages = languages
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader([folder, FOLDER]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(assets=f"/chat/assets/{version}")

    def page(self, name: str, locale: str, *, status: int = 200, **values: object) -> web.Response:
        """Return the page `name` in a language, filled with `values`."""
        lang = self.languages.known(locale)
        html = self._templates.get_template(name).render(lang=lang, say=self.languages.say(lang), **values)
        response = web.Response(text=html, content_type="text/html", status=status, headers=_HEADERS)
        response.enable_compression()
        return response
