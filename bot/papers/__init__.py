"""Pictures that go with messages: drawn when they are sent or looked at, from what is known then, and never stored.

What stands on them is `conversations/papers.py`. Messengers get them as a photo and a document (`sending.py`), the web
chat as an image at an address that lives an hour (`doors.py`), the terminal has the words alone.
"""

from __future__ import annotations

from bot.papers.doors import add_papers
from bot.papers.drawing import Drawn
from bot.papers.papers import Papers
from bot.papers.sending import Illustrating, Pictures

__all__ = ["Drawn", "Illustrating", "Papers", "Pictures", "add_papers"]
