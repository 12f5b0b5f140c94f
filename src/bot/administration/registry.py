"""The handlers of `/rollback` and `/purge`."""

from __future__ import annotations

from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from bot.administration import callback_data, purge, rollback
from bot.handlers import BotApplication


def register_admin_handlers(application: BotApplication) -> None:
    """Add them to the application; to be called before `register_handlers`, whose last ones take everything."""
    private = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE
    application.add_handlers(
        [
            CommandHandler("rollback", rollback.ask, filters=private),
            CommandHandler("purge", purge.choose, filters=private),
            CallbackQueryHandler(rollback.confirm, callback_data.ROLLBACK),
            CallbackQueryHandler(purge.turn_list, callback_data.PURGE_LIST),
            CallbackQueryHandler(purge.show, callback_data.PURGE_SHOWN),
            CallbackQueryHandler(purge.confirm, callback_data.PURGE_SURE),
            CallbackQueryHandler(purge.leave, callback_data.PURGE_NOT),
        ]
    )
