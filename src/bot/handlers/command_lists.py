"""The list of commands in a person's own chat: in the language they chose, and what only admins may do to admins."""

from __future__ import annotations

import logging

from telegram import BotCommand, BotCommandScopeChat, Update
from telegram.error import TelegramError

from bot.handlers.context import Context, admin_texts_of, is_admin, is_private, texts_of

logger = logging.getLogger(__name__)

_LISTED = "commands listed"
"""The admins whose lists were set since the bot started."""


async def list_commands(update: Update, context: Context) -> None:
    """Set the list in the private chat with the person."""
    if update.effective_user is None or not is_private(update):
        return
    more = admin_texts_of(update, context).commands if is_admin(update, context) else ()
    commands = [BotCommand(*command) for command in (*texts_of(update, context).commands, *more)]
    await _set(update.effective_user.id, commands, context)


async def list_commands_once(update: Update, context: Context) -> None:
    """Set the list of an admin when they write for the first time: before that, Telegram knows no chat with them."""
    user, listed = update.effective_user, context.bot_data.setdefault(_LISTED, set())
    if user and is_admin(update, context) and is_private(update) and user.id not in listed:
        listed.add(user.id)
        await list_commands(update, context)


async def _set(chat_id: int, commands: list[BotCommand], context: Context) -> None:
    try:
        await context.bot.set_my_commands(commands, BotCommandScopeChat(chat_id))
    except TelegramError as error:
        logger.warning("The command list of a chat could not be set: %s", error)
