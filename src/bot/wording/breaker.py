"""Stops asking a server that keeps failing, and tries it again after a while."""

from __future__ import annotations

import time
from collections.abc import Callable

MOST_FAILURES = 3
"""Failures in a row after which the server is left alone."""

REST_SECONDS = 300.0
"""Time for which it is left alone; a request waits for up to six seconds, and a person reads on meanwhile."""


class Breaker:
    """Open after `MOST_FAILURES` failures in a row; after `REST_SECONDS` one request tries the server again."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the server is left alone now."""
        return self._failures >= MOST_FAILURES and self._clock() < self._open_until

    def begin(self) -> bool:
        """Whether a request may be made; while the breaker is half open, only one may until it has ended."""
        if self.is_open:
            return False
        if self._failures >= MOST_FAILURES:
            self._open_until = self._clock() + REST_SECONDS
        return True

    def succeeded(self) -> None:
        """Note that a request was answered."""
        self._failures = 0

    def failed(self) -> None:
        """Note that a request failed."""
        self._failures += 1
        self._open_until = self._clock() + REST_SECONDS
