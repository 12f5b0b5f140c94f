"""The queue of updates that wait for the bot, and long polling on it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field

from .wire import Json, JsonObject, Refusal, refusal

MOST_UPDATES_AT_ONCE = 100
LONGEST_POLL_SECONDS = 50
FIRST_UPDATE_ID = 500_000_001
# Sent only to a bot that asks for them by name.
_ASKED_FOR_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class Update:
    """Something that happened; updates with the same `order_key` reach a web hook one after another."""

    update_id: int
    kind: str
    content: JsonObject
    order_key: str

    def as_json(self) -> JsonObject:
        """Return the update as the bot gets it."""
        return {"update_id": self.update_id, self.kind: self.content}


@dataclass(slots=True)
class UpdateQueue:
    """Updates the bot has not confirmed; touched only on the emulator's event loop."""

    pending: list[Update] = field(default_factory=list)
    allowed: frozenset[str] = frozenset()
    on_new: Callable[[], None] = lambda: None
    next_id: int = FIRST_UPDATE_ID
    _poll: asyncio.Future[None] | None = None

    def allow(self, kinds: Json) -> None:
        """Remember which updates the bot wants; a missing list leaves things as they were."""
        if isinstance(kinds, list):
            self.allowed = frozenset(map(str, kinds))

    def push(self, kind: str, content: JsonObject, order_key: str) -> bool:
        """Queue an update and return whether the bot gets it."""
        if kind not in self.allowed if self.allowed else kind in _ASKED_FOR_ONLY:
            return False
        self.pending.append(Update(self.next_id, kind, content, order_key))
        self.next_id += 1
        self._wake()
        self.on_new()
        return True

    def forget(self, update: Update) -> None:
        """Take out an update a web hook has accepted."""
        if update in self.pending:
            self.pending.remove(update)

    async def poll(self, offset: int, limit: int, timeout: float) -> list[JsonObject]:
        """Return the next updates, waiting up to `timeout` seconds for the first one."""
        self._confirm(offset)
        if not self.pending and timeout > 0:
            await self._wait(timeout)
        return [update.as_json() for update in self.pending[:limit]]

    def interrupt(self, description: str) -> None:
        """End the poll that waits, if any, with 409."""
        self._wake(refusal(409, description))

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.pending = self.pending[offset:]
        elif offset <= self.next_id:  # an offset from the future confirms nothing
            self.pending = [update for update in self.pending if update.update_id >= offset]

    async def _wait(self, timeout: float) -> None:
        self.interrupt(
            "terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(poll, timeout)
        finally:
            if self._poll is poll:
                self._poll = None

    def _wake(self, error: Refusal | None = None) -> None:
        poll, self._poll = self._poll, None
        if poll is None or poll.done():
            return
        if error is None:
            poll.set_result(None)
        else:
            poll.set_exception(error)
