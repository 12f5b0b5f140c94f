"""The Telegram application: all handlers registered in one visible list, and how it is run."""

from __future__ import annotations

import logging
import secrets
from urllib.parse import urlsplit

from telegram import BotCommand, Update
from telegram.error import TelegramError
from telegram.ext import (
    AIORateLimiter,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest

from bot import handlers
from bot.conversations import Conversations
from bot.desk import ReadingDesk
from bot.handlers import AnyApplication
from bot.ordered_updates import OrderedUpdates
from bot.settings import Settings
from bot.state.database import Database, open_database
from bot.texts import texts_by_command_language

logger = logging.getLogger(__name__)

_RETRIES = 3  # python-telegram-bot retries none unless told; with 3 nothing was lost in bursts
_RETRY_FOR_EVER = -1  # a box that boots before its network is up waits for it; a wrong token is not retried
_ALLOWED_UPDATES = [Update.MESSAGE, Update.CALLBACK_QUERY]


def build_application(
    settings: Settings, desk: ReadingDesk, token: str, request: BaseRequest | None = None
) -> AnyApplication:
    """The whole bot around a desk; a request given here replaces the network.

    Raises BulletinBotError if the state cannot be opened.
    """
    builder = (
        ApplicationBuilder()
        .token(token)
        .base_url(settings.telegram_base_url)
        .base_file_url(settings.telegram_base_file_url)
        .concurrent_updates(OrderedUpdates(settings.concurrent_updates))
        .rate_limiter(AIORateLimiter(max_retries=_RETRIES))
        .post_init(_announce_commands)
        .post_shutdown(_close)
    )
    if request:
        builder = builder.request(request).get_updates_request(request).updater(None)
    application: AnyApplication = builder.build()
    application.bot_data[handlers.DESK] = desk
    database = open_database(settings.state_db)
    application.bot_data[handlers.DATABASE] = database
    application.bot_data[handlers.CONVERSATIONS] = Conversations(database)
    _register(application)
    return application


def _register(application: AnyApplication) -> None:
    new = filters.UpdateType.MESSAGE
    words = new & filters.TEXT & ~filters.COMMAND & filters.ChatType.PRIVATE
    application.add_handlers(
        [
            CommandHandler("start", handlers.start, filters=new),
            CommandHandler("help", handlers.help_, filters=new),
            CommandHandler("ask", handlers.ask, filters=new),
            CommandHandler("search", handlers.search, filters=new),
            CommandHandler("places", handlers.places, filters=new),
            CallbackQueryHandler(handlers.open_passage),
            MessageHandler(words, handlers.question),
            MessageHandler(new & filters.COMMAND & filters.ChatType.PRIVATE, handlers.help_),
            MessageHandler(new & filters.ChatType.PRIVATE & ~filters.StatusUpdate.ALL, handlers.unreadable),
        ]
    )
    application.add_error_handler(handlers.on_error)


async def _announce_commands(application: AnyApplication) -> None:
    """The command lists, by language; without them the bot works too, so a failure is only logged."""
    for language, texts in texts_by_command_language().items():
        commands = [BotCommand(name, description) for name, description in texts.commands]
        try:
            await application.bot.set_my_commands(commands, language_code=language or None)
        except TelegramError as error:
            logger.warning("The command list could not be set: %s", error)


async def _close(application: AnyApplication) -> None:
    desk: ReadingDesk = application.bot_data[handlers.DESK]
    database: Database = application.bot_data[handlers.DATABASE]
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
