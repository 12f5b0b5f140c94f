"""The first screen, help, languages, examples, and commands that there are not."""

from __future__ import annotations

import logging

from telegram import BotCommand, BotCommandScopeChat, Update
from telegram.error import TelegramError

from bot.handlers.asking import answer_question, compare_places
from bot.handlers.browsing import open_deep_link
from bot.handlers.context import (
    Context,
    admin_texts_of,
    arguments,
    conversations_of,
    desk_of,
    is_admin,
    is_private,
    language_tag,
    matched,
    message_of,
    texts_of,
)
from bot.handlers.searching import search_typed
from bot.handlers.sending import acknowledge, send, turn_into
from bot.replies import callback_data as callbacks
from bot.replies.callback_data import Example
from bot.replies.markup import Reply, text_reply
from bot.replies.welcome import (
    examples_of,
    help_reply,
    language_reply,
    unknown_command_reply,
    usage_reply,
    welcome_reply,
)


async def start(update: Update, context: Context) -> None:
    """Welcome, or the paragraph that a deep link names."""
    link = callbacks.PAYLOAD.match(arguments(context))
    if link:
        span = (int(link["start"]), int(link["end"])) if link["start"] else None
        await open_deep_link(update, context, link["id"], span)
        return
    await send(update, context, _welcome(update, context))


def _welcome(update: Update, context: Context) -> Reply:
    answerer, texts = desk_of(context), texts_of(update, context)
    examples = [(number, text) for number, text in enumerate(texts.ask_examples) if answerer.covers(text)]
    return welcome_reply(answerer.covered_places(), examples, texts)


async def help_(update: Update, context: Context) -> None:
    """How to use the bot."""
    await send(update, context, help_reply(texts_of(update, context)))


async def unknown_command(update: Update, context: Context) -> None:
    """A command that there is not, and those that there are."""
    await send(update, context, unknown_command_reply(texts_of(update, context)))


async def unknown_command_in_group(update: Update, context: Context) -> None:
    """The same in a line, where the command names the bot; without a name it may be for another bot."""
    message = message_of(update)
    command = (message.text or "").split(maxsplit=1)[0] if message else ""
    if command.partition("@")[2].lower() == context.bot.username.lower():
        await send(update, context, text_reply(f"{texts_of(update, context).unknown_command} /help"))


async def language(update: Update, context: Context) -> None:
    """`/lang`: the languages to choose from."""
    await send(update, context, language_reply(language_tag(update, context), texts_of(update, context)))


async def turn_page(update: Update, context: Context) -> None:
    """The buttons between the first screen, help, languages and how to search."""
    query, texts = update.callback_query, texts_of(update, context)
    if query is None:
        return
    await acknowledge(query)
    match matched(context, "page"):
        case callbacks.HELP:
            reply = help_reply(texts)
        case callbacks.LANGUAGE:
            reply = language_reply(language_tag(update, context), texts)
        case callbacks.SEARCH_USAGE:
            reply = usage_reply(Example.SEARCH, texts)
        case _:
            reply = _welcome(update, context)
    await turn_into(update, context, reply)


async def set_language(update: Update, context: Context) -> None:
    """A button that changes the language, and with it the list of commands of the person's own chat."""
    query, user, tag = update.callback_query, update.effective_user, matched(context, "tag")
    if query is None or user is None:
        return
    is_changed = language_tag(update, context) != tag
    conversations_of(context).save_language(user.id, tag)
    texts = texts_of(update, context)
    await acknowledge(query, texts.language_set)
    if is_changed:
        await turn_into(update, context, language_reply(tag, texts, is_changed=True))
        await list_commands(update, context)


async def run_example(update: Update, context: Context) -> None:
    """A tapped example: as if it had been typed."""
    query, texts = update.callback_query, texts_of(update, context)
    if query is None:
        return
    kind, number = Example(matched(context, "kind")), int(matched(context, "number"))
    known = examples_of(kind, texts)
    await acknowledge(query, "" if number < len(known) else texts.stale_button)
    if number >= len(known):
        return
    match kind:
        case Example.ASK:
            await answer_question(update, context, known[number], known[number])
        case Example.SEARCH:
            await search_typed(update, context, known[number])
        case Example.COMPARE:
            await compare_places(update, context, known[number], known[number])


async def stale(update: Update, context: Context) -> None:
    """A button of a version before this one."""
    if update.callback_query:
        await acknowledge(update.callback_query, texts_of(update, context).stale_button, alert=True)


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
