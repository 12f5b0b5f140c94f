"""The slots of those who are handled at once; whoever only waits gives theirs back for that while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Slots:
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
