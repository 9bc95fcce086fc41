"""A worker who answers whatever is asked, by step and option, so that sentences may change freely."""

from __future__ import annotations

from bot.app import Jamin
from bot.channels.terminal import TerminalChat
from bot.clock import Clock
from conversations.messages import Address, Message, Start, Tap, Text, What

ANSWERS: dict[str, str | Text] = {
    "whom": "self",
    "occupation": Text("narik ojol"),
    "earning": "own",
    "condition": "fits",
    "income": Text("2 juta"),
    "plan": "two",
    "agent_sees": "yes",
    "consent": "yes",
    "nik": Text("3273011708900001"),
    "name": Text("Siti Aminah"),
    "birth_date": "1990-08-17",
    "phone": Text("0812 3456 7890"),
    "review": "yes",
}
"""What the worker says to each step: words, or the option that is tapped."""


class Worker:
    """One chat with the running program."""

    def __init__(self, jamin: Jamin, clock: Clock, name: str = "siti") -> None:
        self.address = Address("terminal", "jamin", name)
        self.chat = TerminalChat(jamin, clock, self.address)
        self.last = Message("")
        self.heard: list[Message] = []

    async def say(self, what: What) -> str:
        """Say something; return all that was answered."""
        return self._hear(await self.chat.say(what))

    async def wait(self, seconds: float) -> str:
        """Let time pass; return what was said meanwhile."""
        return self._hear(await self.chat.wait(seconds))

    async def tap(self, option: str) -> str:
        """Tap the option of the open question."""
        return await self.say(Tap(self._value(option)))

    async def answer_until(self, stop: str, **other: str | Text) -> str:
        """Answer questions until a step is asked; `other` answers differently from ANSWERS."""
        said = await self.say(Start())
        for _ in range(30):
            if self.last.step == stop:
                return said
            answer = (ANSWERS | other)[self.last.step]
            said = await (self.say(answer) if isinstance(answer, Text) else self.tap(answer))
        raise AssertionError(f"never asked for {stop}, last {self.last.step}")

    def _hear(self, messages: list[Message]) -> str:
        self.heard += messages
        self.last = messages[-1] if messages else self.last
        return "\n".join(message.text for message in messages)

    def _value(self, option: str) -> str:
        """The value of the button that carries an option, or a global word."""
        values = [button.value for button in self.last.buttons]
        return next(value for value in values if value.endswith(f":{option}") or value == f"!{option}")
