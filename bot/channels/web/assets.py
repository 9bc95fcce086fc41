"""Scripts, styles and the mark, served from memory under a name that changes with their content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "assets"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class Assets:
    """All files of the folder; `version` is a digest over all of them, so that they can import each other by name."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in _TYPES}
        self.version = hashlib.sha256(b"\0".join(self._files.values())).hexdigest()[:12]

    async def serve(self, request: web.Request) -> web.Response:
        """Answer with one file."""
        name = request.match_info["name"]
        body = self._files.get(name)
        if body is None:
            raise web.HTTPNotFound
        response = web.Response(body=body, content_type=_TYPES[Path(name).suffix], charset="utf-8")
        response.headers["Cache-Control"] = self._caching(request.match_info["version"])
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.enable_compression()
        return response

    def _caching(self, version: str) -> str:
        # During an upgrade a page of the other version may ask here: it gets ours, but must not keep it.
        return "public, max-age=31536000, immutable" if version == self.version else "no-store"
