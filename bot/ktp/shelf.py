"""Pictures that come from this very machine: a terminal names a file, which is read when its turn has come."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path

from bot.outbox import GoneError


class Shelf:
    """Lends the files that were named since the program started; each once."""

    def __init__(self) -> None:
        self._files: dict[str, Path] = {}

    def put(self, file: Path) -> str:
        """Remember a file; return the name under which it can be fetched."""
        ref = uuid.uuid4().hex
        self._files[ref] = file
        return ref

    async def fetch(self, ref: str, most: int) -> bytes:
        """Return what is in a file, at most `most` bytes.

        Raises:
            GoneError: it was named before the program started, was fetched already, is too large or cannot be opened.
        """
        file = self._files.pop(ref, None)
        try:
            content = await asyncio.to_thread(file.read_bytes) if file else b""
        except OSError:
            raise GoneError from None
        if not 0 < len(content) <= most:
            raise GoneError
        return content
