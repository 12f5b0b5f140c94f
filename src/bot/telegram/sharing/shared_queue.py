"""The queue of one of several bots: what it receives goes to the server, and what it handles is claimed there.

received -> stored -> claimed -> answered -> finished. A bot that dies before the second arrow is done has not acknowledged the
update, and Telegram sends it again, to whichever bot. Later, the server frees its claim, and another bot handles the update as
this one would after a restart: a message that was sent is changed in its place, and one that may have been sent is sent
again with a line that says so (`handlers.sending`).
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import sqlite3
import time
from collections.abc import Callable, Hashable
from typing import TypeVar

from telegram import Bot, Update

from bot.state import updates
from bot.state.postgres import claims
from bot.telegram import ReceivedUpdate, addressing, error_kinds, rate_limits, scheduling, update_queue
from bot.telegram.sharing.shared_journal import SharedJournal

Result = TypeVar("Result")

_SECONDS_BETWEEN_LOOKS = 1.0
"""Longest time until the updates of a bot that died are seen; those that are released are told of at once."""
_SECONDS_BETWEEN_TRIES = 0.2
# An idle bot claims first: with 16 updates under way this one waits 64 ms longer before it claims the next.
_SECONDS_AN_UPDATE = 0.004
# Beyond its workers, a bot claims only what has waited so long that all bots are busy: its senders are then asked to wait.
_OVERDUE_SECONDS, _MOST_OVERDUE = 4.0, 50


class SharedUpdateQueue(update_queue.UpdateQueue):
    """Holds the updates that this process has claimed, of which most are being handled."""

    def __init__(
        self,
        bot: Bot,
        journal: SharedJournal,
        limiter: rate_limits.RateLimiter,
        slots: scheduling.WorkerSlots,
    ) -> None:
        super().__init__(bot, journal, limiter, slots)
        self._shared = journal
        self._claimable = asyncio.Event()
        """Set when there may be an update to claim."""
        self._claiming: asyncio.Task[None] | None = None
        self._beside = claims.Waiting(0, 0)
        slots.when_free = self._wake

    async def replay(self) -> None:
        """Begin to claim updates: those from before the start are claimed like all others."""
        self._shared.watch(self._wake)
        self._claiming = asyncio.create_task(scheduling.run_logged(self._claim_while_open()))

    def may_poll(self) -> bool:
        """Whether this bot asks Telegram for updates, which one of them does."""
        return self._shared.take_role("polling")

    async def read_certainly(self, read: Callable[[], Result]) -> Result:
        """The records of the state about the sending of an answer, read again while the state cannot be reached.

        Another bot may have sent a part of it: nothing read would be taken for nothing sent.
        """
        while True:
            faults = self._shared.faults
            found = read()
            if self._shared.is_well and self._shared.faults == faults:
                return found
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)

    async def commit(self, update: ReceivedUpdate | None, note: Callable[[], bool]) -> None:
        """Note that a message is about to be sent for the update, while this process has it claimed.

        Waits while the state cannot be reached. Raises ClaimLostError if another bot has the update by then.
        """
        while True:
            with contextlib.suppress(sqlite3.Error):
                self._check_claim(update)
                if note():  # a bot that claims the update after the next check sees what was noted
                    self._check_claim(update)
                    return
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)

    def _check_claim(self, update: ReceivedUpdate | None) -> None:
        """Raises ClaimLostError if another bot has the update, and sqlite3.Error if the state cannot be reached."""
        if update and not self._shared.has(update.update.update_id):
            raise error_kinds.ClaimLostError

    def chat_done(self, update: ReceivedUpdate) -> None:
        """Let the next update of the same chat be claimed."""
        super().chat_done(update)
        self._claimable.set()

    def remove(self, update: ReceivedUpdate) -> None:
        """Drop an update that this process is done with."""
        super().remove(update)
        if update.is_left and not self.is_closed:
            self._shared.leave(update.update.update_id)

    def close(self) -> None:
        """Claim and give out nothing more; the end of the process frees what it has claimed."""
        super().close()
        self._wake()

    async def _keep(self, update: Update, body: object) -> bool:
        """Store an update for any bot to claim; waits while the state cannot be reached."""
        while not self.is_closed:
            try:
                self._store(update, body)
            except sqlite3.Error:
                await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
            else:
                return True
        return False

    def _store(self, update: Update, body: object) -> None:
        beside = self._shared.store(update.update_id, str(addressing.chat_of(update)), body)
        if beside is None:
            self.duplicates += 1
            return
        self._beside = beside
        if self._is_admitted(update):
            self.taken += 1
            self._shared.release(update.update_id)
            self._claimable.set()

    def _admission(self, chat: Hashable, sender: Hashable) -> rate_limits.Admission:
        """As of the base, by the updates of the chat that wait on the server."""
        del chat
        if self._beside.of_chat >= update_queue.MOST_OF_A_CHAT:
            return self.limiter.drop(sender)
        return self.limiter.check(sender, has_waiting=self._beside.of_chat > 0)

    async def _wait_for_room(self) -> None:
        while self._beside.of_all >= update_queue.MOST_PENDING and not self.is_closed:
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
            with contextlib.suppress(sqlite3.Error):
                self._beside = claims.Waiting(0, self._shared.count())

    async def _claim_while_open(self) -> None:
        while not self.is_closed:
            self._claimable.clear()
            await asyncio.sleep(self._slots.taken * _SECONDS_AN_UPDATE)
            with contextlib.suppress(sqlite3.Error):  # which the state has logged
                self._claim()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_SECONDS_BETWEEN_LOOKS):
                    await self._claimable.wait()

    def _claim(self) -> None:
        self._shared.finish_handled()
        room, before = self._slots.free - self.waiting, math.inf
        if room <= 0:
            room, before = _MOST_OVERDUE - self.waiting, self._shared.now() - _OVERDUE_SECONDS
        if room <= 0 or self.is_closed:
            return
        for stored in self._shared.claim(room, self._pending.keys(), before):
            claimed = None if stored.update_id in self._pending else self._again(stored)
            if claimed:  # else it was lost, and is its own again while it is still being handled
                self.push(claimed)

    def _again(self, stored: updates.PendingUpdate) -> ReceivedUpdate | None:
        claimed = super()._again(stored)
        if claimed:  # it waits since it was stored, by the clock of the bot that did so
            claimed.at = time.monotonic() - max(self._shared.now() - stored.at, 0.0)
            self.replayed += stored.starts > 0
        return claimed

    def _wake(self) -> None:
        self._changed.set()
        self._claimable.set()
