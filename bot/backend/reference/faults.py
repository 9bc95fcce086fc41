"""Faults on purpose: what a bad network and a bad day at the backend look like, one switch each.

The middleware here applies those that a request meets; the courier asks for those that a webhook meets. Every n-th
request is counted from the last time the switches were set, requests to the switches themselves left out.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Annotated

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler
from msgspec import Meta

from bot.backend.reference.books import Refusal
from bot.backend.shapes import Field, Requirements

Every = Annotated[int, Meta(ge=0, le=1_000_000)]
LONGEST_HANG = 30.0
"""Seconds after which an answer held back is given up, should the caller still be there."""


class Faults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The switches; `every` n-th request, 0 never. All off by default."""

    latency_ms: Annotated[int, Meta(ge=0, le=60_000)] = 0
    error_every: Every = 0
    error_status: Annotated[int, Meta(ge=500, le=599)] = 500
    reject_429_every: Every = 0
    retry_after_s: Annotated[int, Meta(ge=0, le=3600)] = 1
    timeout_every: Every = 0
    lose_answer_every: Every = 0
    async_outcome_s: Annotated[float, Meta(ge=0, le=3600)] | None = None
    webhook_duplicate: bool = False
    webhook_delay_ms: Annotated[int, Meta(ge=0, le=60_000)] = 0
    webhook_drop_first: bool = False
    requirements: tuple[Field, ...] = Requirements().fields


class Triggered(msgspec.Struct, frozen=True):
    """The switches as they stand, and how often each was felt since they were set."""

    faults: Faults
    triggered: dict[str, int]


class FaultBox:
    """The switches in force, and their counters."""

    def __init__(self) -> None:
        self.set(Faults())
        self._leaving = asyncio.Event()

    def set(self, faults: Faults) -> None:
        """Put all switches at once; counting starts anew."""
        self.now = faults
        self._felt: Counter[str] = Counter()
        self._requests = 0

    def felt(self, name: str) -> None:
        """Count a fault that was met."""
        self._felt[name] += 1

    def told(self) -> Triggered:
        """Return the switches and counters."""
        return Triggered(self.now, dict(self._felt))

    async def leave(self, _app: web.Application) -> None:
        """Let go of every answer held back, for the server is stopping."""
        self._leaving.set()

    async def meet(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request as well as the switches let it be answered."""
        self._requests += 1
        number, now = self._requests, self.now
        if now.latency_ms:
            self.felt("latency_ms")
            await asyncio.sleep(now.latency_ms / 1000)
        self._refuse(number, now)
        response = await handler(request)
        if self._strikes("lose_answer_every", now.lose_answer_every, number):
            _hang_up(request)
        if self._strikes("timeout_every", now.timeout_every, number):
            await self._hold_back(request)
        return response

    def _refuse(self, number: int, now: Faults) -> None:
        if self._strikes("reject_429_every", now.reject_429_every, number):
            raise Refusal(429, "too_many", retry_after=now.retry_after_s)
        if self._strikes("error_every", now.error_every, number):
            raise Refusal(now.error_status, "fault")

    def _strikes(self, name: str, every: int, number: int) -> bool:
        strikes = every > 0 and number % every == 0
        if strikes:
            self.felt(name)
        return strikes

    async def _hold_back(self, request: web.Request) -> None:
        """Say nothing until the caller is gone: the work is done, but nobody learns of it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_HANG):
                while _waits(request) and not self._leaving.is_set():  # noqa: ASYNC110 - nobody tells of a caller gone
                    await asyncio.sleep(0.02)
        _hang_up(request)


def _waits(request: web.Request) -> bool:
    return request.transport is not None and not request.transport.is_closing()


def _hang_up(request: web.Request) -> None:
    if request.transport:
        request.transport.abort()
