"""A server to be killed, whose process that reads pictures is a fake: it writes a line once it serves.

Argument: the settings as JSON.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from unittest import mock

from bot import app
from bot.app import running
from bot.clock import Clock
from bot.ktp.reader import Reader
from bot.settings import Settings
from bot.web_app import bound
from tests.chat import HERE
from tests.ktp.conftest import HASTY


async def main() -> None:
    """Serve until killed."""
    settings = Settings.model_validate_json(sys.argv[1])
    fake = partial(Reader, limit=60.0, module="tests.ktp.fake_child")
    with mock.patch.object(app, "Reader", fake), mock.patch("bot.channels.telegram.LIMITS", HASTY):
        async with running(settings, Clock(HERE), bound("127.0.0.1", 0)):
            sys.stdout.write("serving\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
