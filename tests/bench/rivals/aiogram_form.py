"""aiogram on the same form, sending stubbed. Runs by itself in the rivals' environment: it imports nothing of ours.

`aiogram_form.py STORAGE FOLDER CHATS ROUNDS` prints one JSON object: rates, duplicates and bursts right.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.fsm.context import FSMContext
from aiogram.fsm.storage.base import StorageKey
from aiogram.fsm.storage.memory import MemoryStorage, SimpleEventIsolation
from aiogram.types import Message, Update

QUESTIONS, WATCHED = 10, 50
TOKEN = "1:bench"


class Stub(BaseSession):
    """A Bot API that accepts everything at once."""

    async def make_request(self, bot: Bot, method: Any, timeout: int | None = None) -> Any:  # noqa: ASYNC109
        """Accept."""
        return True

    async def stream_content(self, *_: Any, **__: Any) -> Any:
        """Never asked for."""
        yield b""

    async def close(self) -> None:
        """Close nothing."""


async def take(message: Message, state: FSMContext) -> None:
    """Keep the answer and ask the next question."""
    answers = (await state.get_data() or {}).get("answers", [])
    answers.append(message.text)
    await state.update_data(answers=answers)
    await state.set_state(f"form:{len(answers)}")


def dispatcher(storage: str, folder: Path) -> Dispatcher:
    """Make a dispatcher that takes one update of a chat at a time."""
    if storage == "memory":
        made = Dispatcher(storage=MemoryStorage(), events_isolation=SimpleEventIsolation())
    elif storage == "sqlite":
        from aiogram_sqlite_storage.sqlitestore import SQLStorage

        made = Dispatcher(storage=SQLStorage(str(folder / "fsm.db")), events_isolation=SimpleEventIsolation())
    else:
        from aiogram.fsm.storage.redis import RedisStorage
        from redis.asyncio import Redis

        store = RedisStorage(Redis(unix_socket_path=str(folder / "redis.sock")))
        made = Dispatcher(storage=store, events_isolation=store.create_isolation())
    made.message.register(take)
    return made


def update(number: int, person: int, text: str) -> Update:
    """Make an update as Telegram brings it."""
    whom = {"id": person, "is_bot": False, "first_name": "Siti"}
    chat = {"id": person, "type": "private"}
    message = {"message_id": number, "date": 0, "chat": chat, "from": whom, "text": text}
    return Update.model_validate({"update_id": number, "message": message})


async def fill_in(dp: Dispatcher, bot: Bot, person: int) -> None:
    """Fill in the form, one message after the other."""
    for n in range(QUESTIONS):
        await dp.feed_update(bot, update(n + 1, person, "Siti Aminah binti Rahmat"))


async def right(dp: Dispatcher, bot: Bot, first: int, copies: int) -> int:
    """Bring all updates of a chat at once, each so many times; count the chats whose answers are what was said."""
    count = 0
    for person in range(first, first + WATCHED):
        raws = [update(n + 1, person, f"{person}/{n}") for n in range(QUESTIONS) for _ in range(copies)]
        await asyncio.gather(*(dp.feed_update(bot, raw) for raw in raws))
        data = await dp.storage.get_data(StorageKey(bot.id, person, person))
        count += (data or {}).get("answers") == [f"{person}/{n}" for n in range(QUESTIONS)]
    return count


async def main(storage: str, folder: Path, chats: int, rounds: int) -> None:
    """Measure and print."""
    bot, dp, rates = Bot(TOKEN, session=Stub()), dispatcher(storage, folder), []
    used = 0.0
    for number in range(rounds + 1):
        used = time.process_time() if number == 1 else used
        start = time.perf_counter()
        await asyncio.gather(*(fill_in(dp, bot, 1 + number * chats + chat) for chat in range(chats)))
        rates.append(chats * QUESTIONS / (time.perf_counter() - start))
    processor = (time.process_time() - used) * 1e6 / (rounds * chats * QUESTIONS)
    found = {"duplicates": await right(dp, bot, 10**6, 2), "bursts": await right(dp, bot, 2 * 10**6, 1)}
    sys.stdout.write(json.dumps({"rates": rates[1:], "processor": processor, "right": found}) + "\n")
    await dp.storage.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
