"""Order and number of what runs at once: a queue fair to chats, slots of workers, and background tasks."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Coroutine, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from telegram.error import TelegramError

logger = logging.getLogger(__name__)

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """Items by chat. A chat whose item is being handled is passed over until it is done; the others take turns.

    Every operation takes constant time, and chats without items take no memory.
    """

    def __init__(self) -> None:
        self._waiting: dict[Hashable, deque[Item]] = {}
        self._turns: deque[Hashable] = deque()
        """Chats that have an item waiting and none being handled, each once, the next one first."""
        self._busy: set[Hashable] = set()
        self._size = 0

    def __len__(self) -> int:
        """Number of items that wait."""
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
        """The first item of the next chat, which is busy from then on; None if every chat with items is busy."""
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
        """Mark the item of a busy chat as handled: the next one of the chat waits behind those of other chats."""
        self._busy.remove(chat)
        if chat in self._waiting:
            self._turns.append(chat)

    def waiting_of(self, chat: Hashable) -> int:
        """Number of items of the chat that wait."""
        return len(self._waiting.get(chat, ()))

    def has_any_of(self, chat: Hashable) -> bool:
        """Whether an item of the chat waits or is being handled."""
        return chat in self._busy or chat in self._waiting


class WorkerSlots:
    """A semaphore whose slots can be lent while their holder sleeps; used on the event loop only."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._reserved = 0
        self._holders: set[asyncio.Task[object]] = set()
        self._is_exclusive = False
        self._exclusive_holder: asyncio.Task[object] | None = None
        self.when_free: Callable[[], None] = lambda: None
        """Called when a slot becomes free."""
        self.when_lent: Callable[[asyncio.Task[object]], None] = lambda _: None
        """Called when a task lends its slot."""

    @property
    def taken(self) -> int:
        """Number of slots that are taken or reserved."""
        return len(self._holders) + self._reserved

    @property
    def free(self) -> int:
        """Number of further updates that may be handled."""
        return 0 if self._is_exclusive else max(self._most - self.taken, 0)

    @property
    def has_one_free(self) -> bool:
        """Whether one more update may be handled."""
        return self.free > 0

    def reserve(self, *, exclusive: bool = False) -> None:
        """Take a slot for a task that does not run yet; no further one is free while an exclusive one is taken."""
        self._reserved += 1
        self._is_exclusive |= exclusive

    def take(self, task: asyncio.Task[object], *, exclusive: bool = False) -> None:
        """Give the reserved slot to its task."""
        self._reserved -= 1
        self._holders.add(task)
        if exclusive:
            self._exclusive_holder = task

    def is_alone(self, task: asyncio.Task[object]) -> bool:
        """Whether the task has its slot for itself, and no other task has one."""
        return self._exclusive_holder is task and self._holders == {task} and not self._reserved

    def share(self, task: asyncio.Task[object]) -> None:
        """Let others have slots beside this task, if its slot was exclusive."""
        if self._exclusive_holder is task:
            self._exclusive_holder, self._is_exclusive = None, False
            self.when_free()

    def release(self, task: asyncio.Task[object]) -> None:
        """Free the slot of a task that is done."""
        self._holders.discard(task)
        self.share(task)
        self.when_free()

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Lend the slot of the current task while this is open; without effect for tasks that have none.

        The task does not wait to get its slot back: for a moment more tasks than slots may run.
        """
        task = asyncio.current_task()
        if task is None or task not in self._holders:
            yield
            return
        self.release(task)
        self.when_lent(task)
        try:
            yield
        finally:
            self._holders.add(task)


class BackgroundTasks:
    """Runs fire-and-forget coroutines; Telegram errors are logged at DEBUG, others with a traceback."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """Number of coroutines that run."""
        return len(self._running)

    def start(self, work: Coroutine[object, object, object]) -> None:
        """Run a coroutine from now on."""
        task = asyncio.create_task(run_logged(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def close(self, seconds: float = 0.0) -> None:
        """Wait up to so many seconds for what runs, then cancel it."""
        if self._running:
            _, unfinished = await asyncio.wait(self._running, timeout=seconds)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)


async def run_logged(work: Coroutine[object, object, object]) -> None:
    """Await a coroutine, and log what it raises; a fault of the state has been logged by the state."""
    try:
        await work
    except (TelegramError, sqlite3.OperationalError) as error:
        logger.debug("Left undone: %s", error)
    except Exception:
        logger.exception("A background task failed")
