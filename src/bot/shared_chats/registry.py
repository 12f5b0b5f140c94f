"""The handlers of this package."""

from __future__ import annotations

from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.handlers import BotApplication
from bot.replies import callback_data
from bot.shared_chats import guest_messages, whole_answers

_OPENS_WHOLE = filters.Regex(r"^/start(?:@\w+)?\s+a_[A-Za-z0-9_-]{1,20}\s*\Z")


def register_shared_chat_handlers(application: BotApplication) -> None:
    """Add the handlers; those of `bot.handlers`, which take every `/start` and every press, are to follow."""
    private = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
    application.add_handlers(
        [
            CommandHandler("start", whole_answers.open_whole, filters=private & _OPENS_WHOLE),
            CallbackQueryHandler(whole_answers.unfold, callback_data.WHOLE),
            MessageHandler(filters.UpdateType.GUEST_MESSAGE, guest_messages.answer_guest),
        ]
    )
