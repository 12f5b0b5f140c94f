"""How the line to Telegram is: up or lost, which faults it had; said once, not at every try."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter

logger = logging.getLogger(__name__)

# A single fault is nothing to write about: the call is made again. Two with nothing good between them are an outage.
_FAULTS_OF_AN_OUTAGE = 2


class Line:
    """What all calls together tell about the line; one for the whole bot, touched on the event loop only."""

    def __init__(self) -> None:
        self.faults: Counter[str] = Counter()
        """How often each kind of fault was met: `timeout`, `network`, `429`, `502` and so on."""
        self.retries = 0
        """Calls made again."""
        self.outages = 0
        self.refused = asyncio.Event()
        """Set once Telegram has said that it does not know the token: no call will succeed any more."""
        self._in_a_row = 0
        self._lost_at: float | None = None

    @property
    def is_lost(self) -> bool:
        """Whether nothing comes through at the moment."""
        return self._lost_at is not None

    @property
    def seconds_lost(self) -> float:
        """For how long nothing has come through; 0 while something does."""
        return 0.0 if self._lost_at is None else time.monotonic() - self._lost_at

    def failed(self, kind: str) -> None:
        """A call did not come through."""
        self.faults[kind] += 1
        self._in_a_row += 1
        if self._lost_at is None and self._in_a_row >= _FAULTS_OF_AN_OUTAGE:
            self._lost_at = time.monotonic()
            self.outages += 1
            logger.warning("Telegram cannot be reached (%s): trying again until it can.", kind)

    def worked(self) -> None:
        """A call came through, whatever Telegram said to it."""
        self._in_a_row = 0
        if self._lost_at is not None:
            seconds, self._lost_at = time.monotonic() - self._lost_at, None
            logger.info("Telegram can be reached again, after %.0f s.", seconds)

    def noted(self, kind: str) -> None:
        """Telegram answered, with a fault that says nothing about the line."""
        self.faults[kind] += 1
        self.worked()

    def refuse(self) -> None:
        """Telegram does not know the token."""
        self.faults["401"] += 1
        self.refused.set()
