"""What every answer tells the browser, whichever part of the shell made it; a part may set rules of its own."""

from __future__ import annotations

from aiohttp import web

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
"""Browsers that came by HTTPS once come by nothing else for a year."""
SERVER = "Jamin"
"""Which library answers, in which version, is nobody's business."""


def add_headers(app: web.Application, *, secure: bool) -> None:
    """Add them to all that an application answers, refusals and what is mounted in it too."""
    wanted = HEADERS | HTTPS_ONLY if secure else HEADERS

    async def forbid(_: web.Request, response: web.StreamResponse) -> None:
        response.headers["Server"] = SERVER
        for name, value in wanted.items():
            response.headers.setdefault(name, value)

    app.on_response_prepare.append(forbid)
