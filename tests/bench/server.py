"""`python -m bot serve` without the messenger's own pace: Telegram takes 30 messages a second, whatever we can do."""

from __future__ import annotations

import os
from contextlib import ExitStack
from unittest.mock import patch

from bot.channels.pace import Limits
from bot.cli import main

STUBBED = "BENCH_SENDING_STUBBED"
"""Set where a reply is to count as sent at once, as in the parts of the bench that have no messenger."""


async def _sent(_sender: object, _delivery: object) -> None:
    """Count as sent."""


if __name__ == "__main__":
    with ExitStack() as stack:
        stack.enter_context(patch("bot.channels.telegram.LIMITS", Limits(overall=1e6, chat=1e6, chat_burst=1e6)))
        if STUBBED in os.environ:
            stack.enter_context(patch("bot.channels.telegram.TelegramSender.send", _sent))
        main()
