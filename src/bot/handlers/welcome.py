"""The first screen, help, `/about`, languages, examples, lists of commands, and unknown commands."""

from __future__ import annotations

import logging

from telegram import BotCommand, BotCommandScopeChat, Update
from telegram.error import TelegramError

from bot.handlers.asking import answer_question, compare_places
from bot.handlers.browsing import help_screen, open_deep_link
from bot.handlers.context import Context
from bot.handlers.messages import send_plainly
from bot.handlers.searching import search_typed
from bot.handlers.sending import acknowledge, send, turn_into
from bot.replies import about as about_replies
from bot.replies import callback_data as callbacks
from bot.replies import markup
from bot.replies import welcome as welcome_replies
from bot.serving import coverage_summary

logger = logging.getLogger(__name__)


async def start(update: Update, context: Context) -> None:
    """Answer `/start` with the first screen, or with the paragraph that a deep link names."""
    link = callbacks.PAYLOAD.match(context.arguments)
    if link:
        span = (int(link["start"]), int(link["end"])) if link["start"] else None
        await open_deep_link(update, context, link["id"], span)
        return
    if context.is_private:
        await send(update, context, _welcome(context))
    else:
        await send(update, context, markup.text_reply(context.texts.groups.start))


def _welcome(context: Context) -> markup.Reply:
    answerer, texts = context.answerer, context.texts
    return welcome_replies.welcome_reply(answerer.covered_places(), context.examples, texts)


async def help_(update: Update, context: Context) -> None:
    """Answer `/help`: how to use the bot."""
    await send(update, context, help_screen(context))


async def about(update: Update, context: Context) -> None:
    """Answer `/about`: coverage and measured quality."""
    await send(update, context, _about(context))


async def open_about(update: Update, context: Context) -> None:
    """Show the same where a button was pressed."""
    if update.callback_query:
        await acknowledge(update.callback_query)
        await turn_into(update, context, _about(context))


def _about(context: Context) -> markup.Reply:
    answerer = context.answerer
    questions = context.services.settings.development_questions
    # The questions are about the collection that answers where none is chosen.
    is_measured = answerer.chosen == answerer.collections[:1]
    quality = coverage_summary.measured_quality(questions, answerer.whole.manifest) if is_measured else None
    coverage = coverage_summary.coverage_of(answerer.index)
    return about_replies.about_reply(coverage, quality, context.texts)


async def wording(update: Update, context: Context) -> None:
    """Answer `/wording on` and `/wording off`, for the person alone; without a word, say how it is now."""
    user, texts, conversations = update.effective_user, context.texts.wording, context.services.conversations
    words = context.services.wording
    if user is None:
        return
    choice = context.arguments.lower()
    if words is None:
        await send(update, context, markup.text_reply(texts.unavailable))
        return
    if choice in ("on", "off"):
        conversations.save_wording(user.id, is_wanted=choice == "on")
    state = texts.is_on if conversations.wants_wording(user.id) else texts.is_off
    lines = [state.format(host=words.host)] + ([texts.usage] if choice not in ("on", "off") else [])
    await send(update, context, markup.text_reply("\n".join(lines)))


async def unknown_command(update: Update, context: Context) -> None:
    """Answer a command that does not exist with the help."""
    await send(update, context, welcome_replies.unknown_command_reply(context.texts, help_screen(context)))


async def unknown_command_in_group(update: Update, context: Context) -> None:
    """Answer the same, in one line, if the command names the bot; without a name it may be for another bot."""
    if _names_bot(context):
        await send(update, context, markup.text_reply(f"{context.texts.unknown_command} /help"))


async def edited_command(update: Update, context: Context) -> None:
    """Say below an edited command that it is not run; in a group only if it names the bot.

    Sent anew: what was sent for the command before stays as it is.
    """
    if context.is_private or _names_bot(context):
        await send_plainly(update, context, context.texts.edited_command)


def _names_bot(context: Context) -> bool:
    """Whether the command of the message names this bot."""
    command = (context.message.text or "").split(maxsplit=1)[0] if context.message else ""
    return command.partition("@")[2].lower() == context.bot.username.lower()


async def language(update: Update, context: Context) -> None:
    """Answer `/lang` with the languages to choose from."""
    await send(update, context, welcome_replies.language_reply(context.language_tag, context.texts))


async def turn_page(update: Update, context: Context) -> None:
    """Turn between the first screen, help, languages and the usage of `/search`."""
    query, texts = update.callback_query, context.texts
    if query is None:
        return
    await acknowledge(query)
    match context.matched("page"):
        case callbacks.HELP:
            reply = help_screen(context)
        case callbacks.LANGUAGE:
            reply = welcome_replies.language_reply(context.language_tag, texts)
        case callbacks.SEARCH_USAGE:
            reply = welcome_replies.usage_reply(callbacks.Example.SEARCH, texts)
        case _:
            reply = _welcome(context)
    await turn_into(update, context, reply)


async def set_language(update: Update, context: Context) -> None:
    """Change the language, and with it the list of commands of the person's own chat."""
    query, user, tag = update.callback_query, update.effective_user, context.matched("tag")
    if query is None or user is None:
        return
    is_changed = context.language_tag != tag
    context.services.conversations.save_language(user.id, tag)
    texts = context.texts
    await acknowledge(query, texts.language_set)
    if is_changed:
        await turn_into(update, context, welcome_replies.language_reply(tag, texts, is_changed=True))
        await list_commands(update, context)


async def run_example(update: Update, context: Context) -> None:
    """Handle a tapped example as if it had been typed."""
    query, texts = update.callback_query, context.texts
    if query is None:
        return
    kind, number = callbacks.Example(context.matched("kind")), int(context.matched("number"))
    examples = welcome_replies.examples_of(kind, texts)
    await acknowledge(query, "" if number < len(examples) else texts.stale_button)
    if number >= len(examples):
        return
    match kind:
        case callbacks.Example.ASK:
            await answer_question(update, context, examples[number], examples[number])
        case callbacks.Example.SEARCH:
            await search_typed(update, context, examples[number])
        case callbacks.Example.COMPARE:
            await compare_places(update, context, examples[number], examples[number])


async def stale(update: Update, context: Context) -> None:
    """Answer a button of an earlier version of the bot."""
    if update.callback_query:
        await acknowledge(update.callback_query, context.texts.stale_button, alert=True)


async def list_commands(update: Update, context: Context) -> None:
    """Set the list of commands in the private chat with the person."""
    user = update.effective_user
    if user is None or not context.is_private:
        return
    more = context.texts.admin.commands if context.is_admin else ()
    commands = [BotCommand(*command) for command in (*context.texts.commands, *more)]
    try:
        await context.bot.set_my_commands(commands, BotCommandScopeChat(user.id))
    except TelegramError as error:
        logger.warning("The command list of a chat could not be set: %s", error)


async def list_commands_once(update: Update, context: Context) -> None:
    """Set the list of an admin at their first message: before that, Telegram knows no chat with them."""
    user = update.effective_user
    if user is None or not (context.is_admin and context.is_private):
        return
    if context.services.first_contacts.is_first(("commands listed", user.id)):
        await list_commands(update, context)
