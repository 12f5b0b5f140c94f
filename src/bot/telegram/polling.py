"""Updates by long polling: each is stored before it is acknowledged.

PTB's `Updater.start_polling` would lose this; `tests/bot/telegram/test_ptb_updater.py` runs both against one server:
- it acknowledges updates that are in memory only, so that a killed process loses them;
- it parses a batch as a whole: one malformed update is asked for again for ever, and no later one arrives;
- a single 404, of a proxy for instance, ends its polling while the process goes on;
- in an outage it waits up to 30 s before the next try, here 2.5 s;
- its error callback is not called for 429 and timeouts, so that a bot without updates goes unnoticed.
`tests/e2e/test_faults.py` holds the same of the whole bot, with conflicts and kills.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager

from telegram import Update
from telegram.error import BadRequest, Conflict, InvalidToken, RetryAfter, TelegramError

from bot.telegram.connection import Connection
from bot.telegram.http_request import READ_SECONDS, TelegramBot
from bot.telegram.retrying_limiter import LONGEST_WAIT_SECONDS, backoff_seconds
from bot.telegram.update_queue import UpdateQueue

# A poll that hangs in an outage is noticed after this and READ_SECONDS.
_POLL_SECONDS = 8
_SECONDS_BETWEEN_CONFLICTS = 2.0
# A process that shares its updates with the one that polls takes that over so soon after its death.
_SECONDS_BETWEEN_TURNS = 1.0
_LAST_CALL_SECONDS = 2.0


def without_newest(allowed: Sequence[str]) -> list[str]:
    """The kinds of updates that a server from before Bot API 10.0 knows: another than Telegram's may refuse the others."""
    return [kind for kind in allowed if kind != Update.GUEST_MESSAGE]


class Polling:
    """Long-polls `getUpdates` until the queue closes or the token is rejected."""

    def __init__(
        self, bot: TelegramBot, queue: UpdateQueue, connection: Connection, allowed: Sequence[str]
    ) -> None:
        self._bot = bot
        self._queue = queue
        self._connection = connection
        self._allowed = allowed
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Poll; errors of calls are retried and raise nothing."""
        while not self._connection.token_rejected.is_set():
            if not self._queue.may_poll():
                self._offset = None
                await asyncio.sleep(_SECONDS_BETWEEN_TURNS)
                continue
            try:
                # After a failure the server is asked to answer at once, which shows that the failure is over.
                updates = await self._get_updates(0 if self._failures else _POLL_SECONDS)
            except TelegramError as error:
                await asyncio.sleep(self._seconds_to_wait(error))
                continue
            self._failures = 0
            self._connection.record_updates()
            if not await self._receive(updates):
                return

    async def acknowledge(self) -> None:
        """Acknowledge the last updates, so that Telegram does not send them again; without it they would be duplicates."""
        if self._offset is not None and not self._connection.is_lost:
            with contextlib.suppress(TelegramError, TimeoutError):
                async with asyncio.timeout(_LAST_CALL_SECONDS):
                    await self._get_updates(0)

    async def _get_updates(self, seconds: int) -> list[object]:
        return await self._bot.updates_as_sent(self._offset, seconds, self._allowed, READ_SECONDS)

    async def _receive(self, updates: list[object]) -> bool:
        """True if the queue accepts more updates after these."""
        before = self._offset
        for body in updates:
            if not await self._queue.receive(body):
                return False
            number = body.get("update_id") if isinstance(body, dict) else None
            if isinstance(number, int):
                self._offset = number + 1
        if updates and self._offset == before:  # none has a number, so that none can be acknowledged
            await asyncio.sleep(LONGEST_WAIT_SECONDS)
        return True

    def _seconds_to_wait(self, error: TelegramError) -> float:
        if isinstance(error, Conflict):
            self._connection.record_conflict(error.message)
            return _SECONDS_BETWEEN_CONFLICTS
        if isinstance(error, BadRequest) and Update.GUEST_MESSAGE in self._allowed:
            self._allowed = without_newest(self._allowed)
        self._failures += 1
        seconds = backoff_seconds(self._failures - 1)
        if isinstance(error, RetryAfter):
            seconds = error._retry_after.total_seconds()
        self._connection.record_refused_updates(error.message, for_long=seconds > LONGEST_WAIT_SECONDS)
        return seconds


@asynccontextmanager
async def receiving_by_polling(
    bot: TelegramBot, queue: UpdateQueue, connection: Connection, allowed: Sequence[str]
) -> AsyncIterator[Awaitable[object]]:
    """Yields the polling, to be awaited; a webhook that was set before is removed."""
    with contextlib.suppress(
        InvalidToken
    ):  # raised by a server without the method, which then has no webhook
        await connection.establish(bot.delete_webhook)
    polling = Polling(bot, queue, connection, allowed)
    try:
        yield polling.run()
    finally:
        await polling.acknowledge()
