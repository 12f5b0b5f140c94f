"""The list of all handlers."""

from __future__ import annotations

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.handlers import (
    admission,
    asking,
    attachments,
    browsing,
    dispatch,
    inline,
    rebuilding,
    searching,
    uploading,
    welcome,
)
from bot.handlers.context import BotApplication
from bot.replies import callback_data as callbacks

_ADMISSION_GROUP, _COMMAND_LIST_GROUP = -2, -1
"""Groups of handlers that run before those of group 0."""


def register_handlers(application: BotApplication) -> None:
    """Add every handler, and the error handler, to the application."""
    asked = filters.UpdateType.MESSAGES
    new, edited = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
    private, group = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
    words = asked & (filters.TEXT | filters.CAPTION) & ~filters.COMMAND
    named = filters.Regex(r"^/[^\s@]+@")
    application.add_handlers(
        [
            CommandHandler("start", welcome.start, filters=new),
            CommandHandler("help", welcome.help_, filters=new),
            CommandHandler("lang", welcome.language, filters=new),
            CommandHandler("ask", asking.ask, filters=asked),
            CommandHandler("compare", asking.compare, filters=asked),
            CommandHandler("search", searching.search, filters=asked),
            CommandHandler("places", browsing.places, filters=new),
            CommandHandler("bulletins", browsing.bulletins, filters=new),
            CommandHandler("collection", browsing.collection, filters=new),
            CommandHandler("about", welcome.about, filters=new),
            CommandHandler("wording", welcome.wording, filters=new),
            CommandHandler("rebuild", rebuilding.rebuild, filters=new & private),
            CommandHandler("stats", rebuilding.stats, filters=new & private),
            CommandHandler(
                ["inbox", "purge", "rebuild", "rollback", "stats"],
                rebuilding.only_in_private,
                filters=new & group & named,
            ),
            CallbackQueryHandler(welcome.open_about, callbacks.PAGE_OF_ABOUT),
            CallbackQueryHandler(rebuilding.rebuild, callbacks.REBUILD),
            CallbackQueryHandler(uploading.decide, callbacks.UPLOAD),
            CallbackQueryHandler(browsing.open_view, callbacks.OPEN),
            CallbackQueryHandler(browsing.turn_places, callbacks.PLACES),
            CallbackQueryHandler(browsing.turn_bulletins, callbacks.BULLETINS),
            CallbackQueryHandler(browsing.choose_collection, callbacks.COLLECTION),
            CallbackQueryHandler(welcome.turn_page, callbacks.PAGE_OF_HOME),
            CallbackQueryHandler(welcome.set_language, callbacks.SET_LANGUAGE),
            CallbackQueryHandler(welcome.run_example, callbacks.EXAMPLE),
            CallbackQueryHandler(searching.show_more, callbacks.MORE),
            CallbackQueryHandler(searching.turn_results, callbacks.RESULTS),
            CallbackQueryHandler(searching.choose_filter, callbacks.CHOOSE),
            CallbackQueryHandler(searching.set_filter, callbacks.CHOSEN),
            CallbackQueryHandler(asking.convert_answer, callbacks.CONVERT),
            CallbackQueryHandler(welcome.stale),
            InlineQueryHandler(inline.offer_passages),
            MessageHandler(words & private & filters.TEXT, asking.question),
            MessageHandler(words & group, asking.group_question),
            MessageHandler(new & filters.COMMAND & private, welcome.unknown_command),
            MessageHandler(new & filters.COMMAND & group, welcome.unknown_command_in_group),
            MessageHandler(edited & filters.COMMAND & (private | named), welcome.edited_command),
            MessageHandler(new & private & filters.Document.ALL, uploading.receive),
            MessageHandler(words & private, attachments.read),
            MessageHandler(new & private & ~filters.StatusUpdate.ALL, attachments.read),
        ]
    )
    application.add_handler(TypeHandler(Update, admission.admit), group=_ADMISSION_GROUP)
    application.add_handler(TypeHandler(Update, welcome.list_commands_once), group=_COMMAND_LIST_GROUP)
    application.add_error_handler(dispatch.on_error)
