"""python-telegram-bot's ConversationHandler on the same form, sending stubbed: in memory, and with its persistence."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application, ContextTypes, ConversationHandler, MessageHandler, PicklePersistence, filters
from telegram.request import BaseRequest, RequestData

from tests.bench.form import ANSWER, CHATS, QUESTIONS, ROUNDS, WATCHED, Measured, Right, answer, question
from tests.bench.ours import processor

AnyApplication = Application[Any, Any, Any, Any, Any, Any]

_ME = {"id": 1, "is_bot": True, "first_name": "bench", "username": "bench"}


class Stub(BaseRequest):
    """A Bot API that knows nothing but its own name."""

    @property
    def read_timeout(self) -> float | None:
        """Never needed."""
        return None

    async def initialize(self) -> None:
        """Open nothing."""

    async def shutdown(self) -> None:
        """Close nothing."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Tell the name."""
        return 200, json.dumps({"ok": True, "result": _ME}).encode()


async def _send(_chat: int, _text: str) -> None:
    """Deliver nothing: ours is stubbed at the same height, above the wire."""


async def _answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
    assert update.message is not None
    assert context.user_data is not None
    number = len(context.user_data)
    context.user_data[number] = update.message.text
    await _send(update.message.chat_id, question(number + 1))
    return number + 1 if number + 1 < QUESTIONS else ConversationHandler.END


def _application(file: Path | None) -> AnyApplication:
    builder = Application.builder().token("1:bench").request(Stub()).get_updates_request(Stub()).updater(None)
    if file is not None:
        builder = builder.persistence(PicklePersistence(file))
    application = builder.build()
    step: Any = MessageHandler(filters.TEXT, _answer)
    states: dict[object, list[Any]] = {number: [step] for number in range(1, QUESTIONS)}
    form: Any = ConversationHandler([step], states, [], name="form", persistent=file is not None)
    application.add_handler(form)
    return application


def _update(number: int, person: int, text: str = ANSWER) -> dict[str, Any]:
    whom = {"id": person, "is_bot": False, "first_name": "Siti"}
    chat = {"id": person, "type": "private"}
    message = {"message_id": number, "date": 0, "chat": chat, "from": whom, "text": text}
    return {"update_id": number, "message": message}


async def conversation_handler(file: Path | None = None, chats: int = CHATS) -> Measured:
    """Measure turns; with `file`, everything is made persistent after each update."""
    application = _application(file)
    async with application:
        await _round(application, 0, chats, persistent=file is not None)
        used = time.process_time()
        rates = [await _round(application, n + 1, chats, persistent=file is not None) for n in range(ROUNDS)]
        taken = processor(used, chats)
        right = None if file else Right(await _right(application, 2), await _right(application, 1))
    return Measured(rates, taken, right)


async def _round(application: AnyApplication, number: int, chats: int, *, persistent: bool) -> float:
    start = time.perf_counter()
    for n in range(QUESTIONS * chats):
        raw = _update(n + 1, 1 + number * chats + n % chats)
        await application.process_update(Update.de_json(raw, application.bot))
        if persistent:
            await application.update_persistence()
    return QUESTIONS * chats / (time.perf_counter() - start)


async def _right(application: AnyApplication, copies: int) -> int:
    """Bring each update so many times, and those of one chat together, as the library takes them: one by one."""
    people = range(10**6 * copies, 10**6 * copies + WATCHED)
    for person in people:
        raws = [_update(n + 1, person, answer(person, n)) for n in range(QUESTIONS) for _ in range(copies)]
        for raw in raws:
            await application.process_update(Update.de_json(raw, application.bot))
    expected = ({n: answer(person, n) for n in range(QUESTIONS)} for person in people)
    return sum(application.user_data[person] == kept for person, kept in zip(people, expected, strict=True))
