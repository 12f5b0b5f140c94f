"""Which chat is handled next, and by which worker."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """Items by chat. A chat whose item is being handled is passed over until it is done; the others take turns.

    Every operation takes constant time, and nothing is kept of a chat without items.
    """

    def __init__(self) -> None:
        self._waiting: dict[Hashable, deque[Item]] = {}
        self._turns: deque[Hashable] = deque()
        """The chats that have something waiting and nothing being handled, each once."""
        self._busy: set[Hashable] = set()
        self._size = 0

    def __len__(self) -> int:
        """How many items wait."""
        return self._size

    def push(self, chat: Hashable, item: Item) -> None:
        """Put an item behind those of its chat."""
        if chat not in self._waiting:
            self._waiting[chat] = deque()
            if chat not in self._busy:
                self._turns.append(chat)
        self._waiting[chat].append(item)
        self._size += 1

    def pop(self) -> tuple[Hashable, Item] | None:
        """The first item of the chat whose turn it is, which is then busy; None if no chat may have one now."""
        if not self._turns:
            return None
        chat = self._turns.popleft()
        items = self._waiting[chat]
        item = items.popleft()
        self._busy.add(chat)
        self._size -= 1
        if not items:
            del self._waiting[chat]
        return chat, item

    def done(self, chat: Hashable) -> None:
        """The item of a busy chat is handled: its next one stands behind those of the other chats."""
        self._busy.remove(chat)
        if chat in self._waiting:
            self._turns.append(chat)

    def waiting_of(self, chat: Hashable) -> int:
        """How many items of the chat wait."""
        return len(self._waiting.get(chat, ()))

    def has_any_of(self, chat: Hashable) -> bool:
        """Whether an item of the chat waits or is being handled."""
        return chat in self._busy or chat in self._waiting


class WorkerSlots:
    """So many at once are at work; touched on the event loop only."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: set[asyncio.Task[object]] = set()
        self.when_free: Callable[[], None] = lambda: None
        """Called when somebody gives a slot back before they are done."""

    @property
    def has_one_free(self) -> bool:
        """Whether one more may begin."""
        return len(self._taken) < self._most

    def take(self, task: asyncio.Task[object]) -> None:
        """The task begins."""
        self._taken.add(task)

    def leave(self, task: asyncio.Task[object]) -> None:
        """The task is done."""
        self._taken.discard(task)

    @contextmanager
    def given_back(self) -> Iterator[None]:
        """Others may begin while this is open; nothing for who has no slot, such as what is done aside.

        Who comes back does not wait for a slot once more: for a moment there may be more than the most.
        """
        task = asyncio.current_task()
        if task is None or task not in self._taken:
            yield
            return
        self._taken.discard(task)
        self.when_free()
        try:
            yield
        finally:
            self._taken.add(task)
