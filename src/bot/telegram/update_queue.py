"""Where updates come in, by polling or by webhook: kept, limited, put in order, and handled.

What `put` has taken is on disk before it is acknowledged, so that a crash loses nothing. In memory are at most
`MOST_PENDING` updates: when there are as many, `put` waits, and with it whoever would acknowledge.
"""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import time
from collections.abc import Callable, Hashable
from typing import Protocol

from telegram import Bot, Update

from bot.state.updates import KeptUpdate
from bot.telegram.rate_limits import Admission, RateLimiter
from bot.telegram.received_update import LATE_SECONDS, ReceivedUpdate, chat_of, is_for_bot, sender_of
from bot.telegram.scheduling import FairQueue, WorkerSlots
from bot.telegram.schemas import is_valid_update
from bot.telegram.update_journal import UpdateJournal

logger = logging.getLogger(__name__)

MOST_PENDING = 1000
MOST_OF_A_CHAT = 100
"""Of one chat so many wait: one that Telegram told to wait for an hour would else fill the memory in 17 minutes, at the
60 messages a minute that a person may send, and then nobody's updates would be taken in."""
_MOST_ROUNDS, _SECONDS_BETWEEN_ROUNDS = 3, 5.0
"""What the line failed is handled again by this process, then left to the next."""
_SECONDS_BETWEEN_LOOKS = 0.2
_LARGEST_NUMBER = 2**63 - 1  # that SQLite holds
_MOST_STARTS = 2
"""An update with which so many handlers began, and ended with the whole process, is not handled again."""


class Handling(Protocol):
    """What becomes of updates."""

    async def handle(self, received_update: ReceivedUpdate) -> None:
        """Answer the person."""

    async def give_up(self, received_update: ReceivedUpdate) -> None:
        """Tell the person that they get no answer."""

    def refuse(self, update: Update, *, with_notice: bool) -> None:
        """Leave an update out, beside everything else; with a notice, tell the person that they send too much."""


