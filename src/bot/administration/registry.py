"""The handlers of `/rebuild`, `/stats`, `/rollback` and `/purge`."""

from __future__ import annotations

from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot.administration import callback_data, purge, rebuilding, rollback
from bot.handlers import BotApplication
from bot.replies import callback_data as callbacks


def register_admin_handlers(application: BotApplication) -> None:
    """Add them to the application; to be called before `register_handlers`, whose last ones take everything."""
    new = filters.UpdateType.MESSAGE
    private = new & filters.ChatType.PRIVATE
    named = filters.Regex(r"^/[^\s@]+@")
    application.add_handlers(
        [
            CommandHandler("rebuild", rebuilding.rebuild, filters=private),
            CommandHandler("stats", rebuilding.stats, filters=private),
            CommandHandler("rollback", rollback.ask, filters=private),
            CommandHandler("purge", purge.choose, filters=private),
            CommandHandler(
                ["inbox", "purge", "rebuild", "rollback", "stats"],
                rebuilding.only_in_private,
                filters=new & filters.ChatType.GROUPS & named,
            ),
            CallbackQueryHandler(rebuilding.rebuild, callbacks.REBUILD),
            CallbackQueryHandler(rollback.confirm, callback_data.ROLLBACK),
            CallbackQueryHandler(purge.turn_list, callback_data.PURGE_LIST),
            CallbackQueryHandler(purge.show, callback_data.PURGE_SHOWN),
            CallbackQueryHandler(purge.confirm, callback_data.PURGE_SURE),
            CallbackQueryHandler(purge.leave, callback_data.PURGE_NOT),
        ]
    )
