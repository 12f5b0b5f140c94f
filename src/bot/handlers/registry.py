"""The list of all handlers."""

from __future__ import annotations

from typing import Any, TypeAlias

from telegram import Update
from telegram.ext import (
    BaseHandler,
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
    searching,
    uploading,
    welcome,
)
from bot.handlers.context import BotApplication, Context
from bot.replies import callback_data as callbacks

_ADMISSION_GROUP, _COMMAND_LIST_GROUP = -2, -1
"""Groups of handlers that run before those of group 0."""

_ASKED = filters.UpdateType.MESSAGES
_NEW, _EDITED = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
_PRIVATE, _GROUP = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
_WORDS = _ASKED & (filters.TEXT | filters.CAPTION) & ~filters.COMMAND
_NAMED = filters.Regex(r"^/[^\s@]+@")
"""A command with the name of a bot."""

_Handlers: TypeAlias = list[BaseHandler[Any, Context, Any]]


def register_handlers(application: BotApplication) -> None:
    """Add every handler, and the error handler, to the application; of several that match, the first one runs."""
    application.add_handlers(
        [*_commands(), *_buttons(), InlineQueryHandler(inline.offer_passages), *_messages()]
    )
    application.add_handler(TypeHandler(Update, admission.admit), group=_ADMISSION_GROUP)
    application.add_handler(TypeHandler(Update, welcome.list_commands_once), group=_COMMAND_LIST_GROUP)
    application.add_error_handler(dispatch.on_error)


def _commands() -> _Handlers:
    return [
        CommandHandler("start", welcome.start, filters=_NEW),
        CommandHandler("help", welcome.help_, filters=_NEW),
        CommandHandler("lang", welcome.language, filters=_NEW),
        CommandHandler("ask", asking.ask, filters=_ASKED),
        CommandHandler("compare", asking.compare, filters=_ASKED),
        CommandHandler("search", searching.search, filters=_ASKED),
        CommandHandler("places", browsing.places, filters=_NEW),
        CommandHandler("bulletins", browsing.bulletins, filters=_NEW),
        CommandHandler("collection", browsing.collection, filters=_NEW),
        CommandHandler("about", welcome.about, filters=_NEW),
        CommandHandler("wording", welcome.wording, filters=_NEW),
    ]


def _buttons() -> _Handlers:
    """The handlers of buttons; the last one takes those of earlier versions."""
    return [
        CallbackQueryHandler(welcome.open_about, callbacks.PAGE_OF_ABOUT),
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
    ]


def _messages() -> _Handlers:
    """The handlers of messages without a command, and of the commands that are not known or not run."""
    return [
        MessageHandler(_WORDS & _PRIVATE & filters.TEXT, asking.question),
        MessageHandler(_WORDS & _GROUP, asking.group_question),
        MessageHandler(_NEW & filters.COMMAND & _PRIVATE, welcome.unknown_command),
        MessageHandler(_NEW & filters.COMMAND & _GROUP, welcome.unknown_command_in_group),
        MessageHandler(_EDITED & filters.COMMAND & (_PRIVATE | _NAMED), welcome.edited_command),
        MessageHandler(_NEW & _PRIVATE & filters.Document.ALL, uploading.receive),
        MessageHandler(_WORDS & _PRIVATE, attachments.read),
        MessageHandler(_NEW & _PRIVATE & ~filters.StatusUpdate.ALL, attachments.read),
    ]
