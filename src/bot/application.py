"""The Telegram application: all handlers registered in one visible list, and how it is run."""

from __future__ import annotations

import logging
import time

from telegram import BotCommand, BotCommandScopeAllGroupChats, Update
from telegram.error import TelegramError
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import BaseRequest

from bot.access import FirstContacts
from bot.handlers import (
    about,
    admission,
    asking,
    attachments,
    browsing,
    errors,
    feedback,
    inline,
    rebuilding,
    searching,
    uploading,
    welcome,
)
from bot.handlers.context import (
    CONVERSATIONS,
    DATABASE,
    DESK,
    FIRST_CONTACTS,
    METRICS,
    NOTICES,
    PSEUDONYM_KEY,
    SETTINGS,
    STARTED,
    TRANSPORT,
    AnyApplication,
)
from bot.handlers.dispatch import Handlers
from bot.handlers.wait_notices import WaitNotices
from bot.health_server import show_readings
from bot.locales import texts_by_command_language
from bot.observability import Metrics
from bot.replies import callback_data as callbacks
from bot.serving import Answerer
from bot.settings import Settings
from bot.state.conversations import Conversations
from bot.state.database import Database, open_database
from bot.state.users import secret_key
from bot.telegram import Transport, open_transport

logger = logging.getLogger(__name__)

_AT_THE_DOOR, _BEFORE_ALL_OTHERS = -2, -1
_COMMANDS_IN_GROUPS = frozenset({"ask", "search", "compare", "help"})


def build_application(
    settings: Settings, answerer: Answerer, token: str, request: BaseRequest | None = None
) -> AnyApplication:
    """The whole bot around a answerer; a request given here replaces the network, and nothing limits its rate.

    Raises BulletinBotError if the state cannot be opened.
    """
    database = open_database(settings.state_db)
    transport = open_transport(settings, token, database, request)
    application: AnyApplication = (
        ApplicationBuilder()
        .bot(transport.bot)
        .updater(None)
        .update_queue(transport.update_queue)
        .concurrent_updates(transport.update_processor)
        .post_init(_announce_commands)
        .post_stop(rebuilding.stop_rebuild)
        .post_shutdown(_close)
        .build()
    )
    application.bot_data[DESK] = answerer
    application.bot_data[DATABASE] = database
    application.bot_data[SETTINGS] = settings
    application.bot_data[STARTED] = time.monotonic()
    application.bot_data[CONVERSATIONS] = Conversations(database)
    application.bot_data[FIRST_CONTACTS] = FirstContacts()
    application.bot_data[PSEUDONYM_KEY] = secret_key(database, "pseudonyms")
    application.bot_data[METRICS] = Metrics()
    _connect(application, transport)
    show_readings(application, application.bot_data[METRICS])
    _register(application)
    return application


def _connect(application: AnyApplication, transport: Transport) -> None:
    """Let the transport and the handlers know each other."""
    notices = WaitNotices(
        application, transport.update_queue, transport.connection, transport.background_tasks
    )
    transport.update_queue.handling = Handlers(application, notices, transport.background_tasks)
    application.bot_data.update({TRANSPORT: transport, NOTICES: notices})


def _register(application: AnyApplication) -> None:
    asked = filters.UpdateType.MESSAGES
    new = filters.UpdateType.MESSAGE
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
            CommandHandler("about", about.about, filters=new),
            CommandHandler("forget", about.forget, filters=new),
            CommandHandler("rebuild", rebuilding.rebuild, filters=new & private),
            CommandHandler("rollback", rebuilding.rollback, filters=new & private),
            CommandHandler("stats", rebuilding.stats, filters=new & private),
            CommandHandler(
                ["rebuild", "rollback", "stats"], rebuilding.only_in_private, filters=new & group & named
            ),
            CallbackQueryHandler(about.open_about, callbacks.PAGE_OF_ABOUT),
            CallbackQueryHandler(rebuilding.rebuild, callbacks.REBUILD),
            CallbackQueryHandler(uploading.decide, callbacks.UPLOAD),
            CallbackQueryHandler(browsing.open_view, callbacks.OPEN),
            CallbackQueryHandler(browsing.turn_places, callbacks.PLACES),
            CallbackQueryHandler(browsing.turn_bulletins, callbacks.BULLETINS),
            CallbackQueryHandler(welcome.turn_page, callbacks.PAGE_OF_HOME),
            CallbackQueryHandler(welcome.set_language, callbacks.SET_LANGUAGE),
            CallbackQueryHandler(welcome.run_example, callbacks.EXAMPLE),
            CallbackQueryHandler(searching.show_more, callbacks.MORE),
            CallbackQueryHandler(searching.turn_results, callbacks.RESULTS),
            CallbackQueryHandler(searching.choose_filter, callbacks.CHOOSE),
            CallbackQueryHandler(searching.set_filter, callbacks.CHOSEN),
            CallbackQueryHandler(asking.convert_answer, callbacks.CONVERT),
            CallbackQueryHandler(feedback.judge, callbacks.FEEDBACK),
            CallbackQueryHandler(welcome.stale),
            InlineQueryHandler(inline.offer_passages),
            MessageHandler(words & private & filters.TEXT, asking.question),
            MessageHandler(words & group, asking.group_question),
            MessageHandler(new & filters.COMMAND & private, welcome.unknown_command),
            MessageHandler(new & filters.COMMAND & group, welcome.unknown_command_in_group),
            MessageHandler(new & private & filters.Document.ALL, uploading.receive),
            MessageHandler(words & private, attachments.read),
            MessageHandler(new & private & ~filters.StatusUpdate.ALL, attachments.read),
        ]
    )
    application.add_handler(TypeHandler(Update, admission.admit), group=_AT_THE_DOOR)
    application.add_handler(TypeHandler(Update, welcome.list_commands_once), group=_BEFORE_ALL_OTHERS)
    application.add_error_handler(errors.on_error)


async def _announce_commands(application: AnyApplication) -> None:
    """The command lists, by language; without them the bot works too, so a failure is only logged."""
    for language, texts in texts_by_command_language().items():
        commands = [BotCommand(name, description) for name, description in texts.commands]
        in_groups = [command for command in commands if command.command in _COMMANDS_IN_GROUPS]
        try:
            await application.bot.set_my_commands(commands, language_code=language or None)
            await application.bot.set_my_commands(
                in_groups, BotCommandScopeAllGroupChats(), language_code=language or None
            )
        except TelegramError as error:
            logger.warning("The command list could not be set: %s", error)


async def _close(application: AnyApplication) -> None:
    answerer: Answerer = application.bot_data[DESK]
    database: Database = application.bot_data[DATABASE]
    answerer.close()
    database.close()
