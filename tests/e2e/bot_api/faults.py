"""Failures a test asks for: errors, delays, lost connections; and Telegram's flood control."""

from __future__ import annotations

import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Literal

from .wire import Refusal, too_many_requests

Reset = Literal["", "before", "after"]
_DESCRIPTIONS = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
_FLOOD_CONTROLLED = frozenset({"sendmessage", "senddocument", "editmessagetext", "editmessagereplymarkup"})
# core.telegram.org/bots/faq: one message a second in a chat (short bursts pass), 20 a minute in a group, 30 a
# second in all.
_CHAT_BURST, _CHAT_SECONDS = 3, 3.0
_GROUP_MESSAGES, _GROUP_SECONDS = 20, 60.0
_ALL_MESSAGES, _ALL_SECONDS = 30, 1.0


@dataclass(slots=True)
class Fault:
    """A failure of the next `times` calls of a method (`*` for any)."""

    method: str
    status: int = 0
    retry_after: int = 0
    delay: float = 0.0
    reset: Reset = ""
    times: int = 1
    description: str = ""

    def strikes(self, method: str) -> bool:
        """Return whether a call of this method fails."""
        return self.times > 0 and self.method.lower() in ("*", method.lower())

    def refusal(self) -> Refusal:
        """Return the error to answer with."""
        if self.status == 429:
            return too_many_requests(max(self.retry_after, 1))
        return Refusal(self.status, self.description or _DESCRIPTIONS.get(self.status, "Bad Request"))


@dataclass(slots=True)
class FaultPlan:
    """The failures still to come."""

    faults: list[Fault] = field(default_factory=list)

    def take(self, method: str) -> Fault | None:
        """Return the failure that strikes this call, if any, and count it."""
        fault = next((fault for fault in self.faults if fault.strikes(method)), None)
        if fault is not None:
            fault.times -= 1
        return fault


@dataclass(slots=True)
class FloodControl:
    """Telegram's limits on how fast a bot may write; off unless `enabled`."""

    enabled: bool = False
    _sent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def check(self, method: str, chat_id: str) -> None:
        """Refuse a message with 429 when its chat, or the bot as a whole, has had its share."""
        if not self.enabled or method.lower() not in _FLOOD_CONTROLLED:
            return
        is_group = chat_id.startswith("-")
        limit = (_GROUP_MESSAGES, _GROUP_SECONDS) if is_group else (_CHAT_BURST, _CHAT_SECONDS)
        limits = {chat_id: limit, "all": (_ALL_MESSAGES, _ALL_SECONDS)}
        now = time.monotonic()
        wait = max(self._wait(key, *share, now) for key, share in limits.items())
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        for key in limits:
            self._sent[key].append(now)

    def _wait(self, key: str, most: int, seconds: float, now: float) -> float:
        """Return the seconds until another message fits in the window; 0 when it fits now."""
        sent = self._sent[key]
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        return sent[0] + seconds - now if len(sent) >= most else 0.0
