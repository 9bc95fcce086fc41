"""`python -m bot serve` without the messenger's own pace: Telegram takes 30 messages a second, whatever we can do."""

from __future__ import annotations

from unittest.mock import patch

from bot.channels.pace import Limits
from bot.cli import main

if __name__ == "__main__":
    with patch("bot.channels.telegram.LIMITS", Limits(overall=1e6, chat=1e6, chat_burst=1e6)):
        main()
