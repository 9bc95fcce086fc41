"""Carrying pictures of a KTP from the outbox to the reader, and what was read back as an incoming."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.channels.media import LARGEST, Fetch, kind_of
from bot.channels.web import Asked, Busy
from bot.ktp.reader import FullError, Reader, ReadingError
from bot.ktp.wire import Told
from bot.outbox import DeliveryError, GoneError, RefusedError, answer_id
from bot.turns import Clock, Taken
from conversations.effects import ReadKtp
from conversations.messages import Incoming, KtpRead
from conversations.months import jakarta
from storage.deliveries import Delivery

MOST_TRIES = 4
"""How often a picture is fetched, over some ten seconds: nobody waits longer before they type."""
FULL = 2.0
"""Seconds until a picture is brought again that found the reader busy."""
ASKS = frozenset({"nik", "ktp"})
"""The questions at which a picture may come."""
NOT_READ, NO_PICTURE = Told(advice="unread"), Told(advice="not_ktp")


class Photos:
    """Delivers `ReadKtp`. The picture is in memory while it is read, and nowhere else; `reader` is None where pictures
    are not read, which is said to whoever sent one before it was switched off."""

    def __init__(self, reader: Reader | None, fetches: Mapping[str, Fetch], clock: Clock) -> None:
        self._reader = reader
        self._fetches = fetches
        self._clock = clock

    @property
    def are_read(self) -> bool:
        """Whether pictures are read at all."""
        return self._reader is not None

    def tell_committed(self, taken: Sequence[Taken]) -> None:
        """Have the reader ready where somebody was just asked for what stands on a KTP: finding the camera takes them
        longer than loading the models takes us."""
        if self._reader and any(it.session and it.session.asked in ASKS for it in taken):
            self._reader.wake()

    async def send(self, delivery: Delivery) -> Incoming:
        """Fetch a picture and read it; see `outbox.Sender` for what is raised."""
        if not isinstance(delivery.what, ReadKtp):
            raise TypeError(type(delivery.what).__name__)
        try:
            read = await self._read(delivery.address.channel, delivery.what)
        except DeliveryError as error:
            if not isinstance(error, GoneError) and delivery.attempts < MOST_TRIES:
                raise
            read = _told(delivery.what, NOT_READ)
        return Incoming(delivery.address, answer_id(delivery), read)

    async def on_page(self, asked: Asked, picture: bytes) -> KtpRead:
        """Read a picture that was sent on a one-time page.

        Raises:
            Busy: others are being read.
        """
        try:
            return _told(asked, await self._look(picture))
        except FullError:
            raise Busy(FULL) from None

    async def _read(self, channel: str, wanted: ReadKtp) -> KtpRead:
        fetch = self._fetches.get(channel)
        if fetch is None:
            return _told(wanted, NOT_READ)
        try:
            return _told(wanted, await self._look(await fetch(wanted.ref, LARGEST)))
        except FullError:
            raise RefusedError(FULL) from None

    async def _look(self, picture: bytes) -> Told:
        if not kind_of(picture).startswith("image/"):
            return NO_PICTURE
        try:
            told = await self._reader.read(picture, jakarta(self._clock())) if self._reader else NOT_READ
        except ReadingError:
            return NOT_READ
        return NO_PICTURE if told.fault else told


def _told(asked: ReadKtp | Asked, told: Told) -> KtpRead:
    return KtpRead(asked.person, asked.asking, told.card, told.advice)
