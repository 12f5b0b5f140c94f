"""The line to Telegram: what went wrong on it, and for how long nothing has come through."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from telegram.error import TelegramError, TimedOut
from telegram.request import HTTPXRequest

_FLOOD, _SERVER_ERROR = 429, 500
# Telegram was reached, but does not let this bot in: a wrong token, or another copy that polls.
_SHUT_OUT = frozenset({401, 409})


class Line:
    """Told of every call to Telegram by the requests that watch it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lost_at: float | None = None
        self.faults: Counter[str] = Counter()
        """Calls that failed, by what happened: timeout, network, or the status of the response."""
        self.floods = 0
        """Calls refused because there were too many."""

    def count_response(self, status: int) -> None:
        """Telegram responded; the line is lost all the same where that is an error of its own or shuts the bot out."""
        if status >= _SERVER_ERROR or status in _SHUT_OUT:
            self.count_fault(str(status))
            return
        self._lost_at = None
        self.floods += status == _FLOOD

    def count_fault(self, what: str) -> None:
        """Nothing came through."""
        self.faults[what] += 1
        if self._lost_at is None:
            self._lost_at = self._clock()

    @property
    def seconds_lost(self) -> float:
        """For how long every call has failed; 0 after one that came through."""
        return 0.0 if self._lost_at is None else self._clock() - self._lost_at


class WatchedRequest(HTTPXRequest):
    """Calls Telegram, and tells the line how that went."""

    def __init__(self, line: Line, connections: int) -> None:
        super().__init__(connection_pool_size=connections)
        self._line = line

    async def do_request(self, *arguments: Any, **named: Any) -> tuple[int, bytes]:
        """The status and body of the response."""
        try:
            status, body = await super().do_request(*arguments, **named)
        except TelegramError as error:
            self._line.count_fault("timeout" if isinstance(error, TimedOut) else "network")
            raise
        self._line.count_response(status)
        return status, body
