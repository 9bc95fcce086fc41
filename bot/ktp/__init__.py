"""The KTP by photo: pictures are read on this machine, in a process of its own, and never stored.

`child` is that process: it opens a picture (`picture`), finds the text on it (`text`) and lets
`conversations/reading/ktp.py` make a card of it. `reader` starts it and watches over it. `photos` fetches what was sent
in a chat and carries the answer back through the outbox; `shelf` lends it pictures that come from a terminal.
"""

from __future__ import annotations

from bot.ktp.photos import Photos
from bot.ktp.reader import Reader, ReadingError, can_read
from bot.ktp.shelf import Shelf

__all__ = ["Photos", "Reader", "ReadingError", "Shelf", "can_read"]
