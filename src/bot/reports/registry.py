"""The handlers of verdicts, of the inbox and of `/forget`."""

from __future__ import annotations

from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.handlers import BotApplication
from bot.replies import callback_data
from bot.reports import forgetting, inbox, verdicts


def register_report_handlers(application: BotApplication) -> None:
    """Add them to the application; to be called before `register_handlers`, whose last ones take everything."""
    new, private = filters.UpdateType.MESSAGE, filters.ChatType.PRIVATE
    replies = new & private & filters.REPLY & filters.TEXT & ~filters.COMMAND
    application.add_handlers(
        [
            CommandHandler("forget", forgetting.ask_to_forget, filters=new),
            CommandHandler("inbox", inbox.open_inbox, filters=new & private),
            CallbackQueryHandler(verdicts.judge, callback_data.FEEDBACK),
            CallbackQueryHandler(verdicts.give_reason, callback_data.REASON),
            CallbackQueryHandler(inbox.act, callback_data.REPORT),
            CallbackQueryHandler(forgetting.forget, callback_data.FORGET),
            MessageHandler(replies, inbox.take_words),
        ]
    )
