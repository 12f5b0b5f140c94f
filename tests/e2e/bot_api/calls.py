"""The record of every call of the bot; a test reads it or waits for it from its own thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from .wire import Json, JsonObject

Found = TypeVar("Found")
_LONGEST_SHOWN_TEXT = 60


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot.

    `params` has its JSON fields decoded; `status` is 0 when the connection was reset without an answer;
    `injected` marks a failure the test had asked for; times are those of `time.monotonic()`.
    """

    method: str
    params: JsonObject
    status: int
    response: JsonObject
    started: float
    finished: float
    injected: bool = False

    @property
    def refused(self) -> bool:
        """Return whether the emulator refused the call by Telegram's rules."""
        return self.status >= 400 and not self.injected

    @property
    def result(self) -> Json:
        """Return what the method returned, None if it was refused."""
        result: Json = self.response.get("result")
        return result

    @property
    def description(self) -> str:
        """Return the reason of a refusal."""
        return str(self.response.get("description", ""))

    def __str__(self) -> str:
        """Return one line for a failure report."""
        shown = self.params.get("text") or self.params.get("caption") or self.params.get("action") or ""
        text = f" {str(shown)[:_LONGEST_SHOWN_TEXT]!r}" if shown else ""
        chat = f" to {self.params['chat_id']}" if "chat_id" in self.params else ""
        asked = " (asked for by the test)" if self.injected else ""
        return f"{self.method}{chat}{text}: {self.status} {self.description}{asked}".rstrip()


@dataclass(slots=True)
class CallLog:
    """Calls in the order they were answered; written by the server's thread, read by any."""

    _calls: list[Call] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def add(self, call: Call) -> None:
        """Record a call and wake those who wait."""
        with self._changed:
            self._calls.append(call)
            self._changed.notify_all()

    def all(self) -> list[Call]:
        """Return the calls so far."""
        with self._changed:
            return list(self._calls)

    def clear(self) -> None:
        """Forget the calls so far."""
        with self._changed:
            self._calls.clear()

    def take(self) -> list[Call]:
        """Return the calls so far and forget them."""
        with self._changed:
            taken, self._calls = self._calls, []
            return taken

    def wait_until(self, look: Callable[[], Found | None], timeout: float) -> Found | None:
        """Return what `look` finds, looking again after each call; None when `timeout` seconds are over."""
        deadline = time.monotonic() + timeout
        while True:
            with self._changed:
                seen = len(self._calls)
            found = look()
            left = deadline - time.monotonic()
            if found is not None or left <= 0:
                return found
            with self._changed:
                if len(self._calls) == seen:
                    self._changed.wait(left)
