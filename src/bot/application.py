"""The Telegram application: its bot, its services and its handlers."""

from __future__ import annotations

import logging
import time
from typing import cast

from telegram import BotCommand, BotCommandScopeAllGroupChats
from telegram.error import TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes, ExtBot
from telegram.request import BaseRequest

from bot.administration import register_admin_handlers
from bot.basket import register_basket_handlers
from bot.handlers import BotApplication, Context, Dispatcher, Services, register_handlers
from bot.health_server import show_readings
from bot.locales import texts_by_command_language
from bot.reports import register_report_handlers, update_inbox
from bot.serving import Answerer
from bot.settings import Settings
from bot.shared_chats import register_shared_chat_handlers
from bot.state import Conversations, homes, users
from bot.subscriptions import register_subscription_handlers
from bot.telegram import open_transport
from bot.wording import open_wording

logger = logging.getLogger(__name__)

_COMMANDS_IN_GROUPS = frozenset({"ask", "search", "compare", "help"})


def build_application(
    settings: Settings, answerer: Answerer, token: str, request: BaseRequest | None = None
) -> BotApplication:
    """The whole bot around an answerer; a request given here replaces the network and turns off rate limits.

    Raises BulletinBotError if the state cannot be opened or is that of another bot, or if a package is missing that the
    settings need.
    """
    database = homes.open_to_serve(settings.state_home(), int(token.partition(":")[0]))
    transport = open_transport(settings, token, database, request)
    bot: ExtBot[int] = transport.bot
    conversations = Conversations(database)
    services = Services(
        settings=settings,
        answerer=answerer,
        database=database,
        transport=transport,
        started=time.monotonic(),
        conversations=conversations,
        wording=open_wording(settings, lambda: conversations.may_ask_model(settings.llm_daily_limit)),
        pseudonym_key=users.secret_key(database, users.PSEUDONYMS),
    )
    application: BotApplication = (
        ApplicationBuilder()
        .bot(bot)
        # Called by python-telegram-bot without arguments, to make `application.bot_data`.
        .context_types(ContextTypes(Context, bot_data=cast("type[Services]", lambda: services)))
        .updater(None)
        .update_queue(transport.update_queue)
        .concurrent_updates(transport.update_processor)
        .post_init(_begin)
        .post_stop(_stop_rebuild)
        .post_shutdown(_close)
        .build()
    )
    transport.update_queue.handling = Dispatcher(application)
    show_readings(services)
    register_basket_handlers(application)
    register_shared_chat_handlers(application)
    register_subscription_handlers(application)
    register_admin_handlers(application)
    register_report_handlers(application)
    register_handlers(application)
    return application


async def _begin(application: BotApplication) -> None:
    """The work that is done once Telegram is reached, beside everything else."""
    await _announce_commands(application)
    await update_inbox(application.bot_data)


async def _announce_commands(application: BotApplication) -> None:
    """Set the command lists by language; a failure is only logged, since the bot works without them."""
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


async def _stop_rebuild(application: BotApplication) -> None:
    await application.bot_data.rebuild.cancel()


async def _close(application: BotApplication) -> None:
    services = application.bot_data
    services.answerer.close()
    if services.wording:
        await services.wording.close()
    services.database.close()
