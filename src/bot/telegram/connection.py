"""How the line to Telegram is: up or lost, which faults it had; said once, not at every try."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter

logger = logging.getLogger(__name__)

# Two copies cut each other off in turn: the conflict is over once this one has not been cut off for a while.
_CONFLICT_SECONDS = 20.0
# A single fault is nothing to write about: the call is made again. Two with nothing good between them are an outage.
_FAULTS_OF_AN_OUTAGE = 2


class Connection:
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
        self._conflicts: tuple[float, float] | None = None
        """When the first and the last of those came that are not over."""
        self._denials = 0
        self._deaf_at: float | None = None

    @property
    def is_lost(self) -> bool:
        """Whether nothing comes through at the moment."""
        return self._lost_at is not None

    @property
    def seconds_lost(self) -> float:
        """For how long nothing has come through; 0 while something does."""
        return 0.0 if self._lost_at is None else time.monotonic() - self._lost_at

    @property
    def seconds_in_conflict(self) -> float:
        """For how long another copy of the bot has been taking updates; 0 while none does."""
        return 0.0 if self._conflicts is None else time.monotonic() - self._conflicts[0]

    @property
    def seconds_deaf(self) -> float:
        """For how long Telegram has answered, but given no updates; 0 while it gives them."""
        return 0.0 if self._deaf_at is None else time.monotonic() - self._deaf_at

    def denied_updates(self, words: str, *, for_long: bool) -> None:
        """Telegram was asked for updates and gave none, in these words; `for_long` if it says so itself.

        In an outage that is said already, and no news.
        """
        if self.is_lost:
            return
        self._denials += 1
        if self._deaf_at is None and (for_long or self._denials >= _FAULTS_OF_AN_OUTAGE):
            self._deaf_at = time.monotonic()
            logger.warning("Telegram gives this bot no updates (%s): asking again until it does.", words)

    def conflicted(self, words: str) -> None:
        """Telegram has given the updates to another copy of the bot, and said so in these words."""
        now = time.monotonic()
        if self._conflicts is None:
            logger.error(
                "Another copy of this bot is running with the same token: stop one of the two. (Telegram: %s)",
                words,
            )
        self._conflicts = (self._conflicts[0] if self._conflicts else now, now)

    def was_given_updates(self) -> None:
        """Telegram has given the updates to this bot, which ends a conflict after a while."""
        self._denials = 0
        if self._deaf_at is not None:
            seconds, self._deaf_at = self.seconds_deaf, None
            logger.info("Telegram gives updates again, after %.0f s.", seconds)
        if self._conflicts is not None and time.monotonic() - self._conflicts[1] > _CONFLICT_SECONDS:
            self._conflicts = None
            logger.info("No other copy of this bot is in the way any more.")

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