class UpdateQueue:
    """Takes updates in and hands them out: as many together as there are slots, each chat's in order, the chats in turn.

    A chat that Telegram told to wait keeps its later updates waiting, and no slot.
    """

    handling: Handling
    """To be set before the first update."""

    def __init__(self, bot: Bot, journal: UpdateJournal, gate: RateLimiter, slots: WorkerSlots) -> None:
        self._bot = bot
        self._journal = journal
        self._slots = slots
        slots.when_free = self._hand_out
        self._queue: FairQueue[ReceivedUpdate] = FairQueue()
        self._pending: dict[int, ReceivedUpdate] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._is_closed = False
        self.gate = gate
        """Counts what it dropped."""
        self.taken = self.duplicates = self.unreadable = 0
        """Updates since the start, like those below."""
        self.overheard = 0
        """What people in groups said to each other: neither kept nor counted against anybody, and of no effect."""
        self.replayed = self.given_up = self.left = 0
        self.most_waiting = 0
        """The most that ever waited together."""

    @property
    def waiting(self) -> int:
        """How many updates no handler has begun with."""
        return len(self._queue)

    @property
    def running(self) -> int:
        """How many updates handlers are busy with."""
        return len(self._running)

    def pending(self) -> tuple[ReceivedUpdate, ...]:
        """What is not handled yet, the oldest first."""
        return tuple(self._pending.values())

    def received_update_of(self, update: Update) -> ReceivedUpdate | None:
        """The received_update of an update that is being handled; None if it did not come through here."""
        return self._pending.get(update.update_id)

    def read(self, body: object) -> Update | None:
        """The update; None for one that is not as Telegram sends them, which must not hold up the others."""
        number = body.get("update_id") if isinstance(body, dict) else None
        if type(number) is not int or not 0 <= number <= _LARGEST_NUMBER:
            self._pass_over("without a number", "")
            return None
        try:
            update = Update.de_json(body, self._bot)  # type: ignore[arg-type]
            hash((chat_of(update), sender_of(update)))
        except Exception as error:  # noqa: BLE001 - whatever a malformed update makes of the library
            self._pass_over(number, type(error).__name__)
            return None
        if not is_valid_update(update):
            self._pass_over(number, "is not what Telegram sends")
            return None
        return update

    def keep_notice(self, received_update: ReceivedUpdate, message_id: int) -> None:
        """Remember, beyond a crash, the message that asks for patience until the answer comes."""
        received_update.notice = message_id
        self._journal.note_notice(received_update.update.update_id, message_id)

    async def put(self, body: object) -> bool:
        """Take an update in, as Telegram sent it; once this returns True, it may be acknowledged.

        Waits while there is no room. False if the inbox is closed, and Telegram is to send the update again.
        """
        update = self.read(body)
        if update is None:
            return True
        await self._wait_for_room()
        if self._is_closed:
            return False
        try:
            if not is_for_bot(update, self._bot):
                self.overheard += 1
            elif self._is_new(update, body) and self._is_admitted(update):
                self.taken += 1
                self._push(ReceivedUpdate(update, time.monotonic(), self._journal.now()))
        except Exception as error:  # noqa: BLE001 - one update, whatever is in it, must not end the polling
            self._pass_over(update.update_id, type(error).__name__)
        return True

    async def replay(self) -> None:
        """Take in what an earlier process was not done with; to be called before anything is put."""
        for kept in self._journal.unfinished():
            update = self.read(json.loads(kept.body))
            if update is None or self._is_stale(update, kept):
                self._journal.finish(kept.update_id)
                continue
            await self._wait_for_room()
            self.replayed += 1
            self._push(ReceivedUpdate(update, time.monotonic(), kept.at, kept.starts, notice=kept.notice))
        if self.replayed:
            logger.info("Handling %d updates from before the start.", self.replayed)

    async def close(self, seconds: float, is_vain: Callable[[], bool] = lambda: False) -> None:
        """Begin with nothing more, and let what is under way end: after so many seconds, or in vain, the hard way."""
        self._is_closed = True
        self._room.set()
        end = time.monotonic() + seconds
        while self._running and time.monotonic() < end and not is_vain():
            await asyncio.wait(self._running, timeout=min(_SECONDS_BETWEEN_LOOKS, seconds))
        late = tuple(self._running)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _pass_over(self, number: object, reason: str) -> None:
        self.unreadable += 1
        logger.warning("An update is passed over, for it cannot be read: %s %s", number, reason)

    def _is_new(self, update: Update, body: object) -> bool:
        is_new = update.update_id not in self._pending and self._journal.keep(update.update_id, body)
        self.duplicates += not is_new
        return is_new

    def _is_admitted(self, update: Update) -> bool:
        verdict = self._verdict(chat_of(update), sender_of(update))
        if verdict is Admission.TAKEN:
            return True
        self._journal.finish(update.update_id)
        self.handling.refuse(update, with_notice=verdict is Admission.DROPPED_WITH_NOTICE)
        return False

    def _verdict(self, chat: Hashable, sender: Hashable) -> Admission:
        if self._queue.waiting_of(chat) >= MOST_OF_A_CHAT:
            return self.gate.drop(sender)
        return self.gate.check(sender, has_waiting=self._queue.has_any_of(chat))

    def _is_stale(self, update: Update, kept: KeptUpdate) -> bool:
        """Whether nobody waits for it any more: presses and inline queries are of the moment."""
        is_momentary = bool(update.callback_query or update.inline_query)
        return is_momentary and self._journal.now() - kept.at > LATE_SECONDS

    async def _wait_for_room(self) -> None:
        while len(self._pending) >= MOST_PENDING and not self._is_closed:
            self._room.clear()
            await self._room.wait()

    def _push(self, received_update: ReceivedUpdate) -> None:
        self._pending[received_update.update.update_id] = received_update
        self._queue.push(chat_of(received_update.update), received_update)
        self._hand_out()
        self.most_waiting = max(self.most_waiting, len(self._queue))

    def _hand_out(self) -> None:
        while not self._is_closed and self._slots.has_one_free:
            following = self._queue.pop()
            if following is None:
                return
            chat, received_update = following
            task = asyncio.create_task(self._handle(received_update))
            self._running.add(task)
            self._slots.take(task)
            task.add_done_callback(functools.partial(self._end, chat, received_update))

    async def _handle(self, received_update: ReceivedUpdate) -> None:
        if received_update.starts >= _MOST_STARTS:
            self.given_up += 1
            await self.handling.give_up(received_update)
        else:
            self._journal.begin(received_update.update.update_id)
            await self.handling.handle(received_update)

    def _end(self, chat: Hashable, received_update: ReceivedUpdate, task: asyncio.Task[None]) -> None:
        number = received_update.update.update_id
        if not task.cancelled() and (error := task.exception()):
            logger.error("The update %d could not be handled", number, exc_info=error)
        if not task.cancelled() and not received_update.is_left:
            self._journal.finish(number)
        elif received_update.starts < _MOST_STARTS:
            self._journal.leave(number)
        if received_update.is_left and received_update.rounds + 1 < _MOST_ROUNDS and not self._is_closed:
            asyncio.get_running_loop().call_later(_SECONDS_BETWEEN_ROUNDS, self._push_again, received_update)
        else:
            self.left += task.cancelled() or received_update.is_left
            received_update.is_done = True
            self._pending.pop(number, None)
        self._running.discard(task)
        self._slots.leave(task)
        self._queue.done(chat)
        self._room.set()
        self._hand_out()

    def _push_again(self, received_update: ReceivedUpdate) -> None:
        received_update.rounds += 1
        received_update.is_left = received_update.is_ready = False
        self._push(received_update)
