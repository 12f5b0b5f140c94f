"""The handlers of this package."""

from __future__ import annotations

from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot.handlers import BotApplication
from bot.subscriptions import commands, screens


def register_subscription_handlers(application: BotApplication) -> None:
    """Add the handlers; those of `bot.handlers`, which take every other command and press, are to follow."""
    new = filters.UpdateType.MESSAGE
    application.add_handlers(
        [
            CommandHandler("follow", commands.follow, filters=new),
            CommandHandler("following", commands.following, filters=new),
            CallbackQueryHandler(commands.press, screens.PRESS),
        ]
    )
