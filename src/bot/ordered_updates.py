"""Several updates at once, those of one chat in the order in which they came."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable

from telegram import Update
from telegram.ext import BaseUpdateProcessor

# How many updates wait here for their chat's turn or a free place; more wait in the application's queue.
_WAITING = 256


class OrderedUpdates(BaseUpdateProcessor):
    """Runs at most `at_once` updates together; a chat that floods waits for itself, not the others for it."""

    def __init__(self, at_once: int) -> None:
        super().__init__(_WAITING)
        self._places = asyncio.Semaphore(at_once)
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: Counter[int] = Counter()

    async def do_process_update(self, update: object, coroutine: Awaitable[object]) -> None:
        """Wait for the turn of the update's chat (or person, without a chat), then for a free place."""
        key = _key(update)
        if key is None:
            async with self._places:
                await coroutine
            return
        self._waiting[key] += 1
        try:
            async with self._turns[key], self._places:
                await coroutine
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._turns[key]

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to release."""


def _key(update: object) -> int | None:
    if not isinstance(update, Update):
        return None
    owner = update.effective_chat or update.effective_user
    return (
        owner.id if owner and isinstance(owner.id, int) else None
    )  # it may be anything: nobody has looked yet
