"""The last turn of each chat, for follow-up questions: in memory, bounded and soon forgotten."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from retrieval.follow_ups import Turn

_MOST = 1_000
_SECONDS_KEPT = 30 * 60.0

Key = tuple[int, int]
"""The chat and the person in it."""


class Conversations:
    """The last turn of the chats that asked last."""

    def __init__(
        self,
        most: int = _MOST,
        seconds_kept: float = _SECONDS_KEPT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._seconds_kept = seconds_kept
        self._clock = clock
        self._turns: OrderedDict[Key, tuple[float, Turn]] = OrderedDict()

    def last_turn(self, key: Key) -> Turn | None:
        """The last turn of the chat, or None if there was none or it is too long ago."""
        kept = self._turns.get(key)
        if kept is None or self._clock() - kept[0] > self._seconds_kept:
            self._turns.pop(key, None)
            return None
        return kept[1]

    def remember(self, key: Key, turn: Turn) -> None:
        """Keep the turn in place of the one before; the chat that was silent for longest is forgotten first."""
        self._turns[key] = (self._clock(), turn)
        self._turns.move_to_end(key)
        while len(self._turns) > self._most:
            self._turns.popitem(last=False)
