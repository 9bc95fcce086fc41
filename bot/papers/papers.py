"""Finding what stands on a picture, and the private addresses under which pictures and proofs are looked at.

An address holds, encrypted, whose picture it is: nothing personal is in it and nobody can make one. The page behind a
proof's QR code tells only whether it is valid.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping

import msgspec

from bot.papers.drawing import Drawn, Words, draw
from bot.tokens import Tokens
from bot.turns import Clock
from conversations import papers
from conversations.messages import Address, Paper, Say
from conversations.months import Month, jakarta
from conversations.programmes.membership import membership
from conversations.session import Session, decode
from conversations.speech import Speech
from conversations.turn import Facts
from conversations.view import View
from storage.chats import chat_at
from storage.database import Database
from storage.enrolments import is_somebodys, months_paid
from storage.sealing import KeyRing

PICTURE_LIVES = 3600
"""Seconds that the address of a picture lives; the web chat makes a new one whenever it shows the line."""


DrawFor = Callable[[Session], Awaitable[Drawn | None]]
"""Draws a picture for whoever's session it is; None where there is nothing to show."""
NO_OTHERS: Mapping[str, DrawFor] = {}


class Whose(msgspec.Struct, frozen=True, array_like=True):
    """What the address of a picture stands for."""

    address: Address
    paper: Paper


class Papers:
    """Draws pictures and knows their addresses. `speech` has the words of a chat's language, `root` is where people
    reach us, without a slash at the end; `others` draw what is about no person of the chat."""

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        speech: Callable[[str], Speech],
        clock: Clock,
        root: Callable[[], str],
        *,
        demo: bool,
        others: Mapping[str, DrawFor] = NO_OTHERS,
    ) -> None:
        self._database = database
        self._keys = keys
        self._speech = speech
        self._clock = clock
        self._root = root
        self._demo = demo
        self._others = others
        self._pictures, self._proofs = Tokens(keys, "pictures"), Tokens(keys, "proofs")

    async def drawn(self, address: Address, paper: Paper) -> Drawn | None:
        """Draw a picture for the chat at an address; None where there is nothing to show any more."""
        async with self._database.read() as connection:
            chat = await chat_at(connection, self._keys, address)
        if chat is None or not chat.session:
            return None
        if paper.kind in self._others:
            return await self._others[paper.kind](decode(chat.session))
        words = self._words(decode(chat.session), paper)
        return await asyncio.to_thread(draw, words) if words else None

    def _words(self, session: Session, paper: Paper) -> Words | None:
        view = View(session, Facts(demo=self._demo), self._clock()).having(current=paper.person)
        sheet = papers.sheet(view, paper.kind) if paper.kind in papers.SHEETS else None
        if sheet is None or view.person.enrolment is None:
            return None
        say, reference = self._speech(session.locale).say, view.person.enrolment.reference
        return Words(
            say(sheet.title),
            tuple(map(say, sheet.lines)),
            tuple(map(say, sheet.small)),
            self.proof_address(reference) if sheet.qr == papers.VALIDITY else sheet.qr,
            say(Say("paper.stamp")) if self._demo else "",
        )

    # --- pictures ----------------------------------------------------------------------------------------------------

    def picture_address(self, address: Address, paper: Paper) -> str:
        """Return the path of a picture, without its ending; it lives `PICTURE_LIVES`."""
        return f"/gambar/{self._pictures.make(msgspec.json.encode(Whose(address, paper)))}"

    async def picture(self, token: str) -> Drawn | None:
        """Draw the picture behind an address; None where that is forged, too old, or has nothing to show."""
        made = self._pictures.read(token, PICTURE_LIVES)
        if made is None:
            return None
        whose = msgspec.json.decode(made, type=Whose)
        return await self.drawn(whose.address, whose.paper)

    # --- proofs ------------------------------------------------------------------------------------------------------

    def proof_address(self, reference: str) -> str:
        """Return the address of the page that tells whether an enrolment's proof is valid."""
        return f"{self._root()}/sah/{self._proofs.make(uuid.UUID(reference).bytes)}"

    async def is_valid(self, token: str) -> bool | None:
        """Tell whether the running month is paid; None for an address we never made, or of somebody erased."""
        made = self._proofs.read(token)
        if made is None:
            return None
        reference = str(uuid.UUID(bytes=made))
        async with self._database.read() as connection:
            if not await is_somebodys(connection, reference):
                return None
            months = await months_paid(connection, reference)
        return membership(map(Month.parse, months), jakarta(self._clock())).state == "covered"
