"""PTB's update processor: runs the handlers of an update and records in the journal how that ended."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.telegram.received_update import ReceivedUpdate
from bot.telegram.scheduling import WorkerSlots
from bot.telegram.update_journal import UpdateJournal
from bot.telegram.update_queue import MOST_PENDING, UpdateQueue

logger = logging.getLogger(__name__)

_MOST_ROUNDS, _SECONDS_BETWEEN_ROUNDS = 3, 5.0
"""An update whose answer could not be sent is handled again by this process, then left to the next."""
_LONGEST_ALONE_SECONDS = 5.0
"""After this time others are handled beside an update that is handled alone: it may never end. Longer than an answer takes, and
no longer than a person waits without a notice."""
_SECONDS_BETWEEN_LOOKS = 0.2


class UpdateProcessor(BaseUpdateProcessor):
    """Handles the updates that `UpdateQueue` gives out, each in a task of PTB's.

    The number of updates at once is limited by the slots, which can be lent, and not by PTB's semaphore.
    """

    def __init__(self, queue: UpdateQueue, journal: UpdateJournal, slots: WorkerSlots) -> None:
        super().__init__(MOST_PENDING)
        self._queue = queue
        self._journal = journal
        self._slots = slots
        slots.when_lent = self._clear
        self._running: dict[asyncio.Task[Any], ReceivedUpdate] = {}
        self.given_up = self.left = 0
        """Numbers of updates since the start: given up because the process dies of them; left to the next process."""

    @property
    def running(self) -> int:
        """Number of updates that are being handled."""
        return len(self._running)

    async def initialize(self) -> None:
        """Do nothing: there is nothing to prepare."""

    async def shutdown(self) -> None:
        """Do nothing: `close` is called before."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Handle one update that the queue gave out; `coroutine` runs PTB's handlers. Raises CancelledError only."""
        received_update = self._queue.received_update_of(update) if isinstance(update, Update) else None
        task = asyncio.current_task()
        if received_update is None or task is None:
            raise TypeError("the processor is for updates of UpdateQueue only")
        self._slots.take(task, exclusive=received_update.is_suspect)
        self._running[task] = received_update
        sharing = asyncio.get_running_loop().call_later(_LONGEST_ALONE_SECONDS, self._slots.share, task)
        try:
            await self._handle(received_update, coroutine, is_alone=self._slots.is_alone(task))
        finally:
            sharing.cancel()
            del self._running[task]
            self._slots.release(task)
            self._queue.chat_done(received_update)

    async def close(self, seconds: float, is_vain: Callable[[], bool] = lambda: False) -> None:
        """Close the queue and wait for what runs: after so many seconds, or once that is in vain, cancel it."""
        self._queue.close()
        end = time.monotonic() + seconds
        while self._running and time.monotonic() < end and not is_vain():
            await asyncio.wait(tuple(self._running), timeout=min(_SECONDS_BETWEEN_LOOKS, seconds))
        unfinished = tuple(self._running)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    async def _handle(
        self, received_update: ReceivedUpdate, handlers: Awaitable[Any], *, is_alone: bool
    ) -> None:
        number, starts = received_update.update.update_id, received_update.starts
        if self._queue.is_closed:  # since it gave out the update, which the next process handles
            _discard(handlers)
            self._remove(received_update)
            return
        try:
            if received_update.is_given_up:
                _discard(handlers)
                self.given_up += 1
                logger.error("The update %d is given up: the process died each time it was handled.", number)
                await self._queue.handling.give_up(received_update)
            else:
                self._journal.save_starts(number, starts + 1 if is_alone else max(starts, 1))
                await self._queue.handling.handle(received_update, handlers)
        except asyncio.CancelledError:
            received_update.is_left = True
            raise
        except Exception:
            logger.exception("The update %d could not be handled", number)
        finally:
            self._record_end(received_update)

    def _record_end(self, received_update: ReceivedUpdate) -> None:
        number = received_update.update.update_id
        if not received_update.is_left:
            self._journal.finish(number)
        else:
            self._journal.save_starts(number, received_update.starts)
        if (
            received_update.is_left
            and received_update.rounds + 1 < _MOST_ROUNDS
            and not self._queue.is_closed
        ):
            asyncio.get_running_loop().call_later(_SECONDS_BETWEEN_ROUNDS, self._push_again, received_update)
        else:
            self._remove(received_update)

    def _clear(self, task: asyncio.Task[Any]) -> None:
        """Take back what is noted against an update that waits for Telegram: the process does not die of that."""
        received_update = self._running.get(task)
        if received_update and received_update.is_suspect:
            self._journal.save_starts(received_update.update.update_id, received_update.starts)

    def _remove(self, received_update: ReceivedUpdate) -> None:
        self.left += received_update.is_left
        self._queue.remove(received_update)

    def _push_again(self, received_update: ReceivedUpdate) -> None:
        received_update.rounds += 1
        received_update.is_left = received_update.is_ready = False
        self._queue.push(received_update)


def _discard(coroutine: Awaitable[Any]) -> None:
    """Close a coroutine that is not to be awaited, so that Python does not warn of it."""
    if isinstance(coroutine, Coroutine):
        coroutine.close()
