"""An update on its way through the bot, and what its outside tells: whose it is, how old, whether it is for the bot."""

from __future__ import annotations

import datetime
from collections.abc import Hashable
from dataclasses import dataclass

from telegram import Bot, Message, Update

from bot.telegram.addressing import is_addressed

LATE_SECONDS = 10 * 60.0
"""A question that waited longer is answered with an apology."""

# Telegram keeps updates for 24 hours: a date before that is no date on which something was written to this bot.
_OLDEST_SECONDS = 25 * 60 * 60.0


@dataclass(slots=True, eq=False)
class ReceivedUpdate:
    """An update from when it was taken in until it is handled; touched on the event loop only."""

    update: Update
    at: float
    """When it was taken in, as `time.monotonic()` tells."""
    kept_at: float
    """When it was first taken in, perhaps before a restart, in seconds since 1970."""
    starts: int = 0
    """How often a handler has begun with it before and not come to an orderly end."""
    rounds: int = 0
    """How often this process has handled it to no avail, because the line failed."""
    is_ready: bool = False
    """Whether its answer is known and being sent."""
    is_left: bool = False
    """Whether it is to be handled again, because Telegram could not be told the answer."""
    is_done: bool = False
    notice: int | None = None
    """The message that asks for patience until the answer comes."""

    @property
    def was_begun(self) -> bool:
        """Whether a part of its answer may stand in the chat already."""
        return self.starts > 0 or self.rounds > 0

    def seconds_old(self, now: float) -> float:
        """How long ago the person wrote or pressed, as far as that can be told; `now` is in seconds since 1970."""
        written = _written_at(self.update)
        if written is None or now - written > _OLDEST_SECONDS:
            written = self.kept_at
        return now - min(written, self.kept_at)

    def is_late(self, now: float) -> bool:
        """Whether an answer now comes with an apology."""
        return self.seconds_old(now) > LATE_SECONDS


def chat_of(update: Update) -> Hashable:
    """Within what order matters: the chat, else the person, else the update by itself."""
    if update.effective_chat:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user else ("update", update.update_id)


def sender_of(update: Update) -> Hashable:
    """Whose limit an update counts against; inline queries, one a keystroke, have a limit of their own."""
    sender = update.effective_sender
    person = sender.id if sender else chat_of(update)
    return ("inline", person) if update.inline_query else person


def is_for_bot(update: Update, bot: Bot) -> bool:
    """Whether an update is the bot's business; what people say to each other in a group is not."""
    message = update.message or update.edited_message
    return message is None or is_addressed(message, bot)


def expects_reply(update: Update, bot: Bot) -> bool:
    """Whether a person may expect a message in reply to theirs."""
    message = update.message or update.edited_message
    has_words = message is not None and bool(message.text or message.caption or message.document)
    return has_words and is_for_bot(update, bot)


def answer_key(update: Update) -> int | None:
    """The number under which is remembered what was sent for an update: its message's, or a negative one for a press."""
    if update.callback_query:
        return -update.update_id
    message = update.effective_message
    return message.message_id if isinstance(message, Message) else None


def _written_at(update: Update) -> float | None:
    message = update.message or update.edited_message
    if message is None:
        return None
    date = message.edit_date or message.date
    return date.timestamp() if isinstance(date, datetime.datetime) else None
