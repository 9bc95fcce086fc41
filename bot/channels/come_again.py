"""Asking a messenger to bring an update again."""

from __future__ import annotations

from aiohttp import web


def come_again(seconds: float) -> web.Response:
    """Answer that it was not taken, and when to bring it again."""
    return web.Response(status=503, headers={"Retry-After": str(max(1, round(seconds)))})
