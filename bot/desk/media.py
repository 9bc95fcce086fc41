"""What a worker sent while staff had their chat, for an operator to look at."""

from __future__ import annotations

from aiohttp import web

from bot.channels.media import kind_of
from bot.desk.cases import case_of
from bot.desk.room import ROOM
from storage.media import open_medium

APART = {"Content-Security-Policy": "sandbox; default-src 'none'"}
"""Whatever a file holds, it runs nothing and reaches nobody."""
SAVED = APART | {"Content-Disposition": 'attachment; filename="kiriman"'}
"""What browsers show with a program of their own, which may not run there."""


async def show(request: web.Request) -> web.Response:
    """Give what came in a line of a case's chat, as the kind that its first bytes are.

    Raises:
        HTTPNotFound: nothing was kept of that line, it is gone, or it came before a case told without a name.
    """
    case, room, line = await case_of(request), request.app[ROOM], int(request.match_info["line"])
    async with room.database.read() as connection:
        kept = await open_medium(connection, room.keys, case.chat_id, line)
    if kept is None or (case.anonymous and line < case.line):
        raise web.HTTPNotFound
    kind = kind_of(kept[1]) or "application/octet-stream"
    headers = SAVED if kind.startswith("application/") else APART
    return web.Response(body=kept[1], content_type=kind, headers=headers)
