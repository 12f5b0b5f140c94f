"""PTB's `update_queue` on disk: updates are stored, limited and ordered, then given to PTB one by one.

An update that `receive` has accepted is on disk before it is acknowledged, and survives a crash. At most `MOST_PENDING`
updates are in memory: when there are as many, `receive` waits, and with it the acknowledgement.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import time
from collections.abc import Callable, Hashable
from typing import TypeVar

from telegram import Bot, Update

from bot.state import updates
from bot.telegram.addressing import chat_of, is_for_bot, sender_of
from bot.telegram.rate_limits import Admission, RateLimiter
from bot.telegram.received_update import Handling, ReceivedUpdate
from bot.telegram.scheduling import FairQueue, WorkerSlots
from bot.telegram.schemas import UnreadableUpdateError, read_update
from bot.telegram.update_journal import UpdateJournal

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

MOST_PENDING = 1000
MOST_OF_A_CHAT = 100
"""Updates of one chat that may wait. A chat for which Telegram asks to wait an hour would otherwise fill the memory in 17
minutes, at the 60 messages a minute that a person may send, and then nobody's updates would be received."""


class UpdateQueue(asyncio.Queue[object]):
    """Gives out as many updates at once as there are slots: each chat's in order, the chats in turn.

    A chat for which Telegram asks to wait keeps its later updates in the queue, and occupies no slot.
    """

    handling: Handling
    """To be set before the first update."""

    def __init__(self, bot: Bot, journal: UpdateJournal, limiter: RateLimiter, slots: WorkerSlots) -> None:
        super().__init__()
        self._bot = bot
        self._journal = journal
        self._slots = slots
        self._waiting: FairQueue[ReceivedUpdate] = FairQueue()
        self._pending: dict[int, ReceivedUpdate] = {}
        self._room = asyncio.Event()
        self._changed = asyncio.Event()
        """Set when there may be an update to give out."""
        slots.when_free = self._changed.set
        self._stop_signal: object = None
        self.is_closed = False
        self.limiter = limiter
        self.taken = self.duplicates = self.unreadable = 0
        """Numbers of updates since the start, like those below."""
        self.overheard = 0
        """Messages between people in groups: neither stored nor counted against anybody's limit."""
        self.replayed = 0
        self.most_waiting = 0
        """The most updates that ever waited at once."""

    @property
    def waiting(self) -> int:
        """Number of updates that no handler has begun with."""
        return len(self._waiting)

    def pending(self) -> tuple[ReceivedUpdate, ...]:
        """Updates that are not handled yet, the oldest first."""
        return tuple(self._pending.values())

    def received_update_of(self, update: Update) -> ReceivedUpdate | None:
        """The pending entry of an update; None if it did not come through this queue."""
        return self._pending.get(update.update_id)

    def read(self, body: object) -> Update | None:
        """The update in a JSON value; None if it is malformed, so that it does not hold up the others."""
        try:
            return read_update(body, self._bot)
        except UnreadableUpdateError as error:
            self._skip(error.number, error.reason)
            return None

    def keep_notice(self, received_update: ReceivedUpdate, message_id: int) -> None:
        """Store the id of the message that asks the sender to wait, so that it can be deleted after a crash too."""
        received_update.notice = message_id
        self._journal.note_notice(received_update.update.update_id, message_id)

    async def receive(self, body: object) -> bool:
        """Accept an update as Telegram sent it; once this returns True, it may be acknowledged.

        Waits while there is no room. False if the queue is closed, and Telegram is to send the update again.
        """
        update = self.read(body)
        if update is None:
            return True
        await self._wait_for_room()
        if self.is_closed:
            return False
        try:
            if is_for_bot(update, self._bot):
                return await self._keep(update, body)
            self.overheard += 1
        except Exception as error:  # noqa: BLE001 - one update, whatever is in it, must not end the polling
            self._skip(update.update_id, type(error).__name__)
        return True

    async def _keep(self, update: Update, body: object) -> bool:
        """Store an update and queue it, unless it is known or in a flood; False if Telegram is to send it again."""
        if self._is_new(update, body) and self._is_admitted(update):
            self.taken += 1
            self.push(ReceivedUpdate(update, time.monotonic(), self._journal.now()))
            await asyncio.sleep(0)  # PTB takes it now if a slot is free, so that it does not count as waiting
        return True

    async def replay(self) -> None:
        """Queue the updates that an earlier process did not finish; to be called before `receive`.

        First those that were under way when a process died, each alone; last of these, those that were alone at a death.
        """
        suspects = 0
        for stored in sorted(self._journal.unfinished(), key=lambda stored: stored.starts or math.inf):
            replayed = self._again(stored)
            if replayed is None:
                continue
            await self._wait_for_room()
            self.replayed += 1
            suspects += replayed.is_suspect
            self.push(replayed)
        if self.replayed:
            said = "Handling %d updates from before the start, %d of them alone: a process died with them under way."
            logger.info(said, self.replayed, suspects)

    def _again(self, stored: updates.PendingUpdate) -> ReceivedUpdate | None:
        """A stored update to be handled; None, and it is done with, if it cannot be read or is of no use any more."""
        update = self.read(_json_in(stored))
        if update is not None:
            again = ReceivedUpdate(update, time.monotonic(), stored.at, stored.starts, notice=stored.notice)
            if not again.is_stale(self._journal.now()):
                return again
        self._journal.finish(stored.update_id)
        return None

    def may_poll(self) -> bool:
        """Whether this process is the one that asks Telegram for updates."""
        return True

    async def read_certainly(self, read: Callable[[], Result]) -> Result:
        """The records of the state about the sending of an answer; of a broken file, what can be read."""
        return read()

    async def commit(self, received_update: ReceivedUpdate | None, note: Callable[[], bool]) -> None:
        """Note that a message is about to be sent for the update; what cannot be noted is sent all the same."""
        del received_update
        note()

    def push(self, received_update: ReceivedUpdate) -> None:
        """Put an update behind those of its chat."""
        self._pending[received_update.update.update_id] = received_update
        self._waiting.push(chat_of(received_update.update), received_update)
        self._changed.set()
        self.most_waiting = max(self.most_waiting, len(self._waiting))

    def chat_done(self, received_update: ReceivedUpdate) -> None:
        """Let the next update of the same chat have its turn."""
        self._waiting.done(chat_of(received_update.update))
        self._changed.set()

    def remove(self, received_update: ReceivedUpdate) -> None:
        """Drop an update that this process is done with."""
        received_update.is_done = True
        self._pending.pop(received_update.update.update_id, None)
        self._room.set()

    def close(self) -> None:
        """Accept and give out nothing more; what waits stays on disk for the next process."""
        self.is_closed = True
        self._room.set()

    async def get(self) -> object:
        """The next update, or PTB's stop signal; waits for a free slot and for a chat that is not busy."""
        while self._stop_signal is None:
            self._changed.clear()
            following = self._waiting.pop() if self._slots.has_one_free and not self.is_closed else None
            if following is not None:
                self._slots.reserve(exclusive=following[1].is_suspect)
                return following[1].update
            await self._changed.wait()
        return self._stop_signal

    async def put(self, item: object) -> None:
        """Take the signal by which `Application.stop` ends PTB's loop; updates come in by `receive`."""
        if isinstance(item, Update):
            raise TypeError("updates come in by UpdateQueue.receive")
        self._stop_signal = item
        self._changed.set()

    def empty(self) -> bool:
        """Always true: nothing is left for PTB to drop when it stops."""
        return True

    def task_done(self) -> None:
        """Ignored: `UpdateProcessor` marks updates as handled."""

    async def join(self) -> None:
        """Return at once: `UpdateProcessor.close` has waited for what runs."""

    def _skip(self, number: object, reason: str) -> None:
        self.unreadable += 1
        logger.warning("An update is passed over, for it cannot be read: %s %s", number, reason)

    def _is_new(self, update: Update, body: object) -> bool:
        is_new = update.update_id not in self._pending and self._journal.keep(update.update_id, body)
        self.duplicates += not is_new
        return is_new

    def _is_admitted(self, update: Update) -> bool:
        admission = self._admission(chat_of(update), sender_of(update))
        if admission is Admission.TAKEN:
            return True
        self._journal.finish(update.update_id)
        self.handling.drop(update, with_notice=admission is Admission.DROPPED_WITH_NOTICE)
        return False

    def _admission(self, chat: Hashable, sender: Hashable) -> Admission:
        if self._waiting.waiting_of(chat) >= MOST_OF_A_CHAT:
            return self.limiter.drop(sender)
        return self.limiter.check(sender, has_waiting=self._waiting.has_any_of(chat))

    async def _wait_for_room(self) -> None:
        while len(self._pending) >= MOST_PENDING and not self.is_closed:
            self._room.clear()
            await self._room.wait()


def _json_in(stored: updates.PendingUpdate) -> object:
    """The stored update; None if the row is damaged, and `read` passes over it."""
    try:
        return json.loads(stored.body)
    except (ValueError, RecursionError):
        return None
