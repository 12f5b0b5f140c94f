"""The Telegram application: all handlers registered in one visible list, and how it is run."""

from __future__ import annotations

import logging
import secrets
import time
from urllib.parse import urlsplit

from telegram import BotCommand, BotCommandScopeAllGroupChats, Update
from telegram.error import TelegramError
from telegram.ext import (
    AIORateLimiter,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)
from telegram.request import BaseRequest

from bot import callbacks
from bot.conversations import Conversations
from bot.desk import ReadingDesk
from bot.handlers import (
    about,
    asking,
    browsing,
    command_lists,
    errors,
    feedback,
    inline,
    rebuilding,
    searching,
    uploading,
    welcome,
)
from bot.handlers.context import CONVERSATIONS, DATABASE, DESK, SETTINGS, STARTED, AnyApplication
from bot.ordered_updates import OrderedUpdates
from bot.settings import Settings
from bot.state.database import Database, open_database
from bot.texts import texts_by_command_language
from bot.wellformed import WellformedOnly

logger = logging.getLogger(__name__)

_RETRIES = 3  # python-telegram-bot retries none unless told; with 3 nothing was lost in bursts
_RETRY_FOR_EVER = -1  # a box that boots before its network is up waits for it; a wrong token is not retried
_ALLOWED_UPDATES = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY]
_BEFORE_ALL_OTHERS = -1
_COMMANDS_IN_GROUPS = frozenset({"ask", "search", "compare", "help"})


def build_application(
    settings: Settings, desk: ReadingDesk, token: str, request: BaseRequest | None = None
) -> AnyApplication:
    """The whole bot around a desk; a request given here replaces the network, and nothing limits its rate.

    Raises BulletinBotError if the state cannot be opened.
    """
    limiter = (
        AIORateLimiter(overall_max_rate=0, group_max_rate=0)
        if request
        else AIORateLimiter(max_retries=_RETRIES)
    )
    builder = (
        ApplicationBuilder()
        .application_class(WellformedOnly)
        .token(token)
        .base_url(settings.telegram_base_url)
        .base_file_url(settings.telegram_base_file_url)
        .concurrent_updates(OrderedUpdates(settings.concurrent_updates))
        .rate_limiter(limiter)
        .post_init(_announce_commands)
        .post_stop(rebuilding.stop_rebuild)
        .post_shutdown(_close)
    )
    if request:
        builder = builder.request(request).get_updates_request(request).updater(None)
    application: AnyApplication = builder.build()
    database = open_database(settings.state_db)
    application.bot_data[DESK] = desk
    application.bot_data[DATABASE] = database
    application.bot_data[SETTINGS] = settings
    application.bot_data[STARTED] = time.monotonic()
    application.bot_data[CONVERSATIONS] = Conversations(database)
    _register(application)
    return application


def _register(application: AnyApplication) -> None:
    asked = filters.UpdateType.MESSAGES
    new = filters.UpdateType.MESSAGE
    private, group = filters.ChatType.PRIVATE, filters.ChatType.GROUPS
    words = asked & filters.TEXT & ~filters.COMMAND
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
            MessageHandler(words & private, asking.question),
            MessageHandler(words & group, asking.group_question),
            MessageHandler(new & filters.COMMAND & private, welcome.help_),
            MessageHandler(new & private & filters.Document.ALL, uploading.receive),
            MessageHandler(new & private & ~filters.StatusUpdate.ALL, welcome.unreadable),
        ]
    )
    application.add_handler(TypeHandler(Update, command_lists.list_commands_once), group=_BEFORE_ALL_OTHERS)
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
    desk: ReadingDesk = application.bot_data[DESK]
    database: Database = application.bot_data[DATABASE]
    desk.close()
    database.close()


def run_application(application: AnyApplication, settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, by webhook where one is set, else by polling."""
    if settings.webhook_url is None:
        application.run_polling(allowed_updates=_ALLOWED_UPDATES, bootstrap_retries=_RETRY_FOR_EVER)
        return
    secret = (
        settings.webhook_secret.get_secret_value() if settings.webhook_secret else secrets.token_urlsafe(32)
    )
    application.run_webhook(
        listen=settings.webhook_listen,
        port=settings.webhook_port,
        url_path=urlsplit(settings.webhook_url).path.lstrip("/"),
        webhook_url=settings.webhook_url,
        secret_token=secret,
        allowed_updates=_ALLOWED_UPDATES,
        bootstrap_retries=_RETRY_FOR_EVER,
    )
