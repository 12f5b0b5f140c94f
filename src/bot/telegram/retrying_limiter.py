"""PTB's rate limiter with retries: calls that carry an answer until they succeed, calls for show once or twice."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.ext import AIORateLimiter

from bot.telegram.connection import Connection
from bot.telegram.scheduling import WorkerSlots

BRIEFLY = 2
"""Tries of a call that is for show, or that soon has no use; pass it as `rate_limit_args`."""

# Calls that carry an answer, or fetch what it is made from: tried until they succeed.
_ESSENTIAL = frozenset({"sendMessage", "editMessageText", "answerGuestQuery", "getFile"})
# Telegram limits messages only: these calls are not paced, so that no answer waits behind them.
_UNPACED = frozenset(
    {"sendChatAction", "deleteMessage", "answerCallbackQuery", "answerInlineQuery", "answerGuestQuery"}
)

# A call that alone fails is given up after this time. While the whole connection is lost, no call is given up.
_PATIENCE_SECONDS = 15 * 60.0
_FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.25, 2.5
_LONGEST_WAIT_FOR_SHOW_SECONDS = 3.0
_SLACK_SECONDS = 0.1
# A longer wait lends its slot. With 16 chats for which Telegram asked to wait 25 s, another person's answer took 24 s when
# they kept their slots, and takes 0.1 s now. A shorter wait is over before others would gain by its slot.
_LONGEST_WAIT_IN_SLOT_SECONDS = 1.0

Callback = Callable[..., Coroutine[Any, Any, Any]]


class RetryingRateLimiter(AIORateLimiter):
    """`AIORateLimiter` that also retries faults other than 429, and lends the slot of an update that waits."""

    def __init__(self, connection: Connection, slots: WorkerSlots, **rates: float) -> None:
        super().__init__(max_retries=0, **rates)
        self._connection = connection
        self._slots = slots
        # The library logs with a traceback every 429 that it does not retry itself.
        logging.getLogger("telegram.ext.AIORateLimiter").setLevel(logging.CRITICAL)

    async def process_request(
        self,
        callback: Callback,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Result of the call, retried as its endpoint deserves; `rate_limit_args` limits the number of tries."""
        tries = rate_limit_args or (None if endpoint in _ESSENTIAL else BRIEFLY)
        started, tried = time.monotonic(), 0
        while True:
            try:
                if endpoint in _UNPACED:
                    return await callback(*args, **kwargs)
                with self._slot_lent_for(self._seconds_of_pace(data)):
                    return await super().process_request(callback, args, kwargs, endpoint, data, None)
            except ChatMigrated as moved:
                if tried and data.get("chat_id") == moved.new_chat_id:
                    raise
                data["chat_id"], wait = moved.new_chat_id, 0.0
            except (BadRequest, Forbidden, InvalidToken, Conflict):
                raise
            except TelegramError as fault:
                wait = _seconds_to_wait(fault, tried)
                if self._is_enough(tries, tried, wait, started):
                    raise
            tried += 1
            self._connection.retries += 1
            with self._slot_lent_for(wait):
                await asyncio.sleep(wait)

    def _slot_lent_for(self, seconds: float) -> contextlib.AbstractContextManager[None]:
        """Lend the slot during a long wait; not during an outage, in which no other update could be answered either."""
        is_long = seconds > _LONGEST_WAIT_IN_SLOT_SECONDS and not self._connection.is_lost
        return self._slots.lent() if is_long else contextlib.nullcontext()

    def _seconds_of_pace(self, data: dict[str, Any]) -> float:
        """Approximate seconds that the pace of a group makes its next message wait; 0 for other chats."""
        chat = data.get("chat_id")
        if not (isinstance(chat, int) and chat < 0 and self._group_max_rate):
            return 0.0
        is_full = not self._get_group_limiter(chat).has_capacity()
        return self._group_time_period / self._group_max_rate if is_full else 0.0

    def _is_enough(self, tries: int | None, tried: int, wait: float, started: float) -> bool:
        if tries is not None:
            return tried + 1 >= tries or wait > _LONGEST_WAIT_FOR_SHOW_SECONDS
        return not self._connection.is_lost and time.monotonic() - started > _PATIENCE_SECONDS


def _seconds_to_wait(fault: TelegramError, tried: int) -> float:
    """Seconds until the next try: as Telegram asks, with some jitter, so that not all calls come at once."""
    if isinstance(fault, RetryAfter):
        # The public attribute warns that it will be a timedelta one day; this one is.
        return fault._retry_after.total_seconds() + _SLACK_SECONDS * random.uniform(1, 2)  # noqa: S311
    return backoff_seconds(tried)


def backoff_seconds(failures: int) -> float:
    """Seconds to wait after `failures` earlier failures: exponential up to LONGEST_WAIT_SECONDS, with jitter."""
    longest = min(LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2.0 ** min(failures, 10))
    return longest * random.uniform(0.6, 1.0)  # noqa: S311
