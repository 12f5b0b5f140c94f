"""State of the connection to Telegram (lost, in conflict, without updates), logged at each change and not at every call."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable

from telegram.error import BadRequest, InvalidToken, TelegramError

logger = logging.getLogger(__name__)

# Two copies cut each other off in turn: the conflict is over once this one has not been cut off for a while.
_CONFLICT_SECONDS = 20.0
# A single failure is not logged, since the call is made again. Two in a row are an outage.
_FAILURES_OF_AN_OUTAGE = 2
_SECONDS_BETWEEN_TRIES = 2.0


class Connection:
    """Outcome of all calls to Telegram; one object for the whole bot, used on the event loop only."""

    def __init__(self) -> None:
        self.faults: Counter[str] = Counter()
        """Number of faults by kind: `timeout`, `network`, `429`, `502` and so on."""
        self.retries = 0
        """Number of calls made again."""
        self.outages = 0
        self.token_rejected = asyncio.Event()
        """Set once Telegram has answered that it does not know the token: every later call fails too."""
        self._failures_in_a_row = 0
        self._lost_at: float | None = None
        self._conflicts: tuple[float, float] | None = None
        """Times of the first and the last conflict of those that are not over."""
        self._refusals_of_updates = 0
        self._without_updates_at: float | None = None

    @staticmethod
    async def establish(call: Callable[[], Awaitable[object]]) -> None:
        """Make a call until it succeeds: a machine may start before its network. Raises InvalidToken and BadRequest."""
        while True:
            try:
                await call()
            except (InvalidToken, BadRequest):
                raise
            except TelegramError:
                await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
            else:
                return

    @property
    def is_lost(self) -> bool:
        """Whether every call fails at the moment."""
        return self._lost_at is not None

    @property
    def seconds_lost(self) -> float:
        """Seconds since the first of the calls that all failed; 0 while calls succeed."""
        return 0.0 if self._lost_at is None else time.monotonic() - self._lost_at

    @property
    def seconds_in_conflict(self) -> float:
        """Seconds since another copy of the bot began to take updates; 0 while none does."""
        return 0.0 if self._conflicts is None else time.monotonic() - self._conflicts[0]

    @property
    def seconds_without_updates(self) -> float:
        """Seconds since Telegram began to answer `getUpdates` with errors only; 0 while it gives updates."""
        return 0.0 if self._without_updates_at is None else time.monotonic() - self._without_updates_at

    def record_refused_updates(self, description: str, *, for_long: bool) -> None:
        """Note that `getUpdates` was answered with this error; `for_long` if Telegram asks for a long wait.

        During an outage nothing is noted: the outage itself has been logged.
        """
        if self.is_lost:
            return
        self._refusals_of_updates += 1
        if self._without_updates_at is None and (
            for_long or self._refusals_of_updates >= _FAILURES_OF_AN_OUTAGE
        ):
            self._without_updates_at = time.monotonic()
            logger.warning(
                "Telegram gives this bot no updates (%s): asking again until it does.", description
            )

    def record_conflict(self, description: str) -> None:
        """Note that Telegram gave the updates to another copy of the bot; `description` is Telegram's."""
        now = time.monotonic()
        if self._conflicts is None:
            logger.error(
                "Another copy of this bot is running with the same token: stop one of the two. (Telegram: %s)",
                description,
            )
        self._conflicts = (self._conflicts[0] if self._conflicts else now, now)

    def record_updates(self) -> None:
        """Note that `getUpdates` succeeded, which ends a conflict after a while."""
        self._refusals_of_updates = 0
        if self._without_updates_at is not None:
            seconds, self._without_updates_at = self.seconds_without_updates, None
            logger.info("Telegram gives updates again, after %.0f s.", seconds)
        if self._conflicts is not None and time.monotonic() - self._conflicts[1] > _CONFLICT_SECONDS:
            self._conflicts = None
            logger.info("No other copy of this bot is in the way any more.")

    def record_failure(self, kind: str) -> None:
        """Note that a call did not reach Telegram, or that its servers could not carry it out."""
        self.faults[kind] += 1
        self._failures_in_a_row += 1
        if self._lost_at is None and self._failures_in_a_row >= _FAILURES_OF_AN_OUTAGE:
            self._lost_at = time.monotonic()
            self.outages += 1
            logger.warning("Telegram cannot be reached (%s): trying again until it can.", kind)

    def record_response(self) -> None:
        """Note that a call was answered, with success or with an error of the call itself."""
        self._failures_in_a_row = 0
        if self._lost_at is not None:
            seconds, self._lost_at = time.monotonic() - self._lost_at, None
            logger.info("Telegram can be reached again, after %.0f s.", seconds)

    def record_error_response(self, kind: str) -> None:
        """Note that a call was answered with a fault to count (429, 409): the connection itself works."""
        self.faults[kind] += 1
        self.record_response()

    def record_invalid_token(self) -> None:
        """Note that Telegram does not know the token."""
        self.faults["401"] += 1
        self.token_rejected.set()
