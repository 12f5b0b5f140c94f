"""What the bot covers, how good it is, and what it is to forget."""

from __future__ import annotations

from telegram import Update

from bot.handlers.context import (
    Context,
    database_of,
    desk_of,
    settings_of,
    texts_of,
)
from bot.handlers.sending import acknowledge, send, turn_into
from bot.replies.about import about_reply, forgotten_reply
from bot.replies.markup import Reply
from bot.serving import coverage_summary
from bot.state.users import forget_person


async def about(update: Update, context: Context) -> None:
    """`/about`."""
    await send(update, context, _about(update, context))


async def open_about(update: Update, context: Context) -> None:
    """The same by a button."""
    if update.callback_query:
        await acknowledge(update.callback_query)
        await turn_into(update, context, _about(update, context))


def _about(update: Update, context: Context) -> Reply:
    index = desk_of(context).index
    quality = coverage_summary.measured_quality(settings_of(context).development_questions, index.manifest)
    return about_reply(coverage_summary.coverage_of(index), quality, texts_of(update, context))


async def forget(update: Update, context: Context) -> None:
    """`/forget`: delete what is kept about the person."""
    user = update.effective_user
    if user is None:
        return
    rows = forget_person(database_of(context), user.id)
    await send(update, context, forgotten_reply(rows, texts_of(update, context)))
