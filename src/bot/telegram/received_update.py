"""An update on its way through the bot, and what the application does with it."""

from __future__ import annotations

import datetime
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Protocol

from telegram import Update

LATE_SECONDS = 10 * 60.0
"""A question that waited longer is answered with an apology."""

# Deaths of a process with this update alone under way, after which it is not handled again. An update among others when a
# process died is not yet at fault: of 97 questions with kills 2 s apart, 32 were given up when two such deaths were enough.
# One that ends the process each time does so three times.
_MOST_DEATHS_ALONE = 2

# Telegram keeps updates for 24 hours: an older date is not the date of a message to this bot.
_OLDEST_SECONDS = 25 * 60 * 60.0


@dataclass(slots=True, eq=False)
class ReceivedUpdate:
    """An update from when it was received until it is handled; used on the event loop only."""

    update: Update
    at: float
    """Time of receipt in this process, as `time.monotonic()` gives it."""
    stored_at: float
    """Time of the first receipt, perhaps before a restart, in seconds since 1970."""
    starts: int = 0
    """Number noted by earlier processes that died while they handled it (see `state.updates.PendingUpdate.starts`)."""
    rounds: int = 0
    """Number of times that this process has handled it in vain, because calls to Telegram failed."""
    is_ready: bool = False
    """Whether its answer is known and being sent."""
    is_left: bool = False
    """Whether it must be handled again, because its answer could not be sent."""
    is_done: bool = False
    notice: int | None = None
    """Id of the message that asked the sender to wait."""

    @property
    def is_given_up(self) -> bool:
        """Whether it is not handled again, since the process dies of it."""
        return self.starts > _MOST_DEATHS_ALONE

    @property
    def is_suspect(self) -> bool:
        """Whether it is to be handled alone: a process died while it was under way, and this one has not yet handled it."""
        return self.starts > 0 and self.rounds == 0 and not self.is_given_up

    @property
    def was_begun(self) -> bool:
        """Whether a part of its answer may have been sent before."""
        return self.starts > 0 or self.rounds > 0

    def seconds_old(self, now: float) -> float:
        """Seconds since the person wrote it, or since its receipt where no date is known; `now` is seconds since 1970."""
        written = _written_at(self.update)
        if written is None or now - written > _OLDEST_SECONDS:
            written = self.stored_at
        return now - min(written, self.stored_at)

    def is_late(self, now: float) -> bool:
        """Whether its answer comes with an apology; `now` is seconds since 1970."""
        return self.seconds_old(now) > LATE_SECONDS

    def is_stale(self, now: float) -> bool:
        """Whether nobody waits for it any more: button presses and inline queries matter for a moment only."""
        is_momentary = bool(self.update.callback_query or self.update.inline_query)
        return is_momentary and now - self.stored_at > LATE_SECONDS


class Handling(Protocol):
    """The application's part in handling updates."""

    async def handle(self, received_update: ReceivedUpdate, handlers: Awaitable[Any]) -> None:
        """Answer the person; `handlers` runs PTB's handlers of the update."""

    async def give_up(self, received_update: ReceivedUpdate) -> None:
        """Tell the person that they get no answer."""

    def drop(self, update: Update, *, with_notice: bool) -> None:
        """Called for an update that is dropped in a flood; must not block. With a notice, tell the person so."""


def _written_at(update: Update) -> float | None:
    message = update.message or update.edited_message
    if message is None:
        return None
    date = message.edit_date or message.date
    return date.timestamp() if isinstance(date, datetime.datetime) else None
