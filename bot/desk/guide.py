"""The operators' manual: the pages of docs/petugas, one a task, as they stand in the repository."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

from aiohttp import web
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.desk.pages import page

PAGES = Path(__file__).parent.parent.parent / "docs" / "petugas"
PICTURES = PAGES.parent / "screenshots"
FIRST = "mulai"

_NAME = re.compile(r"[a-z-]+")
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


async def show(request: web.Request) -> web.Response:
    """Show a page of the manual.

    Raises:
        HTTPNotFound: there is no page of that name.
    """
    name = request.match_info.get("name", FIRST)
    if not _NAME.fullmatch(name) or not (PAGES / f"{name}.md").is_file():
        raise web.HTTPNotFound
    title, body = rendered(name)
    return page(request, "guide.html", title=title, body=body)


async def picture(request: web.Request) -> web.FileResponse:
    """Give a picture of the manual.

    Raises:
        HTTPNotFound: there is no picture of that name.
    """
    file = PICTURES / f"{request.match_info['name']}.png"
    if not _NAME.fullmatch(request.match_info["name"]) or not file.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(file)


@functools.cache
def rendered(name: str) -> tuple[str, str]:
    """Return a page's title and its HTML, links and pictures leading to where the desk has them."""
    tokens = _MARKDOWN.parse((PAGES / f"{name}.md").read_text())
    for token in _all(tokens):
        _lead(token)
    title = next(token.content for token in tokens if token.type == "inline")
    return title, _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or [])


def _lead(token: Token) -> None:
    if token.type == "image":
        token.attrSet("src", f"/desk/panduan/gambar/{Path(str(token.attrGet('src'))).stem}")
    elif token.type == "link_open" and str(token.attrGet("href")).endswith(".md"):
        token.attrSet("href", f"/desk/panduan/{Path(str(token.attrGet('href'))).stem}")
