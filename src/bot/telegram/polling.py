"""Updates by long polling: each is kept before Telegram hears that it came."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from telegram.error import Conflict, RetryAfter, TelegramError

from bot.telegram.bot import TelegramBot
from bot.telegram.connection import Connection
from bot.telegram.http_request import READ_SECONDS
from bot.telegram.retrying_limiter import LONGEST_WAIT_SECONDS, backoff_seconds
from bot.telegram.update_queue import UpdateQueue

# A poll that hangs in an outage is noticed after this and READ_SECONDS.
_POLL_SECONDS = 8
_SECONDS_BETWEEN_CONFLICTS = 2.0
_FAREWELL_SECONDS = 2.0


class Polling:
    """Asks Telegram for updates, for ever."""

    def __init__(
        self, bot: TelegramBot, inbox: UpdateQueue, line: Connection, allowed: Sequence[str]
    ) -> None:
        self._bot = bot
        self._inbox = inbox
        self._line = line
        self._allowed = allowed
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Poll until the inbox is closed or the token refused; no other fault ends it."""
        while not self._line.refused.is_set():
            try:
                # After a fault, the first answer is to come at once: it says that the fault is over.
                updates = await self._ask(0 if self._failures else _POLL_SECONDS)
            except TelegramError as fault:
                await asyncio.sleep(self._wait_after(fault))
                continue
            self._failures = 0
            self._line.was_given_updates()
            if not await self._take_in(updates):
                return

    async def acknowledge(self) -> None:
        """Tell Telegram what came last, so that it is not sent again; it would do no harm."""
        if self._offset is not None and not self._line.is_lost:
            with contextlib.suppress(TelegramError, TimeoutError):
                async with asyncio.timeout(_FAREWELL_SECONDS):
                    await self._ask(0)

    async def _ask(self, seconds: int) -> list[object]:
        return await self._bot.updates_as_sent(self._offset, seconds, self._allowed, READ_SECONDS)

    async def _take_in(self, updates: list[object]) -> bool:
        before = self._offset
        for body in updates:
            if not await self._inbox.put(body):
                return False
            number = body.get("update_id") if isinstance(body, dict) else None
            if isinstance(number, int):
                self._offset = number + 1
        if updates and self._offset == before:  # without a number, nothing of this can be acknowledged
            await asyncio.sleep(LONGEST_WAIT_SECONDS)
        return True

    def _wait_after(self, fault: TelegramError) -> float:
        if isinstance(fault, Conflict):
            self._line.conflicted(fault.message)
            return _SECONDS_BETWEEN_CONFLICTS
        self._failures += 1
        wait = backoff_seconds(self._failures - 1)
        if isinstance(fault, RetryAfter):
            wait = fault._retry_after.total_seconds()
        self._line.denied_updates(fault.message, for_long=wait > LONGEST_WAIT_SECONDS)
        return wait
